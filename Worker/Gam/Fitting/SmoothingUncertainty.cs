using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Corrects a likelihood fit's degrees of freedom for the uncertainty of its smoothing parameters: <c>tr(V_c XᵀX)/σ²</c> with <c>V_c = V_β
/// + J V_ρ Jᵀ + V″</c>, V″ from the Cholesky factor of XᵀX + S. A workspace; not thread-safe.
/// </summary>
/// <remarks>
/// Wood, Pya and Säfken 2016, J. Am. Statist. Assoc. 111, 1548-1563, §4. With H = XᵀX + S = L Lᵀ and <c>Mⱼ = L⁻¹ λⱼSⱼ L⁻ᵀ</c> the
/// factor's derivative is <c>∂L⁻¹ = -Φ(Mⱼ) L⁻¹</c>, Φ the lower triangle with half the diagonal (Wood 2017, appendix B.7), and
/// <c>L⁻¹ XᵀX L⁻ᵀ = I - Σ Mⱼ</c>.
/// </remarks>
internal sealed class SmoothingUncertainty
{
    /// <summary>The precision of the vague prior that keeps the second-order correction finite if ρ is not identified.</summary>
    private const double PriorPrecision = 0.1;

    private readonly GamDesign _design;
    private readonly SmoothnessCriterion _criterion;
    private readonly int[] _free; // penalties that are estimated
    private readonly PenaltyDeterminant _factor;
    private readonly DenseMatrix _data,
        _product;
    private readonly DenseMatrix[] _slopes;
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
        DenseMatrix[] roots =
        [
            .. Enumerable
                .Range(0, design.PenaltyCount)
                .Select(j =>
                    design
                        .SmoothsOf(j)
                        .Select(place => Embedded(place.Smooth.Penalties[j - place.FirstPenalty], place))
                        .Aggregate((above, below) => above.ConcatenateRows(below))
                ),
        ];
        var kept = Independent(roots);
        _factor = new PenaltyDeterminant(
            [.. roots.Select((root, j) => (j, root.TakeColumns(kept)))],
            new ThinQr(design.X.TakeColumns(kept)).R
        );
        (_data, _product) = (new DenseMatrix(kept.Length, kept.Length), new DenseMatrix(kept.Length, kept.Length));
        _slopes = [.. Enumerable.Range(0, design.PenaltyCount).Select(_ => new DenseMatrix(kept.Length, kept.Length))];
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
                _first[a, b] * _criterion.FittedSlopes(_free[a], _free[b]) / scale + _second[a, b] * SlopeProduct(_free[a], _free[b]);
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
            correction += _second[a, b] * SlopeProduct(_free[a], _free[b]);
        return correction;
    }

    private void Invert()
    {
        _eigen.Decompose(_information);
        PseudoInverse(0, _first);
        PseudoInverse(PriorPrecision, _second);
        FactorSlopes();
    }

    /// <summary>
    /// The columns that are independent of earlier ones given data and penalties. V″ depends on which column is omitted; to match mgcv it
    /// is the last of the dependent ones, even if the fit itself drops another.
    /// </summary>
    private int[] Independent(DenseMatrix[] roots) =>
        [
            .. Enumerable
                .Range(0, _design.CoefficientCount)
                .Except(new ThinQr(roots.Aggregate(_design.X, (stack, root) => stack.ConcatenateRows(root))).Dependent),
        ];

    private DenseMatrix Embedded(DenseMatrix penalty, PlacedSmooth place)
    {
        var root = PenaltyCoordinates.Root(penalty);
        var full = new DenseMatrix(root.Rows, _design.CoefficientCount);
        for (var i = 0; i < root.Rows; i++)
            root.Row(i).CopyTo(full.Row(i)[place.First..]);
        return full;
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

    /// <summary>Φ(Mⱼ) of every penalty, and I - Σ Mⱼ.</summary>
    private void FactorSlopes()
    {
        _factor.Evaluate(_criterion.Lambda, 0, [], []);
        Array.Clear(_data.Values);
        for (var i = 0; i < _data.Rows; i++)
            _data[i, i] = 1;
        for (var j = 0; j < _slopes.Length; j++)
        {
            FixedOrder.Add(-1, _factor.Share(j).Values, _data.Values);
            for (var i = 0; i < _data.Rows; i++)
            {
                _factor.Share(j).Row(i)[..(i + 1)].CopyTo(_slopes[j].Row(i));
                _slopes[j][i, i] /= 2;
            }
        }
    }

    /// <summary><c>tr(Φ(Mₐ) (I - Σ M) Φ(M_b)ᵀ)</c>.</summary>
    private double SlopeProduct(int a, int b)
    {
        Array.Clear(_product.Values);
        for (var i = 0; i < _product.Rows; i++)
        for (var k = 0; k <= i; k++)
            FixedOrder.Add(_slopes[a][i, k], _data.Row(k), _product.Row(i));
        return FixedOrder.Dot(_product.Values, _slopes[b].Values);
    }
}
