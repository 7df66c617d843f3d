using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HpcFit.Worker.Mixed.Profile;

namespace HpcFit.Worker.Mixed.Tiles;

/// <content>The minimum of the criterion, as <see cref="VarianceProfile"/> finds it, for a register of elements at once.</content>
internal sealed partial class MixedKernel<TLanes>
{
    /// <summary>Residual squares smaller than this, relative to those of the response, have lost too many digits in sums.</summary>
    private const double SmallestShare = 1e-6;

    /// <summary>Newton's steps at most; a minimum needs two or three.</summary>
    private const int MaxSteps = 60;

    /// <summary>A relative step after which t is right to about its square.</summary>
    private const double LastStep = 1e-5;

    private readonly GridMinima<TLanes> _grid = new();
    private readonly TLanes[] _shrinkage;
    private readonly TLanes[] _scaled;
    private readonly TLanes[] _squared;
    private readonly TLanes[] _cubed;
    private readonly TLanes[] _factor;
    private readonly TLanes[] _inverse;
    private readonly TLanes[] _decline;
    private readonly TLanes[] _bend;
    private readonly TLanes[] _ordinary;
    private readonly TLanes[] _shift;
    private readonly TLanes[] _push;
    private readonly TLanes[] _crossSlope;
    private readonly TLanes[] _crossBend;
    private readonly TLanes[] _atPoints;
    private readonly TLanes[] _solved;
    private readonly TLanes[] _lower;
    private readonly TLanes[] _row;
    private readonly TLanes[] _inversePivots;
    private readonly double[] _pointScales = new double[ProfileGrid.Points];
    private TLanes _evaluated;
    private TLanes _criterion;
    private TLanes _squares;
    private TLanes _logSlope;
    private TLanes _logBend;
    private TLanes _squaresSlope;
    private TLanes _squaresBend;

    private void Search(MixedTile tile, int lane)
    {
        if (_design.Nodes is { } nodes)
            Interpolate(nodes, tile, lane);
        var wanted = SubtractOrdinaryFit(tile, lane);
        var best = default(TLanes);
        if (TLanes.Any(wanted))
        {
            EvaluateGrid(tile, lane);
            best = FindMinimum(tile, lane, ref wanted);
        }
        TLanes.Store(wanted, ref tile.IsFitted[lane]);
        if (TLanes.Any(wanted))
            StoreMinimum(tile, lane, wanted, TLanes.WhereSet(wanted, best));
    }

    /// <summary>
    /// Ordinary least squares from the sums, and the sums of its residuals in place of those of the response; a mask of the lanes whose
    /// sums have kept their digits.
    /// </summary>
    private TLanes SubtractOrdinaryFit(MixedTile tile, int lane)
    {
        TLanes between = default,
            allBetween = default;
        for (var c = 0; c < _rank; c++)
        {
            var projection = TLanes.Load(in tile.WithinProjections[(c * Width) + lane]);
            for (var k = 0; k < _classes; k++)
                projection = TLanes.AddProduct(projection, Cross(tile, lane, k, c), TLanes.Broadcast(_design.InverseMass[k]));
            _ordinary[c] = projection;
        }
        var within = TLanes.Load(in tile.WithinSquares[lane]);
        var allWithin = within;
        Multiply(_design.PackedWithin, 0, 1);
        for (var c = 0; c < _rank; c++)
        {
            var twice = TLanes.Load(in tile.WithinProjections[(c * Width) + lane]);
            within = TLanes.SubtractProduct(within, _ordinary[c], twice + twice - _solved[c]);
        }
        for (var k = 0; k < _classes; k++)
        {
            Multiply(_design.PackedProducts, k, _classes);
            ref var crosses = ref tile.CrossSums[CrossPlace(lane, k, 0)];
            var squares = TLanes.Load(in tile.SquareSums[(k * Width) + lane]);
            allBetween = TLanes.AddProduct(allBetween, squares, TLanes.Broadcast(_design.InverseMass[k]));
            for (var c = 0; c < _rank; c++)
            {
                ref var place = ref Unsafe.Add(ref crosses, c * Width);
                var cross = TLanes.Load(ref place);
                squares = TLanes.SubtractProduct(squares, _ordinary[c], cross + cross - _solved[c]);
                TLanes.Store(cross - _solved[c], ref place);
            }
            between = TLanes.AddProduct(between, squares, TLanes.Broadcast(_design.InverseMass[k]));
            TLanes.Store(squares, ref tile.SquareSums[(k * Width) + lane]);
        }
        TLanes.Store(within, ref tile.WithinSquares[lane]);
        TLanes.Store(within + between, ref tile.OrdinarySquares[lane]);
        var share = TLanes.Broadcast(SmallestShare);
        var isKept = TLanes.WhereSet(TLanes.LessThan(share * allWithin, within), TLanes.LessThan(share * allBetween, between));
        return TLanes.WhereSet(TLanes.Finite(within + between), isKept);
    }

