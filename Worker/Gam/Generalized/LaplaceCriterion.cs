using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// The Laplace approximate (restricted) marginal likelihood of one element, with exact first and second derivatives in its parameters: log
/// λ of every penalty, then the family's shape ϑ. A scale φ is profiled out. A workspace; not thread-safe.
/// </summary>
/// <remarks>
/// Wood 2011, J. R. Statist. Soc. B 73, 3-36, §2 and appendices C-D; with a shape, Wood, Pya and Säfken 2016, §3. With Dₚ the penalised
/// deviance, <c>V = (Dₚ/(2φ) − lₛ)/γ + (log|H| − log|S|₊)/2 − M/2 log(2πφ/γ)</c>. The coefficients move with the parameters:
/// <c>∂θ/∂ψₖ = −H⁻¹gₖ</c>, gₖ the derivative of the score (λₖSₖγ, or Zᵀ∂²D/∂η∂ϑ / 2), and H with them through its weights.
/// </remarks>
internal sealed class LaplaceCriterion : IDescended
{
    private const double LogTwoPi = 1.8378770664093454836;
    private const int MaxScaleIterations = 100;

    private readonly GeneralizedDesign _design;
    private readonly GamFamily _family;
    private readonly int _m; // penalties
    private readonly int _count; // penalties, and the shape
    private readonly double[] _lambda;
    private readonly CoefficientSlopes _slopes;
    private readonly DeterminantDerivatives _determinant;
    private readonly double[] _devianceGradient, // of the penalised deviance
        _devianceHessian;

    private double _logScale;

    /// <summary>Creates the workspace.</summary>
    public LaplaceCriterion(GeneralizedDesign design, GamFamily family)
    {
        (_design, _family) = (design, family);
        Fit = new(design, family);
        _m = design.Penalties.Count;
        _count = _m + (family.HasShape ? 1 : 0);
        _lambda = new double[_m];
        _slopes = new(design, Fit, _lambda, _count);
        _determinant = new(design, Fit, _slopes, _lambda, _count);
        (_devianceGradient, _devianceHessian) = (new double[_count], new double[_count * _count]);
    }

    /// <summary>The number of parameters: penalties, and the shape.</summary>
    public int Count => _count;

    /// <summary>The coefficients at the last evaluation.</summary>
    public PenalisedLikelihood Fit { get; }

    /// <summary>φ in the likelihood at the last evaluation; 1 if known.</summary>
    public double Scale => _family.HasScale ? ReproducibleMath.Exp(_logScale) : 1;

    /// <summary>∂θ/∂ψₖ at the last evaluation.</summary>
    public ReadOnlySpan<double> Slope(int parameter) => _slopes.OfCoefficients(parameter);

    /// <inheritdoc/>
    public ReadOnlySpan<double> RemainingDegrees => _determinant.RemainingDegrees;

    /// <summary>Sets the response; false if no coefficients are valid.</summary>
    public bool Start(double[] responses, double shape)
    {
        Fit.Shape = shape;
        _logScale = double.NaN;
        Array.Clear(Fit.Penalty.Values);
        for (var j = 0; j < _m; j++)
            FixedOrder.Add(ReproducibleMath.Exp(_design.StartLogs[j]), _design.Penalties[j].Values, Fit.Penalty.Values);
        return Fit.Start(responses);
    }

