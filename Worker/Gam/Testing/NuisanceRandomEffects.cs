using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Testing;

/// <summary>
/// The effect of other random effects (<c>bs="re"</c>) on the test of a wholly penalised term: under the null they are still present, so
/// the response's covariance is <c>σ² G</c> with <c>G = I + Σ X₀ S₀⁻¹ X₀ᵀ</c> over their columns X₀ and penalties S₀ = λD. A workspace; not
/// thread-safe.
/// </summary>
/// <remarks>
/// Wood 2013, Biometrika 100, 1005-1010, §3. The term's coefficients then have the frequentist covariance <c>σ² A Xᵀ G X Aᵀ</c>, A = (XᵀX +
/// S)⁻¹, of which <c>A Xᵀ X₀ = -A S₀</c> in other rows than X₀'s own. The statistic uses the term's block of <c>(XₖᵀG Xₖ + Sₖ)⁻¹</c>,
/// without X₀'s columns, which reproduces mgcv's results to 1e-7.
/// </remarks>
internal sealed class NuisanceRandomEffects
{
    private readonly GamDesign _design;
    private readonly PlacedSmooth _term;
    private readonly int[] _kept; // penalised coordinates except the nuisance ones, the term's own last
    private readonly DenseMatrix[] _penalties; // by penalty, in γ
    private readonly DenseMatrix _information; // unpenalised coordinates, then kept ones
    private readonly double[] _seen; // a nuisance coordinate's products with them
    private readonly int[] _away; // the nuisance coordinates
    private readonly double[] _seenToo;

    private NuisanceRandomEffects(GamDesign design, PlacedSmooth term, PlacedSmooth[] others)
    {
        (_design, _term) = (design, term);
        var own = Enumerable.Range(term.FirstPenalised, term.PenalisedCount).ToArray();
        _away = [.. others.SelectMany(other => Enumerable.Range(other.FirstPenalised, other.PenalisedCount))];
        _kept = [.. Enumerable.Range(0, design.PenalisedCount).Except(_away).Except(own), .. own];
        _penalties = [.. Enumerable.Range(0, design.PenaltyCount).Select(design.RootOf).Select(root => root.Transposed().Times(root))];
        _information = new DenseMatrix(design.UnpenalisedCount + _kept.Length, design.UnpenalisedCount + _kept.Length);
        (_seen, _seenToo) = (new double[_information.Rows], new double[_information.Rows]);
    }

    /// <summary>The nuisance random effects of a term; null: none.</summary>
    public static NuisanceRandomEffects? Create(GamDesign design, PlacedSmooth term)
    {
        var others = design.Smooths.Where(other => other != term && other.Smooth.IsRandomEffect && other.IsWhollyPenalised).ToArray();
        return others.Length == 0 ? null : new NuisanceRandomEffects(design, term, others);
    }

    /// <summary>Adds their contribution to the term's frequentist covariance divided by σ².</summary>
    public void AddTo(DenseMatrix frequentist, SmoothnessCriterion criterion)
    {
        if (criterion is IEliminatedEffects eliminated)
            for (var i = 0; i < _term.PenalisedCount; i++)
            for (var j = 0; j < _term.PenalisedCount; j++)
                frequentist[i, j] += eliminated.Spread()[
                    _design.UnpenalisedCount + _term.FirstPenalised + i,
                    _design.UnpenalisedCount + _term.FirstPenalised + j
                ];
        foreach (var one in _away)
        foreach (var other in _away)
        {
            var penalty = PenaltyOf(one, other, criterion);
            if (penalty == 0)
                continue;
            for (var i = 0; i < _term.PenalisedCount; i++)
            for (var j = 0; j < _term.PenalisedCount; j++)
                frequentist[i, j] +=
                    penalty * criterion.Inverse(_term.FirstPenalised + i, one) * criterion.Inverse(_term.FirstPenalised + j, other);
        }
    }

    /// <summary>Writes an upper triangular root R such that <c>RᵀR σ⁻²</c> is the weight matrix of the term's coefficients; false if it is
    /// numerically singular.</summary>
    public bool TryRoot(SmoothnessCriterion criterion, DenseMatrix root)
    {
        var free = _design.UnpenalisedCount;
        Array.Clear(_information.Values);
        for (var i = 0; i < free; i++)
            _information[i, i] = 1;
        for (var i = 0; i < _kept.Length; i++)
        for (var j = 0; j <= i; j++)
            _information[free + i, free + j] = _design.Gram[_kept[i], _kept[j]] + PenaltyOf(_kept[i], _kept[j], criterion);
        foreach (var one in _away)
        {
            See(one, _seen);
            if (criterion is not BlockedCriterion blocked)
            {
                var penalty = PenaltyOf(one, one, criterion);
                for (var i = 0; i < _information.Rows; i++)
                    FixedOrder.Add(_seen[i] / penalty, _seen.AsSpan(0, i + 1), _information.Row(i)[..(i + 1)]);
                continue;
            }
            foreach (var other in _away)
            {
                var covariance = blocked.InversePenaltyAt(one, other);
                if (covariance == 0)
                    continue;
                See(other, _seenToo);
                for (var i = 0; i < _information.Rows; i++)
                    FixedOrder.Add(_seen[i] * covariance, _seenToo.AsSpan(0, i + 1), _information.Row(i)[..(i + 1)]);
            }
        }
        if (criterion is IEliminatedEffects eliminated)
            for (var i = 0; i < _information.Rows; i++)
            for (var j = 0; j <= i; j++)
                _information[i, j] += eliminated.Product(At(i), At(j));
        if (!Cholesky.TryFactor(_information))
            return false;
        var first = _information.Rows - _term.PenalisedCount;
        for (var i = 0; i < _term.PenalisedCount; i++)
        for (var j = 0; j < _term.PenalisedCount; j++)
            root[i, j] = j >= i ? _information[first + j, first + i] : 0;
        return true;
    }

    /// <summary>The place in (u, γ) of a row of the information.</summary>
    private int At(int row) => row < _design.UnpenalisedCount ? row : _design.UnpenalisedCount + _kept[row - _design.UnpenalisedCount];

    /// <summary>Writes a coordinate's products with the columns of the information.</summary>
    private void See(int coordinate, Span<double> products)
    {
        for (var i = 0; i < _design.UnpenalisedCount; i++)
            products[i] = _design.FreeShares[i, coordinate];
        for (var i = 0; i < _kept.Length; i++)
            products[_design.UnpenalisedCount + i] = _design.Gram[_kept[i], coordinate];
    }

    private double PenaltyOf(int i, int j, SmoothnessCriterion criterion)
    {
        if (criterion is BlockedCriterion blocked)
            return blocked.PenaltyAt(i, j);
        var sum = 0.0;
        var lambda = criterion.Lambda;
        for (var p = 0; p < _penalties.Length; p++)
            sum += lambda[p] * _penalties[p][i, j];
        return sum;
    }
}
