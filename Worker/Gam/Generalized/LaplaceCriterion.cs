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
internal sealed class LaplaceCriterion
{
    private const double LogTwoPi = 1.8378770664093454836;
    private const int MaxScaleIterations = 100;

    private readonly GeneralizedDesign _design;
    private readonly GamFamily _family;
    private readonly int _m; // penalties
    private readonly int _count; // penalties, and the shape
    private readonly double[] _lambda;
    private readonly PenaltyDeterminant[] _ranges;
    private readonly ScaledInverse? _integratedInverse;
    private readonly DenseMatrix? _integratedInformation;
    private readonly DenseMatrix _scores; // gₖ
    private readonly DenseMatrix _slopes; // ∂θ/∂ψₖ
    private readonly DenseMatrix _predictorSlopes; // ∂η/∂ψₖ
    private readonly DenseMatrix _weightSlopes; // ∂W/∂ψₖ
    private readonly DenseMatrix[] _shares; // A ∂H/∂ψₖ, A the inverse of the integrated H
    private readonly DenseMatrix _informationSlope;
    private readonly double[] _leverages,
        _bend,
        _work,
        _weights,
        _pulled,
        _curvature,
        _none;

    private readonly double[] _devianceGradient, // of the penalised deviance
        _devianceHessian,
        _determinantGradient, // of (log|H| − log|S|₊)/2
        _determinantHessian;

    private double _logScale;

    /// <summary>Creates the workspace.</summary>
    public LaplaceCriterion(GeneralizedDesign design, GamFamily family)
    {
        (_design, _family) = (design, family);
        Fit = new(design, family);
        _m = design.Penalties.Count;
        _count = _m + (family.HasShape ? 1 : 0);
        int size = design.Dimension,
            integrated = design.Integrated.Rows,
            rows = design.Rows;
        _lambda = new double[_m];
        RangeShares = new double[_m];
        RemainingDegrees = new double[_m];
        _ranges = design.CreateRanges();
        if (!design.IsRestricted)
            (_integratedInverse, _integratedInformation) = (new(integrated), new(integrated, integrated));
        (_scores, _slopes) = (new(_count, size), new(_count, size));
        (_predictorSlopes, _weightSlopes) = (new(_count, rows), new(_count, rows));
        _shares = [.. Enumerable.Range(0, _count).Select(_ => new DenseMatrix(integrated, integrated))];
        _informationSlope = new(integrated, integrated);
        (_leverages, _bend, _work, _weights) = (new double[rows], new double[rows], new double[rows], new double[rows]);
        (_pulled, _curvature, _none) = (new double[size], new double[size], new double[integrated]);
        (_devianceGradient, _determinantGradient) = (new double[_count], new double[_count]);
        (_devianceHessian, _determinantHessian) = (new double[_count * _count], new double[_count * _count]);
    }

    /// <summary>The number of parameters: penalties, and the shape.</summary>
    public int Count => _count;

    /// <summary>The coefficients at the last evaluation.</summary>
    public PenalisedLikelihood Fit { get; }

    /// <summary>λ at the last evaluation.</summary>
    public ReadOnlySpan<double> Lambda => _lambda;

    /// <summary>φ in the likelihood at the last evaluation; 1 if known.</summary>
    public double Scale => _family.HasScale ? ReproducibleMath.Exp(_logScale) : 1;

    /// <summary>∂θ/∂ψₖ at the last evaluation.</summary>
    public ReadOnlySpan<double> Slope(int parameter) => _slopes.Row(parameter);

    /// <summary>Per penalty, the degrees of freedom that it has not yet removed; near 0 where a term has reached its limit.</summary>
    public double[] RemainingDegrees { get; }