    /// <summary>A packed symmetric matrix times the ordinary fit.</summary>
    private void Multiply(double[] packed, int first, int stride)
    {
        ref var entry = ref packed[first];
        ref var ordinary = ref MemoryMarshal.GetArrayDataReference(_ordinary);
        ref var target = ref MemoryMarshal.GetArrayDataReference(_solved);
        for (var i = 0; i < _rank; i++)
        {
            var own = Unsafe.Add(ref ordinary, i);
            TLanes sum = default;
            for (var j = 0; j < i; j++, entry = ref Unsafe.Add(ref entry, stride))
            {
                var value = TLanes.Broadcast(entry);
                sum = TLanes.AddProduct(sum, value, Unsafe.Add(ref ordinary, j));
                Unsafe.Add(ref target, j) = TLanes.AddProduct(Unsafe.Add(ref target, j), value, own);
            }
            Unsafe.Add(ref target, i) = TLanes.AddProduct(sum, TLanes.Broadcast(entry), own);
            entry = ref Unsafe.Add(ref entry, stride);
        }
    }

    /// <summary>Sums at the nodes from those of the classes of the tables.</summary>
    private void Interpolate(MassNodes nodes, MixedTile tile, int lane)
    {
        var stride = _design.PaddedColumns * Width;
        for (var c = 0; c < _rank; c++)
            nodes.Distribute<TLanes>(tile.CrossSumsOfClasses, (c * Width) + lane, stride, tile.CrossSums);
        nodes.Distribute<TLanes>(tile.SquareSumsOfClasses, lane, Width, tile.SquareSums);
    }

    /// <summary>exp(criterion / degrees of freedom) at the points of the grid, up to a constant factor.</summary>
    private void EvaluateGrid(MixedTile tile, int lane)
    {
        const int Padded = SharedGroups.PaddedPoints;
        for (var c = 0; c < _rank; c++)
        {
            _atPoints.AsSpan(c * Padded, Padded).Clear();
            SumAtPoints(tile.CrossSums, CrossPlace(lane, 0, c), _design.PaddedColumns * Width, _design.CrossWeights, c * Padded);
        }
        _atPoints.AsSpan(_rank * Padded, Padded).Fill(TLanes.Load(in tile.WithinSquares[lane]));
        SumAtPoints(tile.SquareSums, lane, Width, _design.SquareWeights, _rank * Padded);
        ref var sums = ref MemoryMarshal.GetArrayDataReference(_atPoints);
        ref var inverse = ref MemoryMarshal.GetArrayDataReference(_design.PointInverses);
        for (var point = 0; point < ProfileGrid.Points; point++)
        {
            var squares = Unsafe.Add(ref sums, (_rank * Padded) + point);
            for (var c = 0; c < _rank; c++)
            {
                TLanes solved = default;
                for (var j = 0; j <= c; j++)
                {
                    solved = TLanes.AddProduct(solved, TLanes.Broadcast(inverse), Unsafe.Add(ref sums, (j * Padded) + point));
                    inverse = ref Unsafe.Add(ref inverse, 1);
                }
                squares = TLanes.SubtractProduct(squares, solved, solved);
            }
            squares = TLanes.Select(TLanes.LessThan(default, squares), squares, TLanes.Broadcast(1));
            _grid.Criteria[point] = squares * TLanes.Broadcast(_pointScales[point]);
        }
    }

