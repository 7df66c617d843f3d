using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Fits one element after the other on a design, and holds the last element's results until the next. The workspace of one thread:
/// allocates when it is made and when a kind of result is asked for first, not when it fits. What is not asked for is not computed:
/// p-values, variances and AIC cost the most.
/// </summary>
/// <remarks>
/// An element enters by its projections on <see cref="GamDesign.Projector"/> and what they leave. How a tile is fitted:
/// <code>
/// kernel.Project(tile, design.Projector, design.Dimension, projections);
/// kernel.SumResidualSquares(tile, design.Projector, design.Dimension, projections, residualSquares);
/// for each lane: if (fit.Fit(the lane's projections, residualSquares[lane])) … fit.Coefficients, fit.TermEdf(0), fit.Test(0) …
/// </code>
/// with the tile's values √w (y - offset) on the design's rows. Wood 2017 (2nd ed.), §6.10-6.12.
/// </remarks>
internal sealed class ElementFit
{
    private readonly SmoothnessCriterion? criterion;
    private readonly SmoothnessSearch? search;
    private readonly TermTester?[] tests;
    private readonly bool[] isTested;
    private readonly double[] projections;
    private readonly double[] coordinates;   // u, then γ
    private readonly double[] coefficients;
    private readonly double[] fitted;
    private readonly double[] smoothingParameters;
    private readonly double[] solved;
    private readonly double[] freeVariances;
    private SmoothingUncertainty? uncertainty;
    private double residual;
    private bool isFitted;

    /// <summary>Makes the workspace.</summary>
    /// <param name="design">The design.</param>
    /// <param name="textbook">Fit by the textbook's orthogonal factorisations throughout: the reference of the quicker ways.</param>
    public ElementFit(GamDesign design, bool textbook = false)
    {
        Design = design;
        projections = new double[design.Dimension];
        coordinates = new double[design.Dimension];
        fitted = new double[design.Dimension];
        coefficients = new double[design.CoefficientCount];
        smoothingParameters = new double[design.PenaltyCount];
        solved = new double[design.PenalisedCount];
        tests = new TermTester?[design.Smooths.Count];
        isTested = new bool[design.Smooths.Count];
        freeVariances = [.. Enumerable.Range(0, design.CoefficientCount).Select(i => SquaredLength(design.ToCoefficients.Row(i)[..design.UnpenalisedCount]))];
        if (design.PenaltyCount == 0) return;
        criterion = SmoothnessCriterion.For(design, textbook);
        search = new SmoothnessSearch(design, criterion);
    }

    /// <summary>The design.</summary>
    public GamDesign Design { get; }

    /// <summary>β: parametric columns, then smooths in their places; 0, with variance 0, for a column that was dropped as collinear.</summary>
    public ReadOnlySpan<double> Coefficients => Checked(coefficients);

    /// <summary>λ by penalty.</summary>
    public ReadOnlySpan<double> SmoothingParameters => Checked(smoothingParameters);

    /// <summary>The criterion, as mgcv prints it.</summary>
    public double Criterion { get; private set; }

    /// <summary>σ²: <see cref="Deviance"/> over <see cref="ResidualDegrees"/>; by GCV.Cp, as in mgcv, rows of weight 0 are not among these.</summary>
    public double Scale => Deviance / (Design.Method == SmoothnessMethod.Gcv ? Design.Counted - Degrees : ResidualDegrees);

    /// <summary>Σ w (y - μ)².</summary>
    public double Deviance => isFitted ? criterion?.Deviance ?? residual : throw NothingFitted();

    /// <summary>Σ edf over all coefficients.</summary>
    public double Degrees => isFitted ? criterion?.EffectiveDegrees ?? Design.UnpenalisedCount : throw NothingFitted();

    /// <summary>Rows minus <see cref="Degrees"/>.</summary>
    public double ResidualDegrees => Design.Rows - Degrees;

