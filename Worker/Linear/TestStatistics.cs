namespace HpcFit.Worker.Linear;

/// <summary>The statistics of F tests, one value per element.</summary>
/// <param name="pValues">The tails.</param>
internal sealed class TestStatistics(PValues pValues)
{
    /// <summary>Writes a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="values">The test.</param>
    /// <param name="target">Receives the column.</param>
    public void Write(LinearColumn column, in Test values, Span<double> target)
    {
        switch (column.Statistic)
        {
            case "F.df1":
                values.Degrees.CopyTo(target);
                break;
            case "F.df2":
                values.DenominatorDegrees.CopyTo(target);
                break;
            case "F.statistic":
                values.F.CopyTo(target);
                break;
            case "F.p.value":
                PValue(values, column.NegativeLog10, target);
                break;
            default:
                Share(column.Statistic, values, target);
                break;
        }
    }

    private void PValue(in Test values, bool negativeLog10, Span<double> target)
    {
        values.F.CopyTo(target);
        for (int from = 0, to; from < target.Length; from = to)
        {
            to = Math.Min(Runs.End(values.Degrees, from), Runs.End(values.DenominatorDegrees, from));
            pValues.OfF(target[from..to], values.Degrees[from], values.DenominatorDegrees[from], negativeLog10);
        }
    }

    private static void Share(string statistic, in Test values, Span<double> target)
    {
        for (var e = 0; e < target.Length; e++)
        {
            var (square, residual) = (values.Squares[e], values.ResidualSquares[e]);
            // Where the data leave nothing to test, the sum of squares is 0 and says nothing.
            target[e] = double.IsNaN(values.Degrees[e])
                ? double.NaN
                : statistic switch
                {
                    "F.partial.rsq" => square / (square + residual),
                    "F.cohens.f2" => square / residual,
                    _ => throw new ArgumentException($"lm has no statistic '{statistic}' of tests.", nameof(statistic)),
                };
        }
    }
}

/// <summary>An F test of a block of elements, one value per element.</summary>
internal readonly ref struct Test
{
    /// <summary>F.</summary>
    public required ReadOnlySpan<double> F { get; init; }

    /// <summary>Degrees of freedom of the numerator.</summary>
    public required ReadOnlySpan<double> Degrees { get; init; }

    /// <summary>Degrees of freedom of the denominator.</summary>
    public required ReadOnlySpan<double> DenominatorDegrees { get; init; }

    /// <summary>The test's sum of squares by least squares.</summary>
    public required ReadOnlySpan<double> Squares { get; init; }

    /// <summary>The residual sum of squares.</summary>
    public required ReadOnlySpan<double> ResidualSquares { get; init; }
}
