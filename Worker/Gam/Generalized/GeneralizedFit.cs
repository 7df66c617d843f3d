using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// Fits one element after the other by Laplace approximate REML or ML, and holds the last element's results. A workspace; not thread-safe.
/// </summary>
/// <remarks>
/// Standard errors, degrees of freedom and tests are those of the penalised least squares problem at the optimum with the weights of
/// Fisher's scoring, as mgcv's (<see cref="Working"/>). An estimated scale is that of Fletcher 2012 (Biometrika 99, 230-237).
/// </remarks>
internal sealed class GeneralizedFit
{
    private readonly GeneralizedDesign _design;
    private readonly GamFamily _family;
    private readonly LaplaceSearch _search;
    private readonly IReadOnlyList<Smooth> _smooths;
    private readonly double[] _weights,
        _working,
        _work;

    private double[] _responses = [];

    /// <summary>Creates the workspace.</summary>
    public GeneralizedFit(GeneralizedDesign design, GamFamily family)
    {
        (_design, _family) = (design, family);
        _search = new(design, family);
        _smooths = [.. design.Columns.Smooths.Select(place => place.Smooth)];
        (_weights, _working, _work) = (new double[design.Rows], new double[design.Rows], new double[design.Rows]);
    }

    /// <summary>The penalised least squares problem at the optimum, with the scale of the model.</summary>
    public ElementFit Working { get; private set; } = null!;

    /// <summary>The fitted means, one per row.</summary>
    public ReadOnlySpan<double> Means => _search.Criterion.Fit.Means;

    /// <summary>Whether the last fit failed because unpenalised columns separate the responses.</summary>
    public bool IsSeparated => _search.IsSeparated;

    /// <summary>The deviance.</summary>
    public double Deviance => _search.Criterion.Fit.Deviance;

    /// <summary>The negative logarithm of the marginal likelihood.</summary>
    public double Criterion => _search.Value;

    /// <summary>ϑ; 0 for families without a shape.</summary>
    public double Shape => _search.Criterion.Fit.Shape;

    /// <summary>The number of rows minus the effective degrees of freedom.</summary>
    public double ResidualDegrees => Working.ResidualDegrees;

    /// <summary>The log-likelihood as R's <c>logLik</c>; NaN for quasi families.</summary>
    /// <remarks>An estimated dispersion is that of the criterion, as in mgcv; for a normal distribution that of the deviance.</remarks>
    public double LogLikelihood =>
        _family.LogLikelihood(
            _responses,
            Means,
            _design.Weights,
            _family.HasLikelihoodAtScale ? _search.Criterion.Scale * _design.Weights.Sum() : Deviance,
            Shape
        );

    /// <summary>
    /// The degrees of freedom of the log-likelihood: effective ones with their correction for estimated smoothing parameters, and one for
    /// an estimated scale or shape.
    /// </summary>
    public double LikelihoodDegrees()
    {
        var own = _family.HasShape || (_family.HasScale && _family.HasLikelihood) ? 1 : 0;
        return Working.CorrectedDegrees(ExtraDegrees()) + own;
    }

    /// <summary>Fits an element.</summary>
    /// <param name="responses">One value per row, all accepted by the family; must stay valid until the next element.</param>
    /// <returns>False, without results, if the coefficients or the smoothing parameters did not converge.</returns>
    public bool Fit(double[] responses)
    {
        _responses = responses;
        return _search.Run(responses) && SolveAtOptimum();
    }

    /// <summary>
    /// The fraction of the variance of the weighted response that the model explains, with unbiased estimates of both variances, as
    /// mgcv's summary.
    /// </summary>
    public double AdjustedRSquared()
    {
        var mean = WeightedMean.Compute(_responses, _design.Weights);
        for (var i = 0; i < _work.Length; i++)
        {
            var root = Math.Sqrt(_design.Weights[i]);
            _working[i] = root * (_responses[i] - Means[i]);
            _work[i] = root * (_responses[i] - mean);
        }
        return 1 - (SquaresAboutMean(_working) * (_design.Rows - 1) / (SquaresAboutMean(_work) * ResidualDegrees));
    }

