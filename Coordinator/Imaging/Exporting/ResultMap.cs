namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>What a map shows of a column.</summary>
internal enum MapValue
{
    /// <summary>The value.</summary>
    Itself,

    /// <summary>1 - p, which viewers threshold from below, as ModelArrayIO makes it.</summary>
    OneMinus,

    /// <summary>-log10 p, which keeps in float32 what p (0 below 1e-38) and 1 - p (1 below 1e-8) lose.</summary>
    NegativeLog10,
}

/// <summary>A map to be made.</summary>
/// <param name="Column">The result column's number.</param>
/// <param name="Value">What it shows.</param>
/// <param name="Name">The result's name for the file.</param>
internal sealed record ResultMap(int Column, MapValue Value, string Name)
{
    private const string PValue = "p.value";
    private const string OneMinusPValue = "1m.p.value";

    /// <summary>The ending of columns, and of the maps made here, that hold -log10 p.</summary>
    private const string NegativeLog10Ending = ".neglog10";

    /// <summary>The maps of some columns: each column's own, and two more of each p-value.</summary>
    /// <param name="columns">All columns' names.</param>
    /// <param name="wanted">The numbers of those to show.</param>
    public static IReadOnlyList<ResultMap> From(IReadOnlyList<string> columns, IEnumerable<int> wanted)
    {
        var maps = new List<ResultMap>();
        foreach (var column in wanted)
        {
            var name = MapNames.Safe(columns[column]);
            maps.Add(new(column, MapValue.Itself, name));
            if (!name.Contains(PValue, StringComparison.Ordinal) || name.EndsWith(NegativeLog10Ending, StringComparison.Ordinal))
                continue;
            maps.Add(new(column, MapValue.OneMinus, name.Replace(PValue, OneMinusPValue, StringComparison.Ordinal)));
            // A column that the model computed beyond the smallest double is better than what p still holds.
            if (!columns.Contains(columns[column] + NegativeLog10Ending))
                maps.Add(new(column, MapValue.NegativeLog10, name + NegativeLog10Ending));
        }
        return maps;
    }

    /// <summary>Turns a column's values into the map's.</summary>
    public void Apply(Span<double> values)
    {
        if (Value == MapValue.OneMinus)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = 1 - values[i];
        }
        else if (Value == MapValue.NegativeLog10)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = 0 - Math.Log10(values[i]);
        }
    }
}