    private double[] RangeShares { get; }

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
        var determinant = Measure();
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
                hessian[(k * size) + l] = (_devianceHessian[(k * _count) + l] * share) + _determinantHessian[(k * _count) + l];
            if (_family.HasScale)
                hessian[(k * size) + _count] = hessian[(_count * size) + k] = -_devianceGradient[k] * share;
        }
        if (_family.HasScale)
            hessian[(_count * size) + _count] = (Fit.PenalisedDeviance * share) - (saturated.Second / Gamma);
        if (_family.HasShape)
            hessian[(_m * size) + _m] -= saturated.Second / Gamma;
    }

    private double Gamma => _design.Columns.Gamma;

    /// <summary>Sets all derivatives; returns <c>(log|H| − log|S|₊)/2</c>, NaN if H is singular.</summary>
    private double Measure()
    {
        SlopesOfCoefficients();
        Deviances();
        Array.Clear(_determinantGradient);
        Array.Clear(_determinantHessian);
        var range = 0.0;
        foreach (var one in _ranges)
            range += one.Evaluate(_lambda, -0.5, _determinantGradient.AsSpan(0, _m), RangeHessian);
        for (var j = 0; j < _m; j++)
            RangeShares[j] = -2 * _determinantGradient[j];
        CopyRangeHessian();
        var determinant = Fit.LogDeterminant;
        if (_integratedInverse is not null)
        {
            for (var i = 0; i < _weights.Length; i++)
                _weights[i] = Fit.Derivatives.Second[i] / 2;
            PenalisedLikelihood.Gram(_design.Integrated, _weights, Fit.Penalty, _work, _integratedInformation!);
            determinant = _integratedInverse.Invert(_integratedInformation!, _none);
            if (double.IsNaN(determinant))
                return double.NaN;
        }
        Leverages();
        for (var k = 0; k < _count; k++)
            FirstOfDeterminant(k);
        BendOfLeverages();
        for (var k = 0; k < _count; k++)
        for (var l = 0; l <= k; l++)
            SecondOfDeterminant(k, l);
        return (determinant + _design.Columns.LogDeterminantOfUnpenalised - range) / 2;
    }

    private double[] RangeHessian => _rangeHessian ??= new double[_m * _m];

    private double[]? _rangeHessian;

    private void CopyRangeHessian()
    {
        for (var j = 0; j < _m; j++)
        for (var k = 0; k < _m; k++)
            _determinantHessian[(j * _count) + k] = RangeHessian[(j * _m) + k];
        Array.Clear(RangeHessian);
    }

    private void SlopesOfCoefficients()
    {
        var derivatives = Fit.Derivatives;
        for (var k = 0; k < _count; k++)
        {
            var score = _scores.Row(k);
            score.Clear();
            if (k < _m)
                Pull(k, Fit.Coefficients, score);
            else
                for (var j = 0; j < score.Length; j++)
                    score[j] = FixedOrder.Dot(_design.Predictors.Row(j), derivatives.FirstShape) / 2;
            var slope = _slopes.Row(k);
            Fit.Solve(score, slope);
            for (var j = 0; j < slope.Length; j++)
                slope[j] = -slope[j];
            var predictor = _predictorSlopes.Row(k);
            Fit.Predict(slope, predictor);
            var weight = _weightSlopes.Row(k);
            for (var i = 0; i < weight.Length; i++)
                weight[i] = derivatives.Third[i] * predictor[i] / 2;
            if (k == _m)
                FixedOrder.Add(0.5, derivatives.SecondShape, weight);
        }
    }

    /// <summary>Adds λₖSₖ v to <paramref name="result"/>, for coordinates v of u and γ.</summary>
    private void Pull(int penalty, ReadOnlySpan<double> coordinates, Span<double> result)
    {
        var own = coordinates[_design.Free..];
        for (var j = 0; j < own.Length; j++)
            result[_design.Free + j] += _lambda[penalty] * FixedOrder.Dot(_design.Penalties[penalty].Row(j), own);
    }

    private void Deviances()
    {
        for (var k = 0; k < _count; k++)
        {
            _devianceGradient[k] = k < _m ? FixedOrder.Dot(_scores.Row(k), Fit.Coefficients) : Sum(Fit.Derivatives.Shape);
            for (var l = 0; l <= k; l++)
                Set(_devianceHessian, k, l, 2 * FixedOrder.Dot(_scores.Row(k), _slopes.Row(l)));
            _devianceHessian[(k * _count) + k] += k < _m ? _devianceGradient[k] : Sum(Fit.Derivatives.ShapeTwice);
        }
    }

    private ReadOnlySpan<double> InverseRow(int row) => _integratedInverse is null ? Fit.Inverse(row) : _integratedInverse.Row(row);

    /// <summary>zᵢᵀ A zᵢ of every row.</summary>
    private void Leverages()
    {
        Array.Clear(_leverages);
        for (var j = 0; j < _design.Integrated.Rows; j++)
        {
            Array.Clear(_work);
            var inverse = InverseRow(j);
            for (var k = 0; k < inverse.Length; k++)
                FixedOrder.Add(inverse[k], _design.Integrated.Row(k), _work);
            var own = _design.Integrated.Row(j);
            for (var i = 0; i < own.Length; i++)
                _leverages[i] += own[i] * _work[i];
        }
    }

    private void FirstOfDeterminant(int k)
    {
        PenalisedLikelihood.Gram(_design.Integrated, _weightSlopes.Row(k), null, _work, _informationSlope);
        var trace = FixedOrder.Dot(_weightSlopes.Row(k), _leverages);
        if (k < _m)
        {
            var free = _informationSlope.Rows - _design.Penalised;
            var own = 0.0;
            for (var j = 0; j < _design.Penalised; j++)
            {
                var row = _design.Penalties[k].Row(j);
                FixedOrder.Add(_lambda[k], row, _informationSlope.Row(free + j)[free..]);
                own += _lambda[k] * FixedOrder.Dot(row, InverseRow(free + j)[free..]);
            }
            RemainingDegrees[k] = RangeShares[k] - own;
            _determinantHessian[(k * _count) + k] += own / 2;
            trace += own;
        }
        _determinantGradient[k] += trace / 2;
        var share = _shares[k];
        Array.Clear(share.Values);
        for (var i = 0; i < share.Rows; i++)
        {
            var inverse = InverseRow(i);
            for (var j = 0; j < share.Rows; j++)
                FixedOrder.Add(inverse[j], _informationSlope.Row(j), share.Row(i));
        }
    }

    /// <summary>Prepares the effect of ∂²θ on the determinant: H⁻¹ Zᵀ (∂W/∂η ∘ leverages), in coordinates and in predictors.</summary>
    private void BendOfLeverages()
    {
        for (var i = 0; i < _work.Length; i++)
            _work[i] = Fit.Derivatives.Third[i] * _leverages[i] / 2;
        for (var j = 0; j < _curvature.Length; j++)
            _curvature[j] = FixedOrder.Dot(_design.Predictors.Row(j), _work);
        Fit.Solve(_curvature, _pulled);
        Fit.Predict(_pulled, _bend);
    }

    /// <summary>Adds <c>(tr(A ∂²H) − tr(A ∂ₖH A ∂ₗH))/2</c>.</summary>
    private void SecondOfDeterminant(int k, int l)
    {
        var derivatives = Fit.Derivatives;
        ReadOnlySpan<double> etaK = _predictorSlopes.Row(k),
            etaL = _predictorSlopes.Row(l),
            weightL = _weightSlopes.Row(l);
        var sum = 0.0;
        for (var i = 0; i < etaK.Length; i++)
        {
            var second = derivatives.Fourth[i] * etaK[i] * etaL[i];
            if (k == _m)
                second += derivatives.ThirdShape[i] * etaL[i];
            if (l == _m)
                second += (derivatives.ThirdShape[i] * etaK[i]) + derivatives.SecondShapeTwice[i];
            var moved = weightL[i] * etaK[i];
            if (k == _m)
                moved += 0.5 * derivatives.SecondShape[i] * etaL[i];
            if (l == _m)
                moved += 0.5 * derivatives.FirstShapeTwice[i];
            sum += (0.5 * second * _leverages[i]) - (_bend[i] * moved);
        }
        sum -= OfPenalties(k, l);
        var product = 0.0;
        for (var i = 0; i < _shares[k].Rows; i++)
        for (var j = 0; j < _shares[k].Rows; j++)
            product += _shares[k][i, j] * _shares[l][j, i];
        var value = (sum - product) / 2;
        _determinantHessian[(k * _count) + l] += value;
        if (k != l)
            _determinantHessian[(l * _count) + k] += value;
    }

    /// <summary>The penalties' contribution to ∂²θ, in the direction of <see cref="BendOfLeverages"/>.</summary>
    private double OfPenalties(int k, int l)
    {
        Array.Clear(_curvature);
        if (l < _m)
            Pull(l, _slopes.Row(k), _curvature);
        if (k < _m)
            Pull(k, _slopes.Row(l), _curvature);
        if (k == l && k < _m)
            FixedOrder.Add(1, _scores.Row(k), _curvature);
        return FixedOrder.Dot(_pulled, _curvature);
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
            gradient[k] = (_devianceGradient[k] * share) + _determinantGradient[k];
            for (var l = 0; l < _count; l++)
            {
                var at = (k * _count) + l;
                hessian[at] = (_devianceHessian[at] * share) + _determinantHessian[at];
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