    /// <summary>Adds the sums of classes with the weights of each point, four points at once.</summary>
    private void SumAtPoints(double[] sums, int first, int stride, double[] weights, int target)
    {
        ref var source = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(sums), first);
        ref var weight = ref MemoryMarshal.GetArrayDataReference(weights);
        for (var place = target; place < target + SharedGroups.PaddedPoints; place += SharedGroups.PointsAtOnce)
        {
            var (a, b, c, d) = (_atPoints[place], _atPoints[place + 1], _atPoints[place + 2], _atPoints[place + 3]);
            for (var k = 0; k < _classes; k++)
            {
                var sum = TLanes.Load(ref Unsafe.Add(ref source, k * stride));
                a = TLanes.AddProduct(a, TLanes.Broadcast(weight), sum);
                b = TLanes.AddProduct(b, TLanes.Broadcast(Unsafe.Add(ref weight, 1)), sum);
                c = TLanes.AddProduct(c, TLanes.Broadcast(Unsafe.Add(ref weight, 2)), sum);
                d = TLanes.AddProduct(d, TLanes.Broadcast(Unsafe.Add(ref weight, 3)), sum);
                weight = ref Unsafe.Add(ref weight, SharedGroups.PointsAtOnce);
            }
            (_atPoints[place], _atPoints[place + 1], _atPoints[place + 2], _atPoints[place + 3]) = (a, b, c, d);
        }
    }

    /// <summary>
    /// The t of the global minimum: every minimum of the grid is refined, one per round. Lanes without a result leave the mask.
    /// </summary>
    private TLanes FindMinimum(MixedTile tile, int lane, ref TLanes wanted)
    {
        var (best, last) = (default(TLanes), TLanes.Broadcast(-1));
        var (value, left) = (TLanes.Broadcast(double.PositiveInfinity), wanted);
        while (TLanes.Any(left))
        {
            var isFound = _grid.Next(ref left, ref last, out var t, out var low, out var high);
            if (!TLanes.Any(isFound))
                break;
            Refine(tile, lane, isFound, ref wanted, ref t, low, high);
            Differentiate(tile, lane, t);
            var criterion = Value(t);
            var isBetter = TLanes.WhereSet(isFound, TLanes.LessThan(criterion, value));
            best = TLanes.Select(isBetter, t, best);
            value = TLanes.Select(isBetter, criterion, value);
            left = TLanes.WhereSet(wanted, left);
        }
        wanted = TLanes.WhereSet(wanted, TLanes.Finite(value));
        _criterion = value;
        return best;
    }

    /// <summary>
    /// Newton's steps for a root of the derivative, inside a bracket that shrinks. A lane keeps its value from when it is found; lanes that
    /// leave the grid or are not done in time are no longer wanted.
    /// </summary>
    private void Refine(MixedTile tile, int lane, TLanes active, ref TLanes wanted, ref TLanes t, TLanes low, TLanes high)
    {
        var degrees = TLanes.Broadcast(_degrees);
        var atEnd = TLanes.WhereSet(active, TLanes.LessThanOrEqual(high, t));
        wanted = TLanes.Drop(atEnd, wanted);
        active = TLanes.Drop(atEnd, active);
        for (var step = 0; step < MaxSteps && TLanes.Any(active); step++)
        {
            Differentiate(tile, lane, t);
            var relative = _squaresSlope / _squares;
            var slope = TLanes.AddProduct(_logSlope, degrees, relative);
            var bend = TLanes.AddProduct(_logBend, degrees, TLanes.SubtractProduct(_squaresBend / _squares, relative, relative));
            var isFalling = TLanes.LessThan(slope, default);
            var isZero = TLanes.Drop(isFalling, TLanes.LessThanOrEqual(t, default));
            low = TLanes.Select(isFalling, t, low);
            high = TLanes.Select(isFalling, high, t);
            var next = Next(t, slope, bend, low, high);
            var isDone = TLanes.LessThanOrEqual(TLanes.Abs(next - t), TLanes.Broadcast(LastStep) * t);
            t = TLanes.Select(TLanes.Drop(isZero, active), next, t);
            active = TLanes.Drop(isDone, TLanes.Drop(isZero, active));
        }
        wanted = TLanes.Drop(active, wanted);
    }

    /// <summary>Newton's step in t, or else in ln t, or else the middle of the bracket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Next(TLanes t, TLanes slope, TLanes bend, TLanes low, TLanes high)
    {
        var isPositive = TLanes.LessThan(default, low);
        var middle = TLanes.Select(isPositive, TLanes.Sqrt(low) * TLanes.Sqrt(high), TLanes.Broadcast(1.0 / 16) * high);
        var ofLog = TLanes.AddProduct(slope, t, bend);
        var inLog = TLanes.SubtractProduct(t, t, slope / ofLog);
        var next = TLanes.Select(TLanes.WhereSet(TLanes.LessThan(default, ofLog), IsInside(inLog, low, high)), inLog, middle);
        var newton = t - slope / bend;
        return TLanes.Select(TLanes.WhereSet(TLanes.LessThan(default, bend), IsInside(newton, low, high)), newton, next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes IsInside(TLanes value, TLanes low, TLanes high) =>
        TLanes.WhereSet(TLanes.LessThan(low, value), TLanes.LessThan(value, high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Cross(MixedTile tile, int lane, int k, int column) => TLanes.Load(in tile.CrossSums[CrossPlace(lane, k, column)]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int CrossPlace(int lane, int k, int column) => (((k * _design.PaddedColumns) + column) * Width) + lane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Start(int row) => row * (row + 1) / 2;
}
