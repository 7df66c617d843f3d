using System.Runtime.CompilerServices;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Generalized;

/// <content>
/// The estimate of α = 1/θ of negative binomial counts, along with the coefficients: a step of Newton's in ln α after every pass, with the
/// likelihood of <see cref="ThetaEstimate"/>.
/// </content>
internal sealed partial class ScoringKernel<TLanes, TFamily, TLink>
{
    /// <summary>The pass, with Poisson's weights, from whose means the first α follows.</summary>
    private const int PassOfMoments = 2;

    /// <summary>Larger counts are left to the fit by elements.</summary>
    private const int LargestCount = 1024;

    /// <summary>Where α times the mean is smaller, counts vary little more than Poisson's, and sums lose digits.</summary>
    private const double SmallestExcess = 0.02;

    private readonly LaneArray<TLanes> _larger = new(TFamily.HasShape ? LargestCount : 0);
    private int _values;
    private TLanes _alpha;
    private TLanes _curvature; // of the log-likelihood in α
    private TLanes _excess; // Σ w ((y − μ)² − y), then Σ w (ln(1 + t) − t / (1 + t)) with t = α μ
    private TLanes _squares; // Σ w μ², then Σ w (t² / (1 + t)² − 2 (ln(1 + t) − t / (1 + t)))
    private TLanes _shares; // Σ w y μ / (1 + t)
    private TLanes _shareSquares; // Σ w y (μ / (1 + t))²
    private TLanes _meanSum; // Σ w μ
    private bool _hasAlpha;

    /// <summary>Sums, for every count j, the weights of the larger counts.</summary>
    private void StartShape()
    {
        (_alpha, _hasAlpha, _values) = (default, false, 0);
        ClearShape();
        var larger = _larger.Span;
        larger.Clear();
        Span<double> lanes = _larger.Lanes,
            responses = _responses.Lanes;
        for (var row = 0; row < _count; row++)
        for (var lane = 0; lane < TLanes.Count; lane++)
        {
            var count = Math.Round(responses[(row * TLanes.Count) + lane]);
            if (!(count >= 1))
                continue;
            var last = (int)Math.Min(count, LargestCount) - 1;
            if (BitConverter.DoubleToInt64Bits(_present.Lanes[(row * TLanes.Count) + lane]) != 0)
                lanes[(last * TLanes.Count) + lane] += _rows.Tables.Weight[row];
            _values = Math.Max(_values, last + 1);
        }
        for (var j = _values - 2; j >= 0; j--)
            larger[j] += larger[j + 1];
    }

    private void ClearShape() => (_excess, _squares, _shares, _shareSquares, _meanSum) = (default, default, default, default, default);

    private void AddShapes(int first, int rows)
    {
        if (_hasAlpha)
            AddDerivatives(first, rows);
        else
            AddMoments(first, rows);
    }

    private void AddMoments(int first, int rows)
    {
        for (var r = 0; r < rows; r++)
        {
            var (y, mean, prior) = (_responses.Span[first + r], _means.Span[r], Prior(first + r));
            var deviation = y - mean;
            _excess += prior * (deviation * deviation - y);
            _squares += prior * mean * mean;
            _meanSum += prior * mean;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddDerivatives(int first, int rows)
    {
        Span<TLanes> responses = _responses.Span.Slice(first, rows),
            means = _means.Span[..rows];
        var (one, alpha) = (TLanes.Broadcast(1), _alpha);
        for (var r = 0; r < means.Length; r++)
        {
            var (mean, prior) = (means[r], Prior(first + r));
            var t = alpha * mean;
            var u = one + t;
            var inverse = one / u;
            var (ofMean, ofT) = (mean * inverse, t * inverse);
            // ln(1 + t), with the rounding error of 1 + t.
            var excess = TLanes.AddProduct(ReproducibleMath.FusedLog(u), t - (u - one), inverse) - ofT;
            var share = prior * responses[r] * ofMean;
            _meanSum = TLanes.AddProduct(_meanSum, prior, mean);
            _excess = TLanes.AddProduct(_excess, prior, excess);
            _squares = TLanes.AddProduct(_squares, prior, TLanes.SubtractProduct(ofT * ofT, TLanes.Broadcast(2), excess));
            _shares += share;
            _shareSquares = TLanes.AddProduct(_shareSquares, share, ofMean);
        }
    }

    /// <summary>Moves α; a mask of the lanes that can go on.</summary>
    /// <param name="pass">The number of the pass.</param>
    /// <param name="change">The change of the predictors; receives the larger of it and that of ln α.</param>
    private TLanes MoveShape(int pass, ref TLanes change)
    {
        var canGoOn = All;
        if (_hasAlpha)
            canGoOn = StepInLogarithm(ref change);
        else if (pass == PassOfMoments)
        {
            (_alpha, _hasAlpha) = (_excess / _squares, true);
            canGoOn = TLanes.WhereSet(IsOverdispersed(), TLanes.LessThanOrEqual(_largest, TLanes.Broadcast(LargestCount)));
            change = TLanes.Broadcast(1);
        }
        ClearShape();
        return canGoOn;
    }

    private TLanes StepInLogarithm(ref TLanes change)
    {
        TLanes first = default,
            second = default;
        var larger = _larger.Span[.._values];
        for (var j = 1; j < larger.Length; j++)
        {
            var value = TLanes.Broadcast(j);
            var share = value / (TLanes.Broadcast(1) + _alpha * value);
            var weighted = larger[j] * share;
            first += weighted;
            second += weighted * share;
        }
        var square = _alpha * _alpha;
        first = first + _excess / square - _shares;
        second = _squares / (square * _alpha) + _shareSquares - second;
        _curvature = second;
        var slope = _alpha * first;
        var curvature = slope + square * second;
        var two = TLanes.Broadcast(2);
        var step = default(TLanes) - slope / curvature;
        step = TLanes.Select(TLanes.LessThan(two, step), two, step);
        step = TLanes.Select(TLanes.LessThan(step, default(TLanes) - two), default(TLanes) - two, step);
        var size = TLanes.Abs(step);
        change = TLanes.Select(TLanes.LessThan(change, size), size, change);
        var isOverdispersed = IsOverdispersed();
        _alpha *= ReproducibleMath.Exp(step);
        return TLanes.WhereSet(isOverdispersed, TLanes.LessThan(curvature, default));
    }

    private TLanes IsOverdispersed() => TLanes.LessThan(TLanes.Broadcast(SmallestExcess) * _priorWeights, _alpha * _meanSum);
}