    /// <summary>Evaluates the criterion with its derivatives; NaN if it is not defined, or its coefficients have no minimum.</summary>
    /// <param name="parameters">log λ of the penalties, then ϑ.</param>
    /// <param name="gradient">As many values.</param>
    /// <param name="hessian">Their square.</param>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        Array.Clear(Fit.Penalty.Values);
        for (var j = 0; j < _m; j++)
        {
            _lambda[j] = ReproducibleMath.Exp(parameters[j]);
            FixedOrder.Add(_lambda[j], _design.Penalties[j].Values, Fit.Penalty.Values);
        }
        if (_family.HasShape)
            Fit.Shape = parameters[_m];
        if (!Fit.Solve())
            return double.NaN;
        _family.DifferentiateFully(Fit.Rows, Fit.Shape, Fit.Derivatives);
        _slopes.Compute();
        Deviances();
        var determinant = _determinant.Measure();
        return double.IsNaN(determinant) ? double.NaN : Combine(determinant, gradient, hessian);
    }

    /// <summary>
    /// Writes the criterion's Hessian at the last evaluation in log λ, ϑ and, if it is estimated, log φ, without profiling.
    /// </summary>
    /// <param name="hessian">(parameters + 1)² values if the scale is estimated, otherwise parameters².</param>
    public void CopyInformation(Span<double> hessian)
    {
        var (size, share) = (_count + (_family.HasScale ? 1 : 0), 1 / (2 * Scale * Gamma));
        var saturated = Saturated();
        for (var k = 0; k < _count; k++)
        {
            for (var l = 0; l < _count; l++)
                hessian[(k * size) + l] = (_devianceHessian[(k * _count) + l] * share) + _determinant.Hessian[(k * _count) + l];
            if (_family.HasScale)
                hessian[(k * size) + _count] = hessian[(_count * size) + k] = -_devianceGradient[k] * share;
        }
        if (_family.HasScale)
            hessian[(_count * size) + _count] = (Fit.PenalisedDeviance * share) - (saturated.Second / Gamma);
        if (_family.HasShape)
            hessian[(_m * size) + _m] -= saturated.Second / Gamma;
    }

    private double Gamma => _design.Columns.Gamma;

    private void Deviances()
    {
        for (var k = 0; k < _count; k++)
        {
            _devianceGradient[k] = k < _m ? FixedOrder.Dot(_slopes.Score(k), Fit.Coefficients) : Sum(Fit.Derivatives.Shape);
            for (var l = 0; l <= k; l++)
                Set(_devianceHessian, k, l, 2 * FixedOrder.Dot(_slopes.Score(k), _slopes.OfCoefficients(l)));
            _devianceHessian[(k * _count) + k] += k < _m ? _devianceGradient[k] : Sum(Fit.Derivatives.ShapeTwice);
        }
    }

    private double Combine(double determinant, Span<double> gradient, Span<double> hessian)
    {
        var saturated = ProfileScale();
        if (!double.IsFinite(_logScale))
            return double.NaN;
        var share = 1 / (2 * Scale * Gamma);
        var misfit = Fit.PenalisedDeviance * share;
        var bend = misfit - (saturated.Second / Gamma);
        for (var k = 0; k < _count; k++)
        {
            gradient[k] = (_devianceGradient[k] * share) + _determinant.Gradient[k];
            for (var l = 0; l < _count; l++)
            {
                var at = (k * _count) + l;
                hessian[at] = (_devianceHessian[at] * share) + _determinant.Hessian[at];
                if (_family.HasScale)
                    hessian[at] -= _devianceGradient[k] * share * _devianceGradient[l] * share / bend;
            }
        }
        if (_family.HasShape)
        {
            gradient[_m] -= saturated.First / Gamma;
            hessian[(_m * _count) + _m] -= saturated.Second / Gamma;
        }
        return misfit
            - (saturated.Value / Gamma)
            + determinant
            - (_design.IntegratedCount / 2.0 * (LogTwoPi + _logScale - ReproducibleMath.Log(Gamma)));
    }

    private (double Value, double First, double Second) Saturated() =>
        _family.Saturated(Fit.Rows.Responses, _design.Weights, _family.HasShape ? Fit.Shape : _logScale);

    /// <summary>Sets φ to the minimum of the criterion, by Newton's steps in log φ; returns the saturated likelihood there.</summary>
    private (double Value, double First, double Second) ProfileScale()
    {
        if (!_family.HasScale)
        {
            _logScale = 0;
            return Saturated();
        }
        if (double.IsNaN(_logScale))
            _logScale = ReproducibleMath.Log(Fit.PenalisedDeviance / _design.Counted);
        for (var iteration = 0; iteration < MaxScaleIterations; iteration++)
        {
            var saturated = Saturated();
            var misfit = Fit.PenalisedDeviance / (2 * ReproducibleMath.Exp(_logScale));
            var slope = ((-misfit - saturated.First) / Gamma) - (_design.IntegratedCount / 2.0);
            var step = Math.Clamp(-slope / Math.Max((misfit - saturated.Second) / Gamma, 1e-300), -2, 2);
            _logScale += step;
            if (!(Math.Abs(step) > 1e-14 * (1 + Math.Abs(_logScale))))
                break;
        }
        return Saturated();
    }

    private void Set(double[] matrix, int k, int l, double value) => matrix[(k * _count) + l] = matrix[(l * _count) + k] = value;

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
