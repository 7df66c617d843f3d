using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Mixed.Profile;

namespace HpcFit.Worker.Mixed.Tiles;

/// <content>The minimum of the criterion, as <see cref="VarianceProfile"/> finds it, for a register of elements at once.</content>
internal sealed partial class MixedKernel<TLanes>
{
    private const double TwoPi = 6.283185307179586477;

    /// <summary>Residual squares smaller than this, relative to those of the response, have lost too many digits in sums.</summary>
    private const double SmallestShare = 1e-6;

    /// <summary>Newton's steps at most; a minimum needs two or three.</summary>
    private const int MaxSteps = 60;

    /// <summary>A relative step after which t is right to about its square.</summary>
    private const double LastStep = 1e-5;

    /// <summary>ln of the ratio of neighbouring points of the grid.</summary>
    private const double LogRatio = 0.94000725849147115;

    private readonly TLanes[] _criteria;
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
            Interpolate(nodes, tile.CrossSumsOfClasses, (c * Width) + lane, stride, tile.CrossSums);
        Interpolate(nodes, tile.SquareSumsOfClasses, lane, Width, tile.SquareSums);
    }

    private static void Interpolate(MassNodes nodes, double[] source, int first, int stride, double[] target)
    {
        const int AtOnce = 6;
        var classes = nodes.Weights.Length / nodes.Count;
        for (var node = 0; node < nodes.Count; node += AtOnce)
        {
            // Those after the last are the last again.
            var last = nodes.Count - 1;
            ref var weights = ref MemoryMarshal.GetArrayDataReference(nodes.Weights);
            ref var a = ref Unsafe.Add(ref weights, node * classes);
            ref var b = ref Unsafe.Add(ref weights, Math.Min(node + 1, last) * classes);
            ref var c = ref Unsafe.Add(ref weights, Math.Min(node + 2, last) * classes);
            ref var d = ref Unsafe.Add(ref weights, Math.Min(node + 3, last) * classes);
            ref var e = ref Unsafe.Add(ref weights, Math.Min(node + 4, last) * classes);
            ref var f = ref Unsafe.Add(ref weights, Math.Min(node + 5, last) * classes);
            ref var sums = ref source[first];
            TLanes ofA = default,
                ofB = default,
                ofC = default,
                ofD = default,
                ofE = default,
                ofF = default;
            for (var k = 0; k < classes; k++)
            {
                var sum = TLanes.Load(ref sums);
                ofA = TLanes.AddProduct(ofA, TLanes.Broadcast(Unsafe.Add(ref a, k)), sum);
                ofB = TLanes.AddProduct(ofB, TLanes.Broadcast(Unsafe.Add(ref b, k)), sum);
                ofC = TLanes.AddProduct(ofC, TLanes.Broadcast(Unsafe.Add(ref c, k)), sum);
                ofD = TLanes.AddProduct(ofD, TLanes.Broadcast(Unsafe.Add(ref d, k)), sum);
                ofE = TLanes.AddProduct(ofE, TLanes.Broadcast(Unsafe.Add(ref e, k)), sum);
                ofF = TLanes.AddProduct(ofF, TLanes.Broadcast(Unsafe.Add(ref f, k)), sum);
                sums = ref Unsafe.Add(ref sums, stride);
            }
            TLanes.Store(ofF, ref target[first + (Math.Min(node + 5, last) * stride)]);
            TLanes.Store(ofE, ref target[first + (Math.Min(node + 4, last) * stride)]);
            TLanes.Store(ofD, ref target[first + (Math.Min(node + 3, last) * stride)]);
            TLanes.Store(ofC, ref target[first + (Math.Min(node + 2, last) * stride)]);
            TLanes.Store(ofB, ref target[first + (Math.Min(node + 1, last) * stride)]);
            TLanes.Store(ofA, ref target[first + (node * stride)]);
        }
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
            _criteria[point] = squares * TLanes.Broadcast(_pointScales[point]);
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
            var isFound = NextMinimum(ref left, ref last, out var t, out var low, out var high);
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
    /// The next minimum of each lane on the grid, where the search starts, and its neighbours; a mask of the lanes with one.
    /// </summary>
    /// <param name="left">A mask of the lanes that may have one; receives that of those that have another after it.</param>
    /// <param name="last">The point of the last minimum; receives that of the next.</param>
    /// <param name="start">Receives where the search starts.</param>
    /// <param name="low">Receives the point before.</param>
    /// <param name="high">Receives the point after.</param>
    private TLanes NextMinimum(ref TLanes left, ref TLanes last, out TLanes start, out TLanes low, out TLanes high)
    {
        var one = TLanes.Broadcast(1);
        TLanes isFound = default,
            hasMore = default,
            isInside = default;
        (start, low, high) = (default, default, default);
        var (a, b, c, d, e) = (one, one, one, one, one);
        for (var point = 0; point < ProfileGrid.Points; point++)
        {
            var (below, above) = (Math.Max(0, point - 1), Math.Min(point + 1, ProfileGrid.Points - 1));
            var here = _criteria[point];
            var isMinimum = TLanes.WhereSet(left, TLanes.LessThan(last, TLanes.Broadcast(point)));
            isMinimum = TLanes.WhereSet(isMinimum, TLanes.LessThanOrEqual(here, _criteria[below]));
            isMinimum = TLanes.WhereSet(isMinimum, TLanes.LessThanOrEqual(here, _criteria[above]));
            if (!TLanes.Any(isMinimum))
                continue;
            hasMore = TLanes.Select(isMinimum, TLanes.Select(isFound, isMinimum, hasMore), hasMore);
            isMinimum = TLanes.Drop(isFound, isMinimum);
            start = TLanes.Select(isMinimum, TLanes.Broadcast(ProfileGrid.Values[point]), start);
            low = TLanes.Select(isMinimum, TLanes.Broadcast(ProfileGrid.Values[below]), low);
            high = TLanes.Select(isMinimum, TLanes.Broadcast(ProfileGrid.Values[above]), high);
            last = TLanes.Select(isMinimum, TLanes.Broadcast(point), last);
            isFound = TLanes.Select(isMinimum, isMinimum, isFound);
            if (point is < 3 or > ProfileGrid.Points - 3)
                continue;
            isInside = TLanes.Select(isMinimum, isMinimum, isInside);
            (a, b) = (TLanes.Select(isMinimum, _criteria[point - 2], a), TLanes.Select(isMinimum, _criteria[below], b));
            (d, e) = (TLanes.Select(isMinimum, _criteria[above], d), TLanes.Select(isMinimum, _criteria[point + 2], e));
            c = TLanes.Select(isMinimum, here, c);
        }
        if (TLanes.Any(isInside))
            start = TLanes.Select(isInside, start * Vertex(a / c, b / c, d / c, e / c), start);
        left = hasMore;
        return isFound;
    }

    /// <summary>
    /// The factor from a point of the grid to the minimum of the polynomial of degree four in ln t through the criterion there and at two
    /// neighbours on either side.
    /// </summary>
    /// <param name="a">The value of <see cref="EvaluateGrid"/> two points before, over that at the point.</param>
    /// <param name="b">The same one point before.</param>
    /// <param name="d">The same one point after.</param>
    /// <param name="e">The same two points after.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TLanes Vertex(TLanes a, TLanes b, TLanes d, TLanes e)
    {
        (a, b, d, e) = (ReproducibleMath.Log(a), ReproducibleMath.Log(b), ReproducibleMath.Log(d), ReproducibleMath.Log(e));
        // Twelve times the first derivative at the point and the second, and parts of the third and fourth, where the value is 0.
        var eight = TLanes.Broadcast(8);
        var slope = a - e + eight * (d - b);
        var bend = TLanes.Broadcast(16) * (b + d) - (a + e);
        var third = TLanes.Broadcast(3) * (e - a + (b + b) - (d + d));
        var fourth = a + e - TLanes.Broadcast(4) * (b + d);
        fourth += fourth;
        var isBent = TLanes.LessThan(default, bend);
        bend = TLanes.Select(isBent, bend, TLanes.Broadcast(1));
        var (half, none) = (TLanes.Broadcast(0.5), default(TLanes));
        var x = Bounded(none - slope / bend);
        for (var step = 0; step < 2; step++)
        {
            var value = slope + x * (bend + x * (third + x * fourth));
            var change = bend + x * (third + third + TLanes.Broadcast(3) * x * fourth);
            change = TLanes.Select(TLanes.LessThan(half * bend, change), change, bend);
            x = Bounded(x - value / change);
        }
        return TLanes.Select(isBent, ReproducibleMath.Exp(x * TLanes.Broadcast(LogRatio)), TLanes.Broadcast(1));

        static TLanes Bounded(TLanes x)
        {
            var (most, least) = (TLanes.Broadcast(0.75), TLanes.Broadcast(-0.75));
            return TLanes.Select(TLanes.LessThan(most, x), most, TLanes.Select(TLanes.LessThan(x, least), least, x));
        }
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
