using System.Runtime.CompilerServices;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Generalized;

/// <content>The passes over the rows.</content>
internal sealed partial class ScoringKernel<TLanes, TFamily, TLink>
{
    /// <summary>Rows whose weights and scores are computed before they are summed: independent rows hide latencies.</summary>
    private const int RowsAtOnce = 8;

    private readonly LaneArray<TLanes> _predictors = new(RowsAtOnce);
    private readonly LaneArray<TLanes> _means = new(RowsAtOnce);
    private readonly LaneArray<TLanes> _weights = new(RowsAtOnce);
    private readonly LaneArray<TLanes> _scores = new(RowsAtOnce);
    private readonly LaneArray<TLanes> _weighted = new(RowsAtOnce);
    private TLanes _deviance;
    private TLanes _pearson;
    private TLanes _pearsonTotal; // Σ w y² / V
    private TLanes _distance; // of the nearest fitted mean from a limit

    /// <summary>
    /// Takes the responses of a register's lanes; a mask of those with responses that belong to the family, are not all equal and leave
    /// residual degrees of freedom.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TLanes Load(in ElementTile tile, int lane)
    {
        Span<TLanes> responses = _responses.Span,
            present = _present.Span;
        var accepted = All;
        ReadOnlySpan<double> weights = _rows.Tables.Weight.AsSpan(0, _count);
        TLanes smallest = TLanes.Broadcast(double.PositiveInfinity),
            largest = TLanes.Broadcast(double.NegativeInfinity);
        (_hasMissing, _observed, _priorWeights) = (false, default, default);
        for (var row = 0; row < responses.Length; row++)
        {
            var at = tile.RowStarts[row] + lane;
            var y = tile.Doubles.IsEmpty ? TLanes.Widen(in tile.Singles[at]) : TLanes.Load(in tile.Doubles[at]);
            var isPresent = TLanes.Finite(y);
            _hasMissing |= !TLanes.All(isPresent);
            present[row] = isPresent;
            responses[row] = y = TLanes.Select(isPresent, y, TLanes.Broadcast(TFamily.SomeResponse));
            var weight = TLanes.Broadcast(weights[row]);
            accepted = TLanes.WhereSet(accepted, TLanes.Select(isPresent, TFamily.Accepts(y, weight, _isQuasi), All));
            smallest = TLanes.Select(TLanes.WhereSet(isPresent, TLanes.LessThan(y, smallest)), y, smallest);
            largest = TLanes.Select(TLanes.WhereSet(isPresent, TLanes.LessThan(largest, y)), y, largest);
            _observed += TLanes.WhereSet(isPresent, TLanes.Broadcast(1));
            _priorWeights += TLanes.WhereSet(isPresent, weight);
        }
        _largest = largest;
        var least = TLanes.Broadcast(_rows.CanRemoveRows ? _rank + 1 : _count);
        var isEnough = TLanes.WhereSet(TLanes.LessThanOrEqual(least, _observed), TLanes.LessThan(TLanes.Broadcast(_rank), _observed));
        return TLanes.WhereSet(accepted, TLanes.WhereSet(isEnough, TLanes.LessThan(smallest, largest)));
    }

