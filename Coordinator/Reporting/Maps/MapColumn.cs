namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>A column of an analysis that is drawn as a map.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Title">The name for readers, shown above the map.</param>
/// <param name="Values">One value per row of the analysis; NaN: none.</param>
/// <param name="IsSigned">
/// Whether the sign matters: colours are then centred on zero and the threshold applies to the absolute value.
/// </param>
internal sealed record MapColumn(string Name, string Title, double[] Values, bool IsSigned)
{
    /// <summary>The threshold at first: values below it (absolute values, if signed) are hidden. NaN: everything is shown.</summary>
    public double Threshold { get; init; } = double.NaN;

    /// <summary>Whether values above the threshold are hidden at first, instead of those below; only of maps that are not signed.</summary>
    public bool HidesAbove { get; init; }

    /// <summary>Words for values that are codes, such as statuses; empty: values are numbers.</summary>
    public IReadOnlyDictionary<int, string> Words { get; init; } = new Dictionary<int, string>();

    /// <summary>Whether a value is shown at first.</summary>
    public bool Shows(double value) =>
        !double.IsNaN(value)
        && (double.IsNaN(Threshold) || (HidesAbove ? value <= Threshold : (IsSigned ? Math.Abs(value) : value) >= Threshold));
}