    /// <summary>The Gaussian log likelihood at the maximum likelihood scale; of a row of weight 0, whose variance is infinite, minus infinity.</summary>
    public double LogLikelihood => Design.Counted < Design.Rows ? double.NegativeInfinity : -Design.Rows / 2.0 * (ReproducibleMath.Log(2 * Math.PI * Deviance / Design.Rows) + 1) + Design.LogWeights / 2;

    /// <summary>The fitted values' coordinates in <see cref="GamDesign.Projector"/>: √w (μ - offset) = Q times these.</summary>
    public ReadOnlySpan<double> Fitted => Checked(fitted);

    /// <summary>Fits an element.</summary>
    /// <param name="projections">Qᵀ √w (y - offset): <see cref="GamDesign.Dimension"/> values, finite.</param>
    /// <param name="residualSquares">The squares left: Σ (√w (y - offset) - Q projections)².</param>
    /// <returns>False where the smoothing parameters did not converge or the criterion is not defined; there are no results then.</returns>
    public bool Fit(ReadOnlySpan<double> projections, double residualSquares)
    {
        projections.CopyTo(this.projections);
        residual = residualSquares;
        Array.Clear(isTested);
        isFitted = search is null || search.Run(this.projections, residualSquares);
        if (!isFitted) return false;
        var free = Design.UnpenalisedCount;
        projections[..free].CopyTo(coordinates);
        projections[..free].CopyTo(fitted);
        if (criterion is not null)
        {
            criterion.Coefficients.CopyTo(coordinates.AsSpan(free));
            criterion.Lambda.CopyTo(smoothingParameters);
            for (var i = 0; i < Design.PenalisedCount; i++) fitted[free + i] = FixedOrder.Dot(Design.Factor.Row(i), criterion.Coefficients);
        }
        for (var i = 0; i < coefficients.Length; i++) coefficients[i] = FixedOrder.Dot(Design.ToCoefficients.Row(i), coordinates);
        Criterion = search is null ? UnpenalisedCriterion() : Design.Method.IsLikelihood() ? search.Value : ReproducibleMath.Exp(search.Value);
        if (Design.Method.IsLikelihood()) Criterion -= Design.LogWeights / (2 * Design.Gamma);
        return true;
    }

    /// <summary>The effective degrees of freedom of a smooth.</summary>
    public double TermEdf(int smooth)
    {
        if (Design.Shared is { } shared) return shared.Edf(smooth, criterion);
        var place = Design.Smooths[smooth];
        double sum = Design.UnpenalisedOf[smooth];
        for (var i = 0; i < place.PenalisedCount; i++) sum += criterion!.Influence(place.FirstPenalised + i);
        return sum;
    }

    /// <summary>The alternative degrees of freedom of a smooth, <c>tr(2F - FF)</c>: mgcv's edf1.</summary>
    public double TermAlternativeEdf(int smooth)
    {
        if (Design.Shared is { } shared) return shared.AlternativeEdf(smooth, criterion);
        var place = Design.Smooths[smooth];
        return Design.UnpenalisedOf[smooth] + AlternativeDegrees(place.FirstPenalised, place.PenalisedCount);
    }

    /// <summary>The Bayesian variance of a coefficient: the square of its standard error.</summary>
    public double Variance(int coefficient) => Scale * (freeVariances[coefficient] + PenalisedForm(coefficient, coefficient));

    /// <summary>Writes the Bayesian covariance <c>(XᵀWX + S)⁻¹ σ²</c> of all coefficients, row-major.</summary>
    public void CopyCovariance(Span<double> covariance)
    {
        int p = Design.CoefficientCount, free = Design.UnpenalisedCount;
        for (var i = 0; i < p; i++)
        {
            var row = Design.ToCoefficients.Row(i);
            criterion?.Solve(row[free..], solved);
            for (var j = 0; j <= i; j++)
            {
                var other = Design.ToCoefficients.Row(j);
                covariance[i * p + j] = covariance[j * p + i] = Scale * (FixedOrder.Dot(row[..free], other[..free]) + FixedOrder.Dot(solved, other[free..]));
            }
        }
    }

