namespace HpcFit.Worker.Linear;

/// <summary>
/// What the fits of a block of elements leave for contrasts and F tests, one value per element; NaN where an element was not fitted or a
/// hypothesis cannot be estimated. A reused workspace of one thread.
/// </summary>
/// <param name="hypotheses">How many.</param>
/// <param name="standardised">How many columns of the model matrix are standardised: all or none.</param>
/// <param name="robust">How many coefficients and hypotheses have robust variances: all or none.</param>
internal sealed class HypothesisFits(int hypotheses, int standardised, int robust)
{
    private readonly BlockValues _scales = new(hypotheses);
    private readonly BlockValues _squares = new(hypotheses);
    private readonly BlockValues _columnSquares = new(standardised);
    private readonly BlockValues _robustVariances = new(robust);
    private readonly BlockValues _robustDegrees = new(robust);

    /// <summary>Unscaled variances of a contrast, or degrees of freedom of a test.</summary>
    public Span<double> Scales(int hypothesis) => _scales[hypothesis];

    /// <summary>Sums of squares of a test.</summary>
    public Span<double> Squares(int hypothesis) => _squares[hypothesis];

    /// <summary>Sums of squares of a column of the model matrix about its mean.</summary>
    public Span<double> ColumnSquares(int column) => _columnSquares[column];

    /// <summary>Whether robust variances are computed.</summary>
    public bool AreRobust => robust > 0;

    /// <summary>
    /// Robust variances: first those of the coefficients, then those of contrasts; of an F test, its statistic times its degrees of
    /// freedom.
    /// </summary>
    public Span<double> RobustVariances(int index) => _robustVariances[index];

    /// <summary>Satterthwaite degrees of freedom of the same, with clusters; otherwise NaN.</summary>
    public Span<double> RobustDegrees(int index) => _robustDegrees[index];

    /// <summary>Begins a block; every value is NaN afterwards.</summary>
    public void Start(int count)
    {
        _scales.Start(count);
        _squares.Start(count);
        _columnSquares.Start(count);
        _robustVariances.Start(count);
        _robustDegrees.Start(count);
    }

    /// <summary>Stores an element's.</summary>
    /// <param name="factors">What the hypotheses need of the element's model matrix.</param>
    /// <param name="projections">Q'y.</param>
    /// <param name="element">The element's place in the block.</param>
    public void Store(HypothesisFactors factors, ReadOnlySpan<double> projections, int element)
    {
        for (var h = 0; h < hypotheses; h++)
        {
            Scales(h)[element] = factors.Scales[h];
            Squares(h)[element] = SumOfSquares(factors.Directions(h), projections);
        }
        for (var column = 0; column < standardised; column++)
            ColumnSquares(column)[element] = factors.ColumnSquares[column];
    }

    private static double SumOfSquares(ReadOnlySpan<double> directions, ReadOnlySpan<double> projections)
    {
        var squares = 0.0;
        for (var start = 0; start < directions.Length; start += projections.Length)
        {
            var product = 0.0;
            for (var k = 0; k < projections.Length; k++)
                product += directions[start + k] * projections[k];
            squares += product * product;
        }
        return squares;
    }
}
