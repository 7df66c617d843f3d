using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Testing;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Fits one element after the other with a design, and holds the last element's results. A workspace, not thread-safe: it allocates when it
/// is created and when a kind of result is first requested, not when it fits. Results are computed on request: p-values, variances and AIC
/// cost the most.
/// </summary>
/// <remarks>
/// The input is an element's projections on <see cref="GamDesign.Projector"/> and its residual sum of squares. How a tile is fitted:
/// <code>
/// kernel.Project(tile, design.Projector, design.Dimension, projections);
/// kernel.SumResidualSquares(tile, design.Projector, design.Dimension, projections, residualSquares);
/// for each lane: if (fit.Fit(the lane's projections, residualSquares[lane])) … fit.Coefficients, fit.TermEdf(0), fit.Test(0) …
/// </code>
/// with the tile's values √w (y - offset) on the design's rows. Wood 2017 (2nd ed.), §6.10-6.12.
/// </remarks>
internal sealed class ElementFit
{
    private readonly SmoothnessCriterion? _criterion;
    private readonly AbsorbedCriterion? _absorbed; // the same, if an effect is absorbed
    private readonly IEliminatedEffects? _eliminated; // the same, if effects are eliminated group by group
    private readonly CovarianceFactor[] _factors; // of a model with correlated random effects
    private readonly SmoothnessSearch? _search;
    private readonly TermTester?[] _tests;
    private readonly bool[] _isTested;
    private readonly double[] _projections;
    private readonly double[] _coordinates; // u, then γ
    private readonly double[] _coefficients;
    private readonly double[] _fitted;
    private readonly double[] _smoothingParameters;
    private readonly CoefficientCovariance _covariance;
    private SmoothingUncertainty? _uncertainty;
    private double _residual;
    private double? _scale;
    private double _scaleDegrees;
    private bool _isFitted;

    /// <summary>Creates the workspace.</summary>
    /// <param name="design">The design.</param>
    /// <param name="textbook">Whether to fit always by orthogonal factorisations, as the reference of the faster methods.</param>
    public ElementFit(GamDesign design, bool textbook = false)
    {
        Design = design;
        _projections = new double[design.InputLength];
        _coordinates = new double[design.Dimension];
        _fitted = new double[design.Dimension];
        _coefficients = new double[design.CoefficientCount];
        _smoothingParameters = new double[design.PenaltyCount];
        _tests = new TermTester?[design.Smooths.Count];
        _isTested = new bool[design.Smooths.Count];
        _factors = [.. design.Random.Select(term => new CovarianceFactor(term.Effects, term.Entries))];
        if (design.PenaltyCount > 0)
        {
            _criterion = SmoothnessCriterion.For(design, textbook);
            (_absorbed, _eliminated) = (_criterion as AbsorbedCriterion, _criterion as IEliminatedEffects);
            _search = new SmoothnessSearch(design, _criterion);
        }
        _covariance = new(design, _criterion);
    }

    /// <summary>The design.</summary>
    public GamDesign Design { get; }

    /// <summary>
    /// β: parametric columns, then the smooths in order, without an absorbed one; 0, with variance 0, for a column dropped as collinear.
    /// </summary>
    public ReadOnlySpan<double> Coefficients => Checked(_coefficients);

    /// <summary>λ per penalty.</summary>
    public ReadOnlySpan<double> SmoothingParameters => Checked(_smoothingParameters);

    /// <summary>The criterion, as mgcv prints it.</summary>
    public double Criterion { get; private set; }

    /// <summary>
    /// σ²: <see cref="Deviance"/> over <see cref="ResidualDegrees"/>; for GCV.Cp, as in mgcv, rows of weight 0 are not counted. A working
    /// problem has the scale of its model (<see cref="SetScale"/>).
    /// </summary>
    public double Scale => _scale ?? Deviance / (Design.Method == SmoothnessMethod.Gcv ? Design.Counted - Degrees : ResidualDegrees);

