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
    private readonly PlacedSmooth[] _others;
    private readonly int[] _kept; // penalised coordinates except the nuisance ones, the term's own last
    private readonly DenseMatrix[] _penalties; // by penalty, in γ
    private readonly DenseMatrix _information; // unpenalised coordinates, then kept ones
    private readonly double[] _seen; // a nuisance coordinate's products with them
    private readonly DenseMatrix? _absorbed; // the sum of an absorbed effect's products with (u, γ)

    private NuisanceRandomEffects(GamDesign design, PlacedSmooth term, PlacedSmooth[] others)
    {
        (this._design, this._term, this._others) = (design, term, others);
        var own = Enumerable.Range(term.FirstPenalised, term.PenalisedCount).ToArray();
        var away = others.SelectMany(other => Enumerable.Range(other.FirstPenalised, other.PenalisedCount)).ToHashSet();
        _kept = [.. Enumerable.Range(0, design.PenalisedCount).Where(i => !away.Contains(i)).Except(own), .. own];
        _penalties = [.. Enumerable.Range(0, design.PenaltyCount).Select(design.RootOf).Select(root => root.Transposed().Times(root))];
        _information = new DenseMatrix(design.UnpenalisedCount + _kept.Length, design.UnpenalisedCount + _kept.Length);
        _seen = new double[_information.Rows];
        _absorbed = design.Absorbed?.SumOfProducts();
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
        if (criterion is AbsorbedCriterion absorbed)
            for (var i = 0; i < _term.PenalisedCount; i++)
            for (var j = 0; j < _term.PenalisedCount; j++)
                frequentist[i, j] += absorbed.Information.Spread()[
                    _design.UnpenalisedCount + _term.FirstPenalised + i,
                    _design.UnpenalisedCount + _term.FirstPenalised + j
                ];
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
        if (criterion is AbsorbedCriterion absorbed)
            for (var i = 0; i < _information.Rows; i++)
            for (var j = 0; j <= i; j++)
                _information[i, j] += _absorbed![At(i), At(j)] / absorbed.Penalty;
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

    private double PenaltyOf(int i, int j, ReadOnlySpan<double> lambda)
    {
        var sum = 0.0;
        for (var p = 0; p < _penalties.Length; p++)
            sum += lambda[p] * _penalties[p][i, j];
        return sum;
    }
}
