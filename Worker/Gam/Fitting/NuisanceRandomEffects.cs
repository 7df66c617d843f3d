using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// What the random effects (<c>bs="re"</c>) beside a wholly penalised term change in its test: under the null they are still there, so the
/// response's covariance is <c>σ² G</c> with <c>G = I + Σ X₀ S₀⁻¹ X₀ᵀ</c> over their columns X₀ and penalties S₀ = λD. A workspace of one thread.
/// </summary>
/// <remarks>
/// Wood 2013, Biometrika 100, 1005-1010, §3. The term's coefficients then have the frequentist covariance <c>σ² A Xᵀ G X Aᵀ</c>,
/// A = (XᵀX + S)⁻¹, of which <c>A Xᵀ X₀ = -A S₀</c> in other rows than X₀'s own. The statistic weighs by the term's block of
/// <c>(XₖᵀG Xₖ + Sₖ)⁻¹</c>, without X₀'s columns, which is what mgcv's results follow to 1e-7.
/// </remarks>
internal sealed class NuisanceRandomEffects
{
    private readonly GamDesign design;
    private readonly PlacedSmooth term;
    private readonly PlacedSmooth[] others;
    private readonly int[] kept;              // penalised coordinates without those of others, the term's own last
    private readonly DenseMatrix[] penalties; // by penalty, in γ
    private readonly DenseMatrix information; // unpenalised coordinates, then kept ones
    private readonly double[] seen;           // a random coordinate as they see it

    private NuisanceRandomEffects(GamDesign design, PlacedSmooth term, PlacedSmooth[] others)
    {
        (this.design, this.term, this.others) = (design, term, others);
        var own = Enumerable.Range(term.FirstPenalised, term.PenalisedCount).ToArray();
        var away = others.SelectMany(other => Enumerable.Range(other.FirstPenalised, other.PenalisedCount)).ToHashSet();
        kept = [.. Enumerable.Range(0, design.PenalisedCount).Where(i => !away.Contains(i)).Except(own), .. own];
        penalties = [.. Enumerable.Range(0, design.PenaltyCount).Select(design.RootOf).Select(root => root.Transposed().Times(root))];
        information = new DenseMatrix(design.UnpenalisedCount + kept.Length, design.UnpenalisedCount + kept.Length);
        seen = new double[information.Rows];
    }

    /// <summary>Those beside a term; null: none.</summary>
    public static NuisanceRandomEffects? Beside(GamDesign design, PlacedSmooth term)
    {
        var others = design.Smooths.Where(other => other != term && other.Smooth.IsRandomEffect && other.IsWhollyPenalised).ToArray();
        return others.Length == 0 ? null : new NuisanceRandomEffects(design, term, others);
    }

    /// <summary>Adds their part to the term's frequentist covariance over σ².</summary>
    public void AddTo(DenseMatrix frequentist, SmoothnessCriterion criterion)
    {
        foreach (var other in others)
            for (var o = other.FirstPenalised; o < other.FirstPenalised + other.PenalisedCount; o++)
            {
                var penalty = PenaltyOf(o, o, criterion.Lambda);
                for (var i = 0; i < term.PenalisedCount; i++)
                    for (var j = 0; j < term.PenalisedCount; j++)
                        frequentist[i, j] += penalty * criterion.Inverse(term.FirstPenalised + i, o) * criterion.Inverse(term.FirstPenalised + j, o);
            }
    }

    /// <summary>Writes a root R, upper, whose <c>RᵀR σ⁻²</c> weighs the term's coefficients; false where rounding has left none.</summary>
    public bool TryRoot(SmoothnessCriterion criterion, DenseMatrix root)
    {
        var free = design.UnpenalisedCount;
        Array.Clear(information.Values);
        for (var i = 0; i < free; i++) information[i, i] = 1;
        for (var i = 0; i < kept.Length; i++)
            for (var j = 0; j <= i; j++) information[free + i, free + j] = design.Gram[kept[i], kept[j]] + PenaltyOf(kept[i], kept[j], criterion.Lambda);
        foreach (var other in others)
            for (var o = other.FirstPenalised; o < other.FirstPenalised + other.PenalisedCount; o++)
            {
                for (var i = 0; i < free; i++) seen[i] = design.FreeShares[i, o];
                for (var i = 0; i < kept.Length; i++) seen[free + i] = design.Gram[kept[i], o];
                var penalty = PenaltyOf(o, o, criterion.Lambda);
                for (var i = 0; i < information.Rows; i++) FixedOrder.Add(seen[i] / penalty, seen.AsSpan(0, i + 1), information.Row(i)[..(i + 1)]);
            }
        if (!Cholesky.TryFactor(information)) return false;
        var first = information.Rows - term.PenalisedCount;
        for (var i = 0; i < term.PenalisedCount; i++)
            for (var j = 0; j < term.PenalisedCount; j++) root[i, j] = j >= i ? information[first + j, first + i] : 0;
        return true;
    }

    private double PenaltyOf(int i, int j, ReadOnlySpan<double> lambda)
    {
        var sum = 0.0;
        for (var p = 0; p < penalties.Length; p++) sum += lambda[p] * penalties[p][i, j];
        return sum;
    }
}