    private static double SquaresAboutMean(double[] values)
    {
        double sum = 0,
            squares = 0;
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        return squares;
    }

    /// <summary>Solves the working problem: z = η − offset + (y − μ) g'(μ) with the weights of Fisher's scoring.</summary>
    private bool SolveAtOptimum()
    {
        var fit = _search.Criterion.Fit;
        fit.WriteExpectedWeights(_weights);
        for (var i = 0; i < _weights.Length; i++)
        {
            var slope = _family.Link.Derivatives(fit.Means[i], fit.Predictors[i]).First;
            var response = fit.Predictors[i] - _design.Offset[i] + ((_responses[i] - fit.Means[i]) * slope);
            _working[i] = Math.Sqrt(_weights[i]) * response;
            if (!double.IsFinite(_working[i]))
                return false;
        }
        var columns = _design.Columns;
        var design = new GamDesign(_design.Parametric, _smooths, [.. _weights], columns.Method, columns.Gamma);
        Working = new(design);
        var projections = new double[design.Dimension];
        for (var i = 0; i < _working.Length; i++)
            FixedOrder.Add(_working[i], design.Projector.Slice(i * projections.Length, projections.Length), projections);
        var residual = 0.0;
        for (var i = 0; i < _working.Length; i++)
        {
            var rest = _working[i] - FixedOrder.Dot(design.Projector.Slice(i * projections.Length, projections.Length), projections);
            residual += rest * rest;
        }
        if (!Working.FitAt(projections, residual, _search.Parameters.AsSpan(0, design.PenaltyCount)))
            return false;
        Working.SetScale(_family.HasScale ? FletcherScale() : 1, _family.HasScale ? Working.ResidualDegrees : double.PositiveInfinity);
        return true;
    }

    private double FletcherScale()
    {
        double pearson = 0,
            bias = 0;
        for (var i = 0; i < _responses.Length; i++)
        {
            var rest = _responses[i] - Means[i];
            pearson += _design.Weights[i] * rest * rest / _family.Variance(Means[i], Shape);
            bias += _family.RelativeSlopeOfVariance(Means[i], Shape) * rest;
        }
        return pearson / Working.ResidualDegrees / (1 + (bias / _responses.Length));
    }

    /// <summary>
    /// The correction of the effective degrees of freedom for the uncertainty of the smoothing parameters (Wood, Pya and Säfken 2016, §4),
    /// from ∂θ/∂ψ of the observed likelihood.
    /// </summary>
    private double ExtraDegrees()
    {
        if (Working.FixedCriterion is not { } working)
            return 0;
        var criterion = _search.Criterion;
        int[] free =
        [
            .. Enumerable.Range(0, criterion.Count).Where(k => k >= _design.Penalties.Count || _design.Columns.FixedParameters[k] < 0),
        ];
        if (free.Length == 0)
            return 0;
        var size = criterion.Count + (_family.HasScale ? 1 : 0);
        var all = new double[size * size];
        criterion.CopyInformation(all);
        int[] kept = _family.HasScale ? [.. free, size - 1] : free;
        var information = new DenseMatrix(kept.Length, kept.Length);
        for (var a = 0; a < kept.Length; a++)
        for (var b = 0; b < kept.Length; b++)
            information[a, b] = all[(kept[a] * size) + kept[b]];
        var estimated = free.Count(k => k < _design.Penalties.Count);
        return new SmoothingUncertainty(Working.Design, working, kept.Length - estimated).ExtraDegrees(
            information,
            Slopes(free),
            Working.Scale
        );
    }

    /// <summary>√W ∂η/∂ψ of the free parameters, one per row of the result.</summary>
    private DenseMatrix Slopes(int[] free)
    {
        var slopes = new DenseMatrix(free.Length, _design.Rows);
        for (var a = 0; a < free.Length; a++)
        {
            var row = slopes.Row(a);
            _search.Criterion.Fit.Predict(_search.Criterion.Slope(free[a]), row);
            for (var i = 0; i < row.Length; i++)
                row[i] *= Math.Sqrt(_weights[i]);
        }
        return slopes;
    }
}
