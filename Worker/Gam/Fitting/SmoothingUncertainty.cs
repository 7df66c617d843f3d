using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Corrects a likelihood fit's degrees of freedom for the uncertainty of its smoothing parameters: <c>tr(V_c XᵀX)/σ²</c> with <c>V_c = V_β
/// + J V_ρ Jᵀ + V″</c>, V″ from the Cholesky factor of XᵀX + S. A workspace; not thread-safe.
/// </summary>
/// <remarks>
/// Wood, Pya and Säfken 2016, J. Am. Statist. Assoc. 111, 1548-1563, §4; the factor's derivatives: <see cref="IFactorSlopes"/>.
/// </remarks>
internal sealed class SmoothingUncertainty
{
    /// <summary>The precision of the vague prior that keeps the second-order correction finite if ρ is not identified.</summary>
    private const double PriorPrecision = 0.1;

    private readonly GamDesign _design;
    private readonly SmoothnessCriterion _criterion;
    private readonly int[] _free; // penalties that are estimated
    private readonly IFactorSlopes _slopes;
    private readonly DenseMatrix _information,
        _first,
        _second;
    private readonly SymmetricEigen _eigen;

    /// <summary>Creates the workspace for the criterion's own likelihood.</summary>
    public SmoothingUncertainty(GamDesign design, SmoothnessCriterion criterion)
        : this(design, criterion, design.Method is SmoothnessMethod.Reml or SmoothnessMethod.Ml ? 1 : 0) { }

    /// <summary>Creates the workspace for a criterion that estimates <paramref name="others"/> parameters in addition to λ.</summary>
    public SmoothingUncertainty(GamDesign design, SmoothnessCriterion criterion, int others)
    {
        (this._design, this._criterion) = (design, criterion);
        _free = [.. Enumerable.Range(0, design.PenaltyCount).Where(j => design.FixedParameters[j] < 0)];
        _slopes =
            design.Blocks is not null ? new BlockedFactorSlopes(design)
            : AbsorbedFactorSlopes.Handles(design) ? new AbsorbedFactorSlopes(design)
            : new DenseFactorSlopes(design);
        var size = _free.Length + others;
        (_information, _first, _second) = (new DenseMatrix(size, size), new DenseMatrix(size, size), new DenseMatrix(size, size));
        _eigen = new SymmetricEigen(size);
    }

    private bool HasScale => _design.Method is SmoothnessMethod.Reml or SmoothnessMethod.Ml;

    /// <summary>The correction to be added to the effective degrees of freedom of the criterion's last fit.</summary>
    /// <param name="scale">σ².</param>
    /// <param name="hessian">The criterion's Hessian, m × m.</param>
    public double ExtraDegrees(double scale, ReadOnlySpan<double> hessian)
    {
        if (_free.Length == 0)
            return 0;
        SetInformation(hessian);
        Invert();
        var correction = 0.0;
        for (var a = 0; a < _free.Length; a++)
        for (var b = 0; b < _free.Length; b++)
            correction +=
                _first[a, b] * _criterion.FittedSlopes(_free[a], _free[b]) / scale + _second[a, b] * _slopes.Product(_free[a], _free[b]);
        return correction;
    }

    /// <summary>The same for the working problem of another criterion.</summary>
    /// <param name="information">
    /// That criterion's Hessian in its free parameters: log λ of the estimated penalties, then the others.
    /// </param>
    /// <param name="slopes">
    /// √W ∂η, parameters × rows, for the first parameters of <paramref name="information"/>; the coefficients do not depend on the rest.
    /// </param>
    /// <param name="scale">σ².</param>
    /// <remarks>Parameters other than log λ contribute to the first-order term only.</remarks>
    public double ExtraDegrees(DenseMatrix information, DenseMatrix slopes, double scale)
    {
        information.Values.CopyTo(_information.Values, 0);
        Invert();
        var correction = 0.0;
        for (var a = 0; a < slopes.Rows; a++)
        for (var b = 0; b < slopes.Rows; b++)
            correction += _first[a, b] * FixedOrder.Dot(slopes.Row(a), slopes.Row(b)) / scale;
        for (var a = 0; a < _free.Length; a++)
        for (var b = 0; b < _free.Length; b++)
            correction += _second[a, b] * _slopes.Product(_free[a], _free[b]);
        return correction;
    }

    private void Invert()
    {
        _eigen.Decompose(_information);
        PseudoInverse(0, _first);
        PseudoInverse(PriorPrecision, _second);
        _slopes.Evaluate(_criterion.Lambda);
    }

    /// <summary>The Hessian of the criterion in the free ρ and log φ (not profiled); for the P- forms only in ρ, with φ as a function of
    /// it.</summary>
    private void SetInformation(ReadOnlySpan<double> hessian)
    {
        int m = _design.PenaltyCount,
            count = _free.Length;
        var share = 1 / (2 * _criterion.Scale * _design.Gamma);
        for (var a = 0; a < count; a++)
        {
            for (var b = 0; b < count; b++)
            {
                var at = _free[a] * m + _free[b];
                _information[a, b] = HasScale
                    ? _criterion.PenalisedDevianceHessian[at] * share + _criterion.DeterminantHessian[at]
                    : hessian[at];
            }
            if (HasScale)
                _information[a, count] = _information[count, a] = -_criterion.PenalisedDevianceGradient[_free[a]] * share;
        }
        if (!HasScale)
            return;
        var integrated = _design.Method is SmoothnessMethod.Reml ? _design.IntegratedCount : 0;
        _information[count, count] = (_design.Counted / _design.Gamma - integrated) / 2;
    }

    private void PseudoInverse(double prior, DenseMatrix result)
    {
        Array.Clear(result.Values);
        for (var e = 0; e < result.Rows; e++)
        {
            var value = Math.Max(_eigen.Values[e], 0) + prior;
            if (value <= 0)
                continue;
            for (var i = 0; i < result.Rows; i++)
            for (var j = 0; j < result.Rows; j++)
                result[i, j] += _eigen.Vectors[i, e] * _eigen.Vectors[j, e] / value;
        }
    }
}
