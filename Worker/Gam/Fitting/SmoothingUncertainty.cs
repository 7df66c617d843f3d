using HpcFit.Worker.Gam.Algebra;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Corrects a likelihood fit's degrees of freedom for the uncertainty of its smoothing parameters: <c>tr(V_c XᵀX)/σ²</c> with
/// <c>V_c = V_β + J V_ρ Jᵀ + V″</c>, V″ of the Cholesky factor of XᵀX + S. A workspace of one thread.
/// </summary>
/// <remarks>
/// Wood, Pya and Säfken 2016, J. Am. Statist. Assoc. 111, 1548-1563, §4. With H = XᵀX + S = L Lᵀ and <c>Mⱼ = L⁻¹ λⱼSⱼ L⁻ᵀ</c> the
/// factor's derivative is <c>∂L⁻¹ = -Φ(Mⱼ) L⁻¹</c>, Φ the lower triangle with half the diagonal (Wood 2017, appendix B.7), and
/// <c>L⁻¹ XᵀX L⁻ᵀ = I - Σ Mⱼ</c>.
/// </remarks>
internal sealed class SmoothingUncertainty
{
    /// <summary>The precision of the vague prior that keeps the second-order correction finite where ρ is not identified.</summary>
    private const double PriorPrecision = 0.1;

    private readonly GamDesign design;
    private readonly SmoothnessCriterion criterion;
    private readonly int[] free;             // penalties that are estimated
    private readonly PenaltyDeterminant factor;
    private readonly DenseMatrix data, product;
    private readonly DenseMatrix[] slopes;
    private readonly DenseMatrix information, first, second;
    private readonly SymmetricEigen eigen;

    /// <summary>Makes the workspace.</summary>
    public SmoothingUncertainty(GamDesign design, SmoothnessCriterion criterion)
    {
        (this.design, this.criterion) = (design, criterion);
        free = [.. Enumerable.Range(0, design.PenaltyCount).Where(j => design.FixedParameters[j] < 0)];
        DenseMatrix[] roots = [.. design.Smooths.SelectMany(place => place.Smooth.Penalties.Select(penalty => Embedded(penalty, place)))];
        var kept = Independent(roots);
        factor = new PenaltyDeterminant([.. roots.Select((root, j) => (j, root.TakeColumns(kept)))], new ThinQr(design.X.TakeColumns(kept)).R);
        (data, product) = (new DenseMatrix(kept.Length, kept.Length), new DenseMatrix(kept.Length, kept.Length));
        slopes = [.. Enumerable.Range(0, design.PenaltyCount).Select(_ => new DenseMatrix(kept.Length, kept.Length))];
        var size = free.Length + (HasScale ? 1 : 0);
        (information, first, second) = (new DenseMatrix(size, size), new DenseMatrix(size, size), new DenseMatrix(size, size));
        eigen = new SymmetricEigen(size);
    }

    private bool HasScale => design.Method is SmoothnessMethod.Reml or SmoothnessMethod.Ml;

    /// <summary>What the criterion's last fit is to be charged beyond its effective degrees of freedom.</summary>
    /// <param name="scale">σ².</param>
    /// <param name="hessian">The criterion's Hessian, m × m.</param>
    public double ExtraDegrees(double scale, ReadOnlySpan<double> hessian)
    {
        if (free.Length == 0) return 0;
        SetInformation(hessian);
        eigen.Decompose(information);
        PseudoInverse(0, first);
        PseudoInverse(PriorPrecision, second);
        FactorSlopes();
        var correction = 0.0;
        for (var a = 0; a < free.Length; a++)
            for (var b = 0; b < free.Length; b++)
                correction += first[a, b] * criterion.FittedSlopes(free[a], free[b]) / scale + second[a, b] * SlopeProduct(free[a], free[b]);
        return correction;
    }

    /// <summary>
    /// The columns that neither data nor penalties make depend on earlier ones. Which is left out decides what V″ is; in mgcv's values it is
    /// the last of the dependent ones, also where the fit itself drops another.
    /// </summary>
    private int[] Independent(DenseMatrix[] roots) =>
        [.. Enumerable.Range(0, design.CoefficientCount).Except(new ThinQr(roots.Aggregate(design.X, (stack, root) => stack.Above(root))).Dependent)];

    private DenseMatrix Embedded(DenseMatrix penalty, PlacedSmooth place)
    {
        var root = PenaltyCoordinates.Root(penalty);
        var full = new DenseMatrix(root.Rows, design.CoefficientCount);
        for (var i = 0; i < root.Rows; i++) root.Row(i).CopyTo(full.Row(i)[place.First..]);
        return full;
    }

    /// <summary>The Hessian of the criterion in the free ρ and log φ (not profiled); of the P- forms in ρ alone, φ following.</summary>
    private void SetInformation(ReadOnlySpan<double> hessian)
    {
        int m = design.PenaltyCount, count = free.Length;
        var share = 1 / (2 * criterion.Scale * design.Gamma);
        for (var a = 0; a < count; a++)
        {
            for (var b = 0; b < count; b++)
            {
                var at = free[a] * m + free[b];
                information[a, b] = HasScale ? criterion.PenalisedDevianceHessian[at] * share + criterion.DeterminantHessian[at] : hessian[at];
            }
            if (HasScale) information[a, count] = information[count, a] = -criterion.PenalisedDevianceGradient[free[a]] * share;
        }
        if (!HasScale) return;
        var integrated = design.Method is SmoothnessMethod.Reml ? design.IntegratedCount : 0;
        information[count, count] = (design.Counted / design.Gamma - integrated) / 2;
    }

    private void PseudoInverse(double prior, DenseMatrix result)
    {
        Array.Clear(result.Values);
        for (var e = 0; e < result.Rows; e++)
        {
            var value = Math.Max(eigen.Values[e], 0) + prior;
            if (value <= 0) continue;
            for (var i = 0; i < result.Rows; i++)
                for (var j = 0; j < result.Rows; j++) result[i, j] += eigen.Vectors[i, e] * eigen.Vectors[j, e] / value;
        }
    }

    /// <summary>Φ(Mⱼ) of every penalty, and I - Σ Mⱼ.</summary>
    private void FactorSlopes()
    {
        factor.Evaluate(criterion.Lambda, 0, [], []);
        Array.Clear(data.Values);
        for (var i = 0; i < data.Rows; i++) data[i, i] = 1;
        for (var j = 0; j < slopes.Length; j++)
        {
            FixedOrder.Add(-1, factor.Share(j).Values, data.Values);
            for (var i = 0; i < data.Rows; i++)
            {
                factor.Share(j).Row(i)[..(i + 1)].CopyTo(slopes[j].Row(i));
                slopes[j][i, i] /= 2;
            }
        }
    }

    /// <summary><c>tr(Φ(Mₐ) (I - Σ M) Φ(M_b)ᵀ)</c>.</summary>
    private double SlopeProduct(int a, int b)
    {
        Array.Clear(product.Values);
        for (var i = 0; i < product.Rows; i++)
            for (var k = 0; k <= i; k++) FixedOrder.Add(slopes[a][i, k], data.Row(k), product.Row(i));
        return FixedOrder.Dot(product.Values, slopes[b].Values);
    }
}