    /// <summary>Akaike's criterion; likelihood methods correct the degrees of freedom (Wood, Pya and Säfken 2016).</summary>
    public double Aic() => -2 * LogLikelihood + 2 * LikelihoodDegrees();

    /// <summary>Schwarz's criterion, with the same degrees of freedom.</summary>
    public double Bic() => -2 * LogLikelihood + ReproducibleMath.Log(Design.Rows) * LikelihoodDegrees();

    /// <summary>The test of a smooth without its p-value.</summary>
    public TermTest Test(int smooth)
    {
        var test = Tested(smooth);
        return new TermTest(test.Statistic / test.ReferenceDegrees, test.ReferenceDegrees);
    }

    /// <summary>The p-value of a smooth's test.</summary>
    public double PValue(int smooth, SmoothPValues evaluation = SmoothPValues.Accurate) => Tested(smooth).PValue(ResidualDegrees, evaluation);

    private TermTester Tested(int smooth)
    {
        var test = tests[smooth] ??= new TermTester(Design, criterion, smooth);
        if (!isTested[smooth]) test.Run(coordinates, Scale, TermAlternativeEdf(smooth));
        isTested[smooth] = true;
        return test;
    }

    private double AlternativeDegrees(int first, int count)
    {
        var sum = 0.0;
        for (var i = first; i < first + count; i++) sum += 2 * criterion!.Influence(i) - criterion.InfluenceSquared(i);
        return sum;
    }

    private double PenalisedForm(int i, int j)
    {
        if (criterion is null) return 0;
        criterion.Solve(Design.ToCoefficients.Row(i)[Design.UnpenalisedCount..], solved);
        return FixedOrder.Dot(solved, Design.ToCoefficients.Row(j)[Design.UnpenalisedCount..]);
    }

    private double LikelihoodDegrees()
    {
        if (criterion is null || !Design.Method.IsLikelihood()) return Degrees + 1;
        uncertainty ??= new SmoothingUncertainty(Design, criterion);
        var corrected = Degrees + uncertainty.ExtraDegrees(Scale, search!.Hessian);
        return Math.Min(corrected, Design.UnpenalisedCount + AlternativeDegrees(0, Design.PenalisedCount)) + 1;
    }

    private double UnpenalisedCriterion()
    {
        int n = Design.Method == SmoothnessMethod.Gacv ? Design.Rows : Design.Counted, p = Design.UnpenalisedCount;
        switch (Design.Method)
        {
            case SmoothnessMethod.Gcv:
                var left = n - Design.Gamma * p;
                return n * Deviance / (left * left);
            case SmoothnessMethod.Gacv:
                return Deviance / n * (1 + 2 * Design.Gamma * p / (n - Design.Gamma * p));
            default:
                var integrated = Design.Method is SmoothnessMethod.Reml or SmoothnessMethod.PearsonReml ? Design.IntegratedCount : 0;
                var weight = n / Design.Gamma - integrated;
                var scale = Design.Method is SmoothnessMethod.PearsonReml or SmoothnessMethod.PearsonMl ? Deviance / (n - Design.IntegratedCount) : Deviance / (Design.Gamma * weight);
                return (Deviance / (scale * Design.Gamma) + weight * ReproducibleMath.Log(2 * Math.PI * scale)
                    + integrated * ReproducibleMath.Log(Design.Gamma) + Design.LogDeterminantOfUnpenalised) / 2;
        }
    }

    private ReadOnlySpan<double> Checked(double[] values) => isFitted ? values : throw NothingFitted();

    private static InvalidOperationException NothingFitted() => new("No element is fitted: ask for results after Fit returned true.");

    private static double SquaredLength(ReadOnlySpan<double> values) => FixedOrder.Dot(values, values);
}

/// <summary>The test that a smooth is zero, as mgcv's summary prints it.</summary>
/// <param name="Statistic">F: the Wald statistic over <paramref name="ReferenceDegrees"/>.</param>
/// <param name="ReferenceDegrees">Ref.df.</param>
internal readonly record struct TermTest(double Statistic, double ReferenceDegrees);
