using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// What the random effects (<c>bs="re"</c>) beside a wholly penalised term change in its test: under the null they are still there, so the
/// response's covariance is <c>σ² G</c> with <c>G = I + Σ X₀ S₀⁻¹ X₀ᵀ</c> over their columns X₀ and penalties S₀ = λD. A workspace of one
/// thread.
/// </summary>
/// <remarks>
/// Wood 2013, Biometrika 100, 1005-1010, §3. The term's coefficients then have the frequentist covariance <c>σ² A Xᵀ G X Aᵀ</c>,
/// A = (XᵀX + S)⁻¹, of which <c>A Xᵀ X₀ = -A S₀</c> in other rows than X₀'s own. The statistic weighs by the term's block of
/// <c>(XₖᵀG Xₖ + Sₖ)⁻¹</c>, without X₀'s columns, which is what mgcv's results follow to 1e-7.
/// </remarks>
internal sealed class NuisanceRandomEffects
{
    private readonly GamDesign _design;
    private readonly PlacedSmooth _term;
    private readonly PlacedSmooth[] _others;
    private readonly int[] _kept; // penalised coordinates without those of others, the term's own last
    private readonly DenseMatrix[] _penalties; // by penalty, in γ
    private readonly DenseMatrix _information; // unpenalised coordinates, then kept ones
    private readonly double[] _seen; // a random coordinate as they see it

    private NuisanceRandomEffects(GamDesign design, PlacedSmooth term, PlacedSmooth[] others)
    {
        (this._design, this._term, this._others) = (design, term, others);
        var own = Enumerable.Range(term.FirstPenalised, term.PenalisedCount).ToArray();
        var away = others.SelectMany(other => Enumerable.Range(other.FirstPenalised, other.PenalisedCount)).ToHashSet();
        _kept = [.. Enumerable.Range(0, design.PenalisedCount).Where(i => !away.Contains(i)).Except(own), .. own];
        _penalties = [.. Enumerable.Range(0, design.PenaltyCount).Select(design.RootOf).Select(root => root.Transposed().Times(root))];
        _information = new DenseMatrix(design.UnpenalisedCount + _kept.Length, design.UnpenalisedCount + _kept.Length);
        _seen = new double[_information.Rows];
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
        foreach (var other in _others)
            for (var o = other.FirstPenalised; o < other.FirstPenalised + other.PenalisedCount; o++)
            {
                var penalty = PenaltyOf(o, o, criterion.Lambda);
                for (var i = 0; i < _term.PenalisedCount; i++)
                for (var j = 0; j < _term.PenalisedCount; j++)
                    frequentist[i, j] +=
                        penalty * criterion.Inverse(_term.FirstPenalised + i, o) * criterion.Inverse(_term.FirstPenalised + j, o);
            }
    }

    /// <summary>Writes a root R, upper, whose <c>RᵀR σ⁻²</c> weighs the term's coefficients; false where rounding has left none.</summary>
    public bool TryRoot(SmoothnessCriterion criterion, DenseMatrix root)
    {
        var free = _design.UnpenalisedCount;
        Array.Clear(_information.Values);
        for (var i = 0; i < free; i++)
            _information[i, i] = 1;
        for (var i = 0; i < _kept.Length; i++)
        for (var j = 0; j <= i; j++)
            _information[free + i, free + j] = _design.Gram[_kept[i], _kept[j]] + PenaltyOf(_kept[i], _kept[j], criterion.Lambda);
        foreach (var other in _others)
            for (var o = other.FirstPenalised; o < other.FirstPenalised + other.PenalisedCount; o++)
            {
                for (var i = 0; i < free; i++)
                    _seen[i] = _design.FreeShares[i, o];
                for (var i = 0; i < _kept.Length; i++)
                    _seen[free + i] = _design.Gram[_kept[i], o];
                var penalty = PenaltyOf(o, o, criterion.Lambda);
                for (var i = 0; i < _information.Rows; i++)
                    FixedOrder.Add(_seen[i] / penalty, _seen.AsSpan(0, i + 1), _information.Row(i)[..(i + 1)]);
            }
        if (!Cholesky.TryFactor(_information))
            return false;
        var first = _information.Rows - _term.PenalisedCount;
        for (var i = 0; i < _term.PenalisedCount; i++)
        for (var j = 0; j < _term.PenalisedCount; j++)
            root[i, j] = j >= i ? _information[first + j, first + i] : 0;
        return true;
    }

    private double PenaltyOf(int i, int j, ReadOnlySpan<double> lambda)
    {
        var sum = 0.0;
        for (var p = 0; p < _penalties.Length; p++)
            sum += lambda[p] * _penalties[p][i, j];
        return sum;
    }
}
