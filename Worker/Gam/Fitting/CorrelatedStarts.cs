using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Further starts of the search of a model with correlated random effects, where the first one ended at the border of the covariances: a
/// correlation of 1 or -1, or a variance of 0. From the best minimum so far, the covariance of one pair of effects is moved to a positive
/// and to a negative correlation. A workspace; not thread-safe.
/// </summary>
/// <remarks>
/// At a variance of 0, the search does not see that a covariance would improve the criterion: it is 0 with the variance, and only both
/// together lead away.
/// </remarks>
internal sealed class CorrelatedStarts : IOtherStarts
{
    /// <summary>The ratio of an entry below the diagonal to that on it at a start: a correlation of 0.71.</summary>
    private const double Ratio = 1;

    /// <summary>How much better a minimum must be, per row: above the rounding errors of a criterion.</summary>
    private const double Improvement = 1e-9;

    private const int MaxRounds = 3;

    private readonly GamDesign _design;
    private readonly (FactorEntry Entry, FactorEntry[] Diagonal)[] _pairs;
    private readonly double[] _best;
    private double _value;
    private int _move; // two for each pair
    private int _last; // the move after which all have been tried since the last improvement

    /// <summary>Creates the workspace.</summary>
    public CorrelatedStarts(GamDesign design)
    {
        (_design, _best) = (design, new double[design.PenaltyCount]);
        _pairs =
        [
            .. design.Random.SelectMany(term =>
                term.Entries.Where(entry => entry.IsCovariance)
                    .Select(entry =>
                        (entry, term.Entries.Where(own => !own.IsCovariance && (own.Row == entry.Row || own.Row == entry.Column)).ToArray())
                    )
            ),
        ];
    }

    /// <inheritdoc/>
    public bool HasMinimum { get; private set; }

    /// <inheritdoc/>
    public void Begin(ReadOnlySpan<double> rho, double value, bool converged)
    {
        rho.CopyTo(_best);
        (_value, HasMinimum) = (value, converged);
        (_move, _last) = (0, converged && !IsAtBorder() ? 0 : 2 * _pairs.Length);
    }

    /// <inheritdoc/>
    public bool Next(Span<double> rho)
    {
        if (_move >= Math.Min(_last, 2 * MaxRounds * _pairs.Length))
            return false;
        var (entry, diagonal) = _pairs[_move / 2 % _pairs.Length];
        _best.CopyTo(rho);
        foreach (var own in diagonal)
            rho[own.Parameter] = _design.Search.StartLogs[own.Parameter];
        var size = Ratio * ReproducibleMath.Exp(-rho[diagonal[^1].Parameter] / 2);
        rho[entry.Parameter] = _move % 2 == 0 ? size : -size;
        _move++;
        return true;
    }

    /// <inheritdoc/>
    public void Accept(ReadOnlySpan<double> rho, double value)
    {
        if (HasMinimum && !(value < _value - (Improvement * _design.Rows)))
            return;
        rho.CopyTo(_best);
        (_value, HasMinimum) = (value, true);
        _last = _move + (2 * _pairs.Length);
    }

    /// <inheritdoc/>
    public void End(Span<double> rho) => _best.CopyTo(rho);

    private bool IsAtBorder()
    {
        foreach (var (_, diagonal) in _pairs)
        foreach (var own in diagonal)
            if (_best[own.Parameter] >= _design.Search.UpperLogs[own.Parameter])
                return true;
        return false;
    }
}