    /// <summary>Σ w (y - μ)².</summary>
    public double Deviance => _isFitted ? _criterion?.Deviance ?? _residual : throw NothingFitted();

    /// <summary>Σ edf over all coefficients.</summary>
    public double Degrees => _isFitted ? _criterion?.EffectiveDegrees ?? Design.UnpenalisedCount : throw NothingFitted();

    /// <summary>Rows minus <see cref="Degrees"/>.</summary>
    public double ResidualDegrees => Design.Rows - Degrees;

    /// <summary>The degrees of freedom of the scale's estimate: <see cref="ResidualDegrees"/>, or infinite if the scale is known.</summary>
    public double ScaleDegrees => _scale is null ? ResidualDegrees : _scaleDegrees;

    /// <summary>
    /// The Gaussian log likelihood at the maximum likelihood scale; minus infinity if a row has weight 0, and so an infinite variance.
    /// </summary>
    public double LogLikelihood =>
        Design.Counted < Design.Rows
            ? double.NegativeInfinity
            : -Design.Rows / 2.0 * (ReproducibleMath.Log(2 * Math.PI * Deviance / Design.Rows) + 1) + Design.LogWeights / 2;

    /// <summary>
    /// The fitted values' coordinates in <see cref="GamDesign.Projector"/>: √w (μ - offset) = Q times these, plus an absorbed effect.
    /// </summary>
    public ReadOnlySpan<double> Fitted => Checked(_fitted);

    /// <summary>Fits an element.</summary>
    /// <param name="projections">
    /// Qᵀ √w (y - offset), finite, then what <see cref="AbsorbedSums"/> appends: <see cref="GamDesign.InputLength"/> values.
    /// </param>
    /// <param name="residualSquares">The residual sum of squares: Σ (√w (y - offset) - Q projections)².</param>
    /// <returns>False, without results, if the smoothing parameters did not converge or the criterion is not defined.</returns>
    public bool Fit(ReadOnlySpan<double> projections, double residualSquares)
    {
        projections.CopyTo(_projections);
        _residual = residualSquares;
        Array.Clear(_isTested);
        _isFitted = _search is null || _search.Run(_projections, residualSquares);
        if (!_isFitted)
            return false;
        TakeCoefficients();
        Criterion =
            _search is null ? UnpenalisedCriterion.Compute(Design, Deviance)
            : Design.Method.IsLikelihood() ? _search.Value
            : ReproducibleMath.Exp(_search.Value);
        if (Design.Method.IsLikelihood())
            Criterion -= Design.LogWeights / (2 * Design.Gamma);
        return true;
    }

    /// <summary>Fits at given smoothing parameters, for another criterion; <see cref="Criterion"/> is not set.</summary>
    /// <param name="projections">As for <see cref="Fit"/>.</param>
    /// <param name="residualSquares">As for <see cref="Fit"/>.</param>
    /// <param name="logs">log λ per penalty.</param>
    /// <returns>False, without results, if the equations are singular.</returns>
    public bool FitAt(ReadOnlySpan<double> projections, double residualSquares, ReadOnlySpan<double> logs)
    {
        projections.CopyTo(_projections);
        _residual = residualSquares;
        Array.Clear(_isTested);
        var count = Design.PenaltyCount;
        _criterion?.Start(_projections);
        _isFitted =
            _criterion is null
            || !double.IsNaN(_criterion.Evaluate(_projections, residualSquares, logs, new double[count], new double[count * count]));
        if (_isFitted)
            TakeCoefficients();
        return _isFitted;
    }

    /// <summary>Sets the scale of a working problem, with the degrees of freedom of its estimate; infinite if it is known.</summary>
    public void SetScale(double scale, double degrees) => (_scale, _scaleDegrees) = (scale, degrees);

    /// <summary>The criterion of the last fit, with its λ.</summary>
    public SmoothnessCriterion? FixedCriterion => _criterion;

