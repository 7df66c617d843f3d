using System.Text.Json.Serialization;

namespace HpcFit.Shared.Specs.Variables;

/// <summary>How a model understands a variable.</summary>
public enum VariableType
{
    /// <summary>Numbers.</summary>
    [JsonStringEnumMemberName("numeric")]
    Numeric,

    /// <summary>TRUE and FALSE.</summary>
    [JsonStringEnumMemberName("logical")]
    Logical,

    /// <summary>A factor; text columns are factors in formulas.</summary>
    [JsonStringEnumMemberName("factor")]
    Factor,

    /// <summary>An ordered factor.</summary>
    [JsonStringEnumMemberName("ordered")]
    Ordered,

    /// <summary>Text that is not converted to a factor.</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>A scalar of the file: one value per subject and element.</summary>
    [JsonStringEnumMemberName("scalar")]
    Scalar,
}

/// <summary>A level of a factor and the number of subjects that have it.</summary>
/// <param name="Level">The level.</param>
/// <param name="Subjects">The number of subjects used that have it.</param>
public sealed record LevelCount(string Level, int Subjects);

/// <summary>
/// One variable of a model: a factor as the formula defines it (<c>factor(site)</c>), otherwise a column of the cohort, or a scalar. Ranges
/// and levels are those of the subjects used.
/// </summary>
public sealed record VariableSummary
{
    /// <summary>More levels than this, such as a column of identifiers, are counted but not listed.</summary>
    public const int MaxLevels = 100;

    /// <summary>The column, the scalar, or the formula's expression for a factor.</summary>
    public required string Name { get; init; }

    /// <summary>Its type.</summary>
    public required VariableType Type { get; init; }

    /// <summary><c>weights</c> or <c>offset</c>; null: a predictor, or data of a function.</summary>
    public string? Role { get; init; }

    /// <summary>The smallest number; null: not numeric, or no subject has a value.</summary>
    public double? Minimum { get; init; }

    /// <summary>The largest number.</summary>
    public double? Maximum { get; init; }

    /// <summary>The number of different levels or texts; null: numeric or a scalar.</summary>
    public int? LevelCount { get; init; }

    /// <summary>The levels in their order; null: not a factor, or more than <see cref="MaxLevels"/>.</summary>
    public IReadOnlyList<LevelCount>? Levels { get; init; }

    /// <summary>The level with which treatment contrasts compare the others; null: none.</summary>
    public string? Reference { get; init; }

    /// <summary>R's name of the contrasts by which a factor is coded; null: not a factor, or every level has a column.</summary>
    public string? Contrasts { get; init; }

    /// <summary>The number of selected subjects whose value is missing.</summary>
    public int Missing { get; init; }

    /// <summary>A numeric variable.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Its values by row, NaN missing.</param>
    /// <param name="used">The rows of the subjects used.</param>
    /// <param name="missing">The number of selected subjects whose value is missing.</param>
    public static VariableSummary OfNumbers(string name, ReadOnlySpan<double> values, IReadOnlyList<int> used, int missing)
    {
        ArgumentNullException.ThrowIfNull(used);
        var (minimum, maximum) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var row in used)
            if (!double.IsNaN(values[row]))
                (minimum, maximum) = (Math.Min(minimum, values[row]), Math.Max(maximum, values[row]));
        var hasAny = minimum <= maximum;
        return new()
        {
            Name = name,
            Type = VariableType.Numeric,
            Minimum = hasAny ? minimum : null,
            Maximum = hasAny ? maximum : null,
            Missing = missing,
        };
    }

    /// <summary>A variable with levels.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="codes">The level of each row; negative: missing.</param>
    /// <param name="levels">The levels.</param>
    /// <param name="used">The rows of the subjects used.</param>
    /// <param name="missing">The number of selected subjects whose value is missing.</param>
    public static VariableSummary OfLevels(
        string name,
        VariableType type,
        IReadOnlyList<int> codes,
        IReadOnlyList<string> levels,
        IReadOnlyList<int> used,
        int missing
    )
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(used);
        var counts = new int[levels.Count];
        foreach (var row in used)
            if (codes[row] >= 0)
                counts[codes[row]]++;
        return new()
        {
            Name = name,
            Type = type,
            LevelCount = levels.Count,
            Levels = levels.Count <= MaxLevels ? [.. levels.Select((level, code) => new LevelCount(level, counts[code]))] : null,
            Missing = missing,
        };
    }
}
