using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Coordinator.Tables;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>The quantity that a map shows.</summary>
internal enum MapValue
{
    /// <summary>The value of the column.</summary>
    Itself,

    /// <summary>1 - p, for viewers that display values above a threshold, as in ModelArrayIO.</summary>
    OneMinus,

    /// <summary>-log10 p, because float32 rounds p below 1e-38 to 0 and 1 - p to 1 for p below 1e-8.</summary>
    NegativeLog10,
}

/// <summary>One map of an export.</summary>
/// <param name="Column">The result column's number.</param>
/// <param name="Value">The quantity that it shows.</param>
/// <param name="Name">The result's name for the file.</param>
internal sealed record ResultMap(int Column, MapValue Value, string Name)
{
    private const string PValue = "p.value";
    private const string OneMinusPValue = "1m.p.value";

    /// <summary>The suffix of columns, and of the maps made here, that contain -log10 p.</summary>
    private const string NegativeLog10Ending = ".neglog10";

    /// <summary>The maps of some columns: one of each column, and two more of each p-value.</summary>
    /// <param name="columns">All columns' names.</param>
    /// <param name="wanted">The numbers of the columns to show.</param>
    public static IReadOnlyList<ResultMap> From(IReadOnlyList<string> columns, IEnumerable<int> wanted)
    {
        var maps = new List<ResultMap>();
        foreach (var column in wanted)
        {
            var name = OutputFiles.SafeName(columns[column]);
            maps.Add(new(column, MapValue.Itself, name));
            if (!name.Contains(PValue, StringComparison.Ordinal) || name.EndsWith(NegativeLog10Ending, StringComparison.Ordinal))
                continue;
            maps.Add(new(column, MapValue.OneMinus, name.Replace(PValue, OneMinusPValue, StringComparison.Ordinal)));
            // A column that the model computed is preferred: it is accurate even where p underflows.
            if (!columns.Contains(columns[column] + NegativeLog10Ending))
                maps.Add(new(column, MapValue.NegativeLog10, name + NegativeLog10Ending));
        }
        return maps;
    }

    /// <summary>Whether it shows p-values.</summary>
    private bool IsOfPValues =>
        Value == MapValue.Itself
        && Name.Contains(PValue, StringComparison.Ordinal)
        && !Name.EndsWith(NegativeLog10Ending, StringComparison.Ordinal);

    /// <summary>What it shows of a column, for the map's header.</summary>
    public string Describe(string column) =>
        Value switch
        {
            MapValue.OneMinus => "1 - " + column,
            MapValue.NegativeLog10 => $"-log10({column})",
            _ => column,
        };

    /// <summary>Which values of the map are extrapolated p-values.</summary>
    public string ExtrapolatedValues(ExtrapolatedP p) =>
        Value switch
        {
            MapValue.OneMinus => p.OfOneMinusP,
            MapValue.NegativeLog10 => p.OfLogarithm,
            _ => p.OfColumn,
        };

    /// <summary>The value of cells without a result.</summary>
    public double BackgroundOf(Background requested) =>
        requested switch
        {
            Background.NaN => double.NaN,
            Background.One => 1,
            Background.Auto when IsOfPValues => 1,
            _ => 0,
        };

    /// <summary>Converts a column's values to the map's.</summary>
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