    /// <summary>
    /// The effective degrees of freedom with a correction, at most the alternative ones.
    /// </summary>
    public double CorrectedDegrees(double extra) =>
        _criterion is null
            ? Degrees
            : Math.Min(
                Degrees + extra,
                Design.UnpenalisedCount + AlternativeDegrees(0, Design.PenalisedCount) + (_eliminated?.OwnAlternativeDegrees ?? 0)
            );

    private void TakeCoefficients()
    {
        var free = Design.UnpenalisedCount;
        _projections.AsSpan(0, free).CopyTo(_coordinates);
        _projections.AsSpan(0, free).CopyTo(_fitted);
        if (_criterion is not null)
        {
            _criterion.Coefficients.CopyTo(_coordinates.AsSpan(free));
            _criterion.Lambda.CopyTo(_smoothingParameters);
            _eliminated?.Finish(_coordinates);
            _coordinates.AsSpan(0, free).CopyTo(_fitted);
            for (var i = 0; i < Design.PenalisedCount; i++)
                _fitted[free + i] = FixedOrder.Dot(Design.Factor.Row(i), _criterion.Coefficients);
        }
        for (var i = 0; i < _coefficients.Length; i++)
            _coefficients[i] = FixedOrder.Dot(Design.ToCoefficients.Row(i), _coordinates);
    }

    /// <summary>The effective degrees of freedom of a smooth.</summary>
    public double TermEdf(int smooth)
    {
        if (Design.Shared is { } shared)
            return shared.Edf(smooth, _criterion);
        var place = Design.Smooths[smooth];
        if (place.IsAbsorbed)
            return _eliminated!.OwnDegrees;
        double sum = Design.UnpenalisedOf[smooth];
        for (var i = 0; i < place.PenalisedCount; i++)
            sum += _criterion!.Influence(place.FirstPenalised + i);
        return sum;
    }

    /// <summary>The alternative degrees of freedom of a smooth, <c>tr(2F - FF)</c>: mgcv's edf1.</summary>
    public double TermAlternativeEdf(int smooth)
    {
        if (Design.Shared is { } shared)
            return shared.AlternativeEdf(smooth, _criterion);
        var place = Design.Smooths[smooth];
        if (place.IsAbsorbed)
            return _eliminated!.OwnAlternativeDegrees;
        return Design.UnpenalisedOf[smooth] + AlternativeDegrees(place.FirstPenalised, place.PenalisedCount);
    }

    /// <summary>The Bayesian variance of a coefficient: the square of its standard error.</summary>
    public double Variance(int coefficient) => Scale * _covariance.Variance(coefficient);

    /// <summary>The variance of the coefficients of a random effect: σ² over its penalty.</summary>
    public double RandomVariance(int smooth) =>
        Scale / (SmoothingParameters[Design.Smooths[smooth].FirstPenalty] * Design.Smooths[smooth].Smooth.Penalties[0][0, 0]);

    /// <summary>
    /// Writes the factor of the covariance of a term's effects, relative to σ², of a model with correlated random effects.
    /// </summary>
    /// <param name="term">The term's index in <see cref="GamDesign.Random"/>.</param>
    /// <param name="least">Diagonal entries of the factor below this count as 0.</param>
    /// <param name="standardised">Receives that of the standardised effects, row-major.</param>
    /// <param name="typed">Receives that of the effects as typed.</param>
    /// <returns>Whether an entry is below.</returns>
    public bool CopyRandomFactor(int term, double least, Span<double> standardised, Span<double> typed)
    {
        var (factor, map) = (_factors[term], Design.Random[term].Map);
        factor.Set(SmoothingParameters);
        var isSingular = factor.CopyTo(least, standardised);
        for (var i = 0; i < factor.Effects; i++)
        for (var j = 0; j < factor.Effects; j++)
        {
            typed[(i * factor.Effects) + j] = 0;
            for (var l = 0; l < factor.Effects; l++)
                typed[(i * factor.Effects) + j] += map[i, l] * standardised[(l * factor.Effects) + j];
        }
        return isSingular;
    }