    /// <summary>The first coordinates, from R's starting means; a mask of the lanes that can go on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TLanes Start(TLanes pending)
    {
        if (_hasMissing)
            pending = TLanes.WhereSet(pending, HasGoodRows());
        Clear();
        Span<TLanes> responses = _responses.Span,
            weights = _weights.Span,
            scores = _scores.Span;
        for (var first = 0; first < _count; first += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, _count - first);
            for (var r = 0; r < rows; r++)
            {
                var (y, prior) = (responses[first + r], Prior(first + r));
                var predictor = TLink.Apply(TFamily.StartingMean(y, TLanes.Broadcast(_rows.Tables.Weight[first + r])));
                pending = TLanes.WhereSet(pending, TLink.IsValid(predictor));
                var (mean, slope) = TLink.Invert(predictor);
                var scaled = prior * Ratio(mean, slope, default);
                weights[r] = scaled * slope;
                scores[r] = scaled * (y - mean) + weights[r] * (predictor - TLanes.Broadcast(_rows.Tables.Offset[first + r]));
            }
            Sum(first, rows);
        }
        pending = TLanes.WhereSet(pending, Factor(SmallestPivot));
        Solve();
        for (var c = 0; c < _rank; c++)
            _coordinates[c] = _step[c];
        if (TFamily.HasShape)
            StartShape();
        return pending;
    }

    /// <summary>Weights, scores and their sums at the coordinates; a mask of the lanes with valid means.</summary>
    /// <param name="withDeviances">Whether deviances are summed, too.</param>
    private TLanes Evaluate(bool withDeviances)
    {
        Clear();
        var isValid = All;
        for (var first = 0; first < _count; first += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, _count - first);
            Predict(first, rows);
            isValid = TLanes.WhereSet(isValid, Weigh(first, rows));
            Sum(first, rows);
            if (withDeviances)
                AddDeviances(first, rows);
            if (TFamily.HasShape)
                AddShapes(first, rows);
        }
        return isValid;
    }

    /// <summary>Means, weights and scores of some rows at their predictors; a mask of the lanes where they are valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TLanes Weigh(int first, int rows)
    {
        var (isValid, alpha) = (All, _alpha);
        Span<TLanes> responses = _responses.Span.Slice(first, rows),
            predictors = _predictors.Span[..rows],
            means = _means.Span[..rows],
            weights = _weights.Span[..rows],
            scores = _scores.Span[..rows];
        for (var r = 0; r < predictors.Length; r++)
        {
            var (predictor, prior) = (predictors[r], Prior(first + r));
            var (mean, slope) = TLink.Invert(predictor);
            means[r] = mean;
            isValid = TLanes.WhereSet(isValid, TLanes.WhereSet(TLink.IsValid(predictor), TFamily.IsValidMean(mean)));
            var scaled = prior * Ratio(mean, slope, alpha);
            weights[r] = scaled * slope;
            scores[r] = scaled * (responses[r] - mean);
        }
        return isValid;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Predict(int first, int rows)
    {
        var predictors = _predictors.Span[..rows];
        var tables = _rows.Tables;
        for (var r = 0; r < predictors.Length; r++)
            predictors[r] = TLanes.Broadcast(tables.Offset[first + r]);
        for (var c = 0; c < _rank; c++)
        {
            var coordinate = _coordinates[c];
            ReadOnlySpan<double> column = tables.Basis.AsSpan((c * _count) + first, rows);
            for (var r = 0; r < predictors.Length; r++)
                predictors[r] = TLanes.AddProduct(predictors[r], coordinate, TLanes.Broadcast(column[r]));
        }
    }

    /// <summary>Adds B'u and the lower triangle of B'WB of some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(int first, int rows)
    {
        Span<TLanes> weights = _weights.Span[..rows],
            scores = _scores.Span[..rows],
            weighted = _weighted.Span[..rows];
        var basis = _rows.Tables.Basis;
        for (int a = 0, place = 0; a < _rank; a++)
        {
            var column = basis.AsSpan((a * _count) + first, rows);
            var sum = _projections[a];
            for (var r = 0; r < column.Length; r++)
            {
                var value = TLanes.Broadcast(column[r]);
                sum = TLanes.AddProduct(sum, scores[r], value);
                weighted[r] = weights[r] * value;
            }
            _projections[a] = sum;
            for (var b = 0; b <= a; b++, place++)
            {
                var other = basis.AsSpan((b * _count) + first, rows);
                var product = _gram[place];
                for (var r = 0; r < other.Length; r++)
                    product = TLanes.AddProduct(product, weighted[r], TLanes.Broadcast(other[r]));
                _gram[place] = product;
            }
        }
    }

    private void Clear()
    {
        Array.Clear(_projections);
        Array.Clear(_gram);
        (_deviance, _pearson, _pearsonTotal) = (default, default, default);
        _distance = TLanes.Broadcast(double.PositiveInfinity);
    }

    /// <summary>A mask of the lanes whose observed rows determine the columns nearly as well as all rows.</summary>
    private TLanes HasGoodRows()
    {
        Clear();
        _scores.Span.Clear();
        for (var first = 0; first < _count; first += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, _count - first);
            for (var r = 0; r < rows; r++)
                _weights.Span[r] = Prior(first + r);
            Sum(first, rows);
        }
        // Of all rows it is the identity, so that pivots need no scale.
        Factor(0);
        var isGood = All;
        for (var i = 0; i < _rank; i++)
        {
            var pivot = _gram[(i * (i + 1) / 2) + i];
            isGood = TLanes.WhereSet(isGood, TLanes.LessThanOrEqual(TLanes.Broadcast(SmallestObservedPivot), pivot * pivot));
        }
        return isGood;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddDeviances(int first, int rows)
    {
        Span<TLanes> responses = _responses.Span.Slice(first, rows),
            means = _means.Span[..rows];
        for (var r = 0; r < means.Length; r++)
        {
            var (y, mean, prior) = (responses[r], means[r], Prior(first + r));
            _deviance = TLanes.AddProduct(_deviance, prior, TFamily.UnitDeviance(y, mean, _alpha));
            var (share, deviation) = (prior / TFamily.Variance(mean, _alpha), y - mean);
            _pearson = TLanes.AddProduct(_pearson, share * deviation, deviation);
            _pearsonTotal = TLanes.AddProduct(_pearsonTotal, share * y, y);
            _distance = TLanes.Min(_distance, TFamily.DistanceFromLimit(mean, _largest));
        }
    }

    /// <summary>(dμ/dη) / V(μ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Ratio(TLanes mean, TLanes slope, TLanes alpha) =>
        TFamily.IsCanonical<TLink>() ? TLanes.Broadcast(1) : slope / TFamily.Variance(mean, alpha);

    /// <summary>The prior weight of a row; 0 where it is missing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Prior(int row)
    {
        var weight = TLanes.Broadcast(_rows.Tables.Weight[row]);
        return _hasMissing ? TLanes.WhereSet(_present.Span[row], weight) : weight;
    }
}
