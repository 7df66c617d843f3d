using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// <c>(log|H| − log|S|₊)/2</c> of one element with exact first and second derivatives in log λ of every penalty and the shape ϑ. H moves
/// with them through its penalties, and through its weights. A workspace; not thread-safe.
/// </summary>
/// <remarks>Wood 2011, J. R. Statist. Soc. B 73, 3-36, appendices C-D; with a shape, Wood, Pya and Säfken 2016, §3.</remarks>
internal sealed class DeterminantDerivatives
{
    private readonly GeneralizedDesign _design;
    private readonly PenalisedLikelihood _fit;
    private readonly CoefficientSlopes _slopes;
    private readonly double[] _lambda;
    private readonly int _m; // penalties
    private readonly int _count; // penalties, and the shape
    private readonly PenaltyDeterminant[] _ranges;
    private readonly ScaledInverse? _integratedInverse;
    private readonly DenseMatrix? _integratedInformation;
    private readonly DenseMatrix[] _shares; // A ∂H/∂ψₖ, A the inverse of the integrated H
    private readonly DenseMatrix _informationSlope;
    private readonly double[] _leverages,
        _bend,
        _work,
        _weights,
        _pulled,
        _curvature,
        _none,
        _rangeShares,
        _rangeHessian;

    /// <summary>Creates the workspace.</summary>
    /// <param name="design">The design.</param>
    /// <param name="fit">The coefficients.</param>
    /// <param name="slopes">Their derivatives.</param>
    /// <param name="lambda">λ of every penalty; set by the caller.</param>
    /// <param name="parameters">The number of parameters: penalties, and the shape.</param>
    public DeterminantDerivatives(
        GeneralizedDesign design,
        PenalisedLikelihood fit,
        CoefficientSlopes slopes,
        double[] lambda,
        int parameters
    )
    {
        (_design, _fit, _slopes, _lambda) = (design, fit, slopes, lambda);
        (_m, _count) = (lambda.Length, parameters);
        int size = design.Dimension,
            integrated = design.Integrated.Rows,
            rows = design.Rows;
        _ranges = design.CreateRanges();
        if (!design.IsRestricted)
            (_integratedInverse, _integratedInformation) = (new(integrated), new(integrated, integrated));
        _shares = [.. Enumerable.Range(0, _count).Select(_ => new DenseMatrix(integrated, integrated))];
        _informationSlope = new(integrated, integrated);
        (_leverages, _bend, _work, _weights) = (new double[rows], new double[rows], new double[rows], new double[rows]);
        (_pulled, _curvature, _none) = (new double[size], new double[size], new double[integrated]);
        (_rangeShares, _rangeHessian) = (new double[_m], new double[_m * _m]);
        (Gradient, Hessian) = (new double[_count], new double[_count * _count]);
        RemainingDegrees = new double[_m];
    }

    /// <summary>The first derivatives.</summary>
    public double[] Gradient { get; }

    /// <summary>The second derivatives.</summary>
    public double[] Hessian { get; }

    /// <summary>Per penalty, the degrees of freedom that it has not yet removed; near 0 where a term has reached its limit.</summary>
    public double[] RemainingDegrees { get; }

    /// <summary>Sets the derivatives; returns the value, NaN if H is singular.</summary>
    public double Measure()
    {
        Array.Clear(Gradient);
        Array.Clear(Hessian);
        var range = 0.0;
        foreach (var one in _ranges)
            range += one.Evaluate(_lambda, -0.5, Gradient.AsSpan(0, _m), _rangeHessian);
        for (var j = 0; j < _m; j++)
            _rangeShares[j] = -2 * Gradient[j];
        CopyRangeHessian();
        var determinant = _fit.Newton.LogDeterminant;
        if (_integratedInverse is not null)
        {
            for (var i = 0; i < _weights.Length; i++)
                _weights[i] = _fit.Derivatives.Second[i] / 2;
            NewtonStep.Gram(_design.Integrated, _weights, _fit.Penalty, _work, _integratedInformation!);
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

    private void CopyRangeHessian()
    {
        for (var j = 0; j < _m; j++)
        for (var k = 0; k < _m; k++)
            Hessian[(j * _count) + k] = _rangeHessian[(j * _m) + k];
        Array.Clear(_rangeHessian);
    }

    private ReadOnlySpan<double> InverseRow(int row) => _integratedInverse is null ? _fit.Newton.Inverse(row) : _integratedInverse.Row(row);

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
        NewtonStep.Gram(_design.Integrated, _slopes.OfWeights(k), null, _work, _informationSlope);
        var trace = FixedOrder.Dot(_slopes.OfWeights(k), _leverages);
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
            RemainingDegrees[k] = _rangeShares[k] - own;
            Hessian[(k * _count) + k] += own / 2;
            trace += own;
        }
        Gradient[k] += trace / 2;
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
            _work[i] = _fit.Derivatives.Third[i] * _leverages[i] / 2;
        for (var j = 0; j < _curvature.Length; j++)
            _curvature[j] = FixedOrder.Dot(_design.Predictors.Row(j), _work);
        _fit.Newton.Solve(_curvature, _pulled);
        _fit.Predict(_pulled, _bend);
    }

    /// <summary>Adds <c>(tr(A ∂²H) − tr(A ∂ₖH A ∂ₗH))/2</c>.</summary>
    private void SecondOfDeterminant(int k, int l)
    {
        var derivatives = _fit.Derivatives;
        ReadOnlySpan<double> etaK = _slopes.OfPredictors(k),
            etaL = _slopes.OfPredictors(l),
            weightL = _slopes.OfWeights(l);
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
        Hessian[(k * _count) + l] += value;
        if (k != l)
            Hessian[(l * _count) + k] += value;
    }

    /// <summary>The penalties' contribution to ∂²θ, in the direction of <see cref="BendOfLeverages"/>.</summary>
    private double OfPenalties(int k, int l)
    {
        Array.Clear(_curvature);
        if (l < _m)
            _slopes.Pull(l, _slopes.OfCoefficients(k), _curvature);
        if (k < _m)
            _slopes.Pull(k, _slopes.OfCoefficients(l), _curvature);
        if (k == l && k < _m)
            FixedOrder.Add(1, _slopes.Score(k), _curvature);
        return FixedOrder.Dot(_pulled, _curvature);
    }
}
