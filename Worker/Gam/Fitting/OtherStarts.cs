using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Further starts of the search by a likelihood for the parameters of three or more overlapping penalties (<c>sz</c>, <c>ad</c>, <c>te</c>
/// of three variables), where there often are several minima: from the best minimum so far, one penalty after the other is moved far up,
/// far down, or back from its bound, and the search continues from there. Repeated until no such move leads to a better minimum. A
/// workspace; not thread-safe.
/// </summary>
/// <remarks>
/// Basin hopping (Wales and Doye 1997, J. Phys. Chem. A 101, 5111-5116) with fixed moves in place of random ones, so that a result depends
/// on the element alone. With fewer penalties <see cref="InitialSearch"/> has found mgcv's minimum or a better one by likelihoods in all
/// fits compared. Prediction error criteria have more minima, the deepest of which is often not mgcv's; they keep to its path.
/// </remarks>
internal sealed class OtherStarts : IOtherStarts
{
    /// <summary>The largest number of times that all penalties are moved.</summary>
    private const int MaxRounds = 4;

    /// <summary>A move in log λ from the common start: a factor of a thousand.</summary>
    private static readonly double Far = ReproducibleMath.Log(1000);

    /// <summary>How much better a minimum must be, per row: above the rounding errors of a criterion.</summary>
    private const double Improvement = 1e-9;

    private readonly GamDesign _design;
    private readonly double[] _best;
    private double _value;
    private int _move; // two for each penalty
    private int _moves;
    private int _last; // the move after which all have been tried since the last improvement

    private readonly double[] _starts;
    private readonly double[] _uppers;
    private readonly int _penalties;
    private readonly int _count; // of moves

    private OtherStarts(GamDesign design, double[] starts, double[] uppers, bool alsoTogether)
    {
        (_design, _starts, _uppers, _penalties) = (design, starts, uppers, design.PenaltyCount);
        _count = 2 * (alsoTogether ? _penalties + 1 : _penalties);
        _best = new double[starts.Length];
    }

    /// <inheritdoc/>
    public bool HasMinimum { get; private set; }

    /// <summary>The further starts of a design; null: it needs none.</summary>
    public static OtherStarts? For(GamDesign design) => For(design, design.Search.StartLogs, design.Search.UpperLogs, alsoTogether: false);

    /// <summary>The further starts of a search that has a range of its own; null: it needs none.</summary>
    /// <param name="design">The design.</param>
    /// <param name="starts">The start of each parameter, log λ of the penalties first; others are not moved.</param>
    /// <param name="uppers">The upper bounds.</param>
    /// <param name="alsoTogether">Whether all penalties are also moved together, from the common start: for a search that does not begin in
    /// mgcv's valley.</param>
    public static OtherStarts? For(GamDesign design, double[] starts, double[] uppers, bool alsoTogether) =>
        design.Method.IsLikelihood()
        && design.Smooths.Any(place => place.Smooth.Penalties.Count > 2 && place.HasOverlappingPenalties)
        && design.FixedParameters.Any(parameter => parameter < 0)
            ? new(design, starts, uppers, alsoTogether)
            : null;

    /// <inheritdoc/>
    public void Begin(ReadOnlySpan<double> rho, double value, bool converged)
    {
        rho.CopyTo(_best);
        (_value, HasMinimum) = (value, converged);
        (_move, _moves, _last) = (0, 0, _count);
    }

    /// <inheritdoc/>
    public bool Next(Span<double> rho)
    {
        while (_moves < _last && _moves < MaxRounds * _count)
        {
            var (j, isUp) = (_move / 2, _move % 2 == 0);
            _move = (_move + 1) % _count;
            _moves++;
            if (j == _penalties)
            {
                if (_moves > _count)
                    continue; // The common start has not moved.
                _best.CopyTo(rho);
                for (var k = 0; k < _penalties; k++)
                    if (_design.FixedParameters[k] < 0)
                        rho[k] = isUp ? Math.Min(_starts[k] + Far, _uppers[k]) : Math.Max(_starts[k] - Far, SmoothnessSearch.LowestLog);
                return true;
            }
            if (_design.FixedParameters[j] >= 0)
                continue;
            var (start, upper) = (_starts[j], _uppers[j]);
            var target = isUp ? Math.Min(start + Far, upper) : Math.Max(start - Far, SmoothnessSearch.LowestLog);
            if (_best[j] >= upper)
            {
                // Fully smoothed: back to the start, once.
                if (!isUp)
                    continue;
                target = start;
            }
            // The search has come from there, or is there.
            else if (isUp ? _best[j] >= target : _best[j] <= target)
                continue;
            _best.CopyTo(rho);
            rho[j] = target;
            return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public void Accept(ReadOnlySpan<double> rho, double value)
    {
        if (HasMinimum && !(value < _value - (Improvement * _design.Rows)))
            return;
        rho.CopyTo(_best);
        (_value, HasMinimum) = (value, true);
        _last = _moves + _count;
    }

    /// <inheritdoc/>
    public void End(Span<double> rho) => _best.CopyTo(rho);
}