    /// <summary>The sum over the rows of absorbed effects' part of √w (μ - offset).</summary>
    public double SumOfAbsorbed => _eliminated?.SumOfEffects(_projections) ?? 0;

    /// <summary>Writes the coefficients of the absorbed effect, if there is one, by group; their number is its groups'.</summary>
    /// <param name="values">√w (y - offset), one per row.</param>
    /// <param name="effects">Receives them.</param>
    public void CopyAbsorbed(ReadOnlySpan<double> values, Span<double> effects)
    {
        if (Design.Absorbed is not { } effect)
            return;
        effects.Clear();
        for (var i = 0; i < values.Length; i++)
            if (effect.GroupOf(i) is >= 0 and var group)
                effects[group] += effect.Value(i) * (values[i] - FixedOrder.Dot(effect.Basis.Row(i), _fitted));
        for (var group = 0; group < effect.Groups; group++)
            effects[group] /= effect.GroupMass[group] + _absorbed!.Penalty;
    }

    /// <summary>Writes the Bayesian covariance of the first coefficients, those of the parametric part, row-major.</summary>
    public void CopyCovariance(Span<double> covariance, int coefficients) => _covariance.CopyTo(Scale, covariance, coefficients);

    /// <summary>Writes the Bayesian covariance <c>(XᵀWX + S)⁻¹ σ²</c> of all coefficients but absorbed ones, row-major.</summary>
    public void CopyCovariance(Span<double> covariance) => _covariance.CopyTo(Scale, covariance);

    /// <summary>Akaike's criterion; likelihood methods correct the degrees of freedom (Wood, Pya and Säfken 2016).</summary>
    public double Aic() => -2 * LogLikelihood + 2 * LikelihoodDegrees();

    /// <summary>Schwarz's criterion, with the same degrees of freedom.</summary>
    public double Bic() => -2 * LogLikelihood + ReproducibleMath.Log(Design.Rows) * LikelihoodDegrees();

    /// <summary>The test of a smooth, without its p-value.</summary>
    public TermTest Test(int smooth)
    {
        var test = Tested(smooth);
        var divisor = double.IsInfinity(ScaleDegrees) ? 1 : test.ReferenceDegrees;
        return new TermTest(test.Statistic / divisor, test.ReferenceDegrees);
    }

    /// <summary>The p-value of a smooth's test.</summary>
    public double PValue(int smooth, SmoothPValues evaluation = SmoothPValues.Accurate) => Tested(smooth).PValue(ScaleDegrees, evaluation);

    private TermTester Tested(int smooth)
    {
        var test = _tests[smooth] ??= new TermTester(Design, _criterion, smooth);
        if (!_isTested[smooth])
            test.Run(_coordinates, _projections, Scale, TermAlternativeEdf(smooth));
        _isTested[smooth] = true;
        return test;
    }

    private double AlternativeDegrees(int first, int count)
    {
        var sum = 0.0;
        for (var i = first; i < first + count; i++)
            sum += 2 * _criterion!.Influence(i) - _criterion.InfluenceSquared(i);
        return sum;
    }

    private double LikelihoodDegrees()
    {
        if (_criterion is null || !Design.Method.IsLikelihood())
            return Degrees + 1;
        _uncertainty ??= new SmoothingUncertainty(Design, _criterion);
        return CorrectedDegrees(_uncertainty.ExtraDegrees(Scale, _search!.Hessian)) + 1;
    }

    private ReadOnlySpan<double> Checked(double[] values) => _isFitted ? values : throw NothingFitted();

    private static InvalidOperationException NothingFitted() =>
        new("No element is fitted: results exist only after Fit has returned true.");
}
