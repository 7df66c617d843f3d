using HpcFit.Worker.Mixed.Structured.Profile;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <content>The global minimum of the criterion, as <see cref="ThetaSearch"/> finds it, for a register of elements at once.</content>
internal sealed partial class StructuredKernel<TLanes>
{
    private const int MaxEvaluations = 80;
    private const double ShortestStep = 1e-10;
    private const double Small = 1e-2;

    /// <summary>θ beyond which differences have lost too many digits.</summary>
    private const double Largest = 1e3;

    /// <summary>A relative step after which the next would be below the precision of the gradient.</summary>
    private const double LastStep = 1e-7;

    /// <summary>
    /// A predicted fall, relative to the criterion, below which a step is the last, and is made only if it is short: where a variance is
    /// 0, other parameters can be redundant, and the criterion is level along a curve.
    /// </summary>
    private const double LastFall = 1e-14;

    private readonly TLanes[] _theta;
    private readonly TLanes[] _trial;
    private readonly TLanes[] _step;
    private readonly TLanes[] _next;
    private readonly TLanes[] _best;
    private readonly TLanes[] _bends;
    private readonly TLanes[] _isFixed;
    private readonly TLanes[] _factor;
    private readonly TLanes[] _pivots;
    private readonly TLanes[] _values;
    private TLanes _value;

    /// <summary>Finds the best θ of each lane; a mask of the lanes that have one.</summary>
    private TLanes Minimise(TLanes wanted)
    {
        EvaluateLattice();
        var last = TLanes.Broadcast(-1);
        var least = TLanes.Broadcast(double.PositiveInfinity);
        Array.Fill(_best, TLanes.Broadcast(1));
        while (true)
        {
            var isFound = NextStart(wanted, ref last);
            if (!TLanes.Any(isFound))
                break;
            Array.Clear(_isFixed);
            Descend(isFound, ref wanted);
            ZeroColumns(isFound, ref wanted);
            var isBetter = TLanes.WhereSet(TLanes.WhereSet(isFound, wanted), TLanes.LessThan(_value, least));
            least = TLanes.Select(isBetter, _value, least);
            for (var k = 0; k < _best.Length; k++)
                _best[k] = TLanes.Select(isBetter, _theta[k], _best[k]);
        }
        wanted = TLanes.WhereSet(wanted, TLanes.Finite(least));
        for (var k = 0; k < _best.Length; k++)
        {
            wanted = TLanes.WhereSet(wanted, TLanes.LessThan(TLanes.Abs(_best[k]), TLanes.Broadcast(Largest)));
            _best[k] = TLanes.Select(wanted, _best[k], TLanes.Broadcast(1));
        }
        ChooseSigns();
        return wanted;
    }

    /// <summary>The next local minimum of each lane on the lattice in θ; a mask of the lanes with one.</summary>
    private TLanes NextStart(TLanes wanted, ref TLanes last)
    {
        TLanes isFound = default;
        for (var point = 0; point < _values.Length; point++)
        {
            var place = TLanes.Broadcast(point);
            var isMinimum = TLanes.Drop(isFound, TLanes.WhereSet(wanted, TLanes.LessThan(last, place)));
            isMinimum = TLanes.WhereSet(isMinimum, _lattice.LocalMinimum(_values, point));
            if (!TLanes.Any(isMinimum))
                continue;
            var theta = _lattice.Theta(point);
            for (var k = 0; k < _theta.Length; k++)
                _theta[k] = TLanes.Select(isMinimum, TLanes.Broadcast(theta[k]), _theta[k]);
            for (var d = 0; d < _lattice.Diagonals.Length; d++)
            {
                ref var start = ref _theta[_lattice.Diagonals[d]];
                start = TLanes.Select(isMinimum, start * _lattice.Vertex(_values, point, d), start);
            }
            last = TLanes.Select(isMinimum, place, last);
            isFound = TLanes.Select(isMinimum, isMinimum, isFound);
        }
        for (var k = 0; k < _theta.Length; k++)
            _theta[k] = TLanes.Select(isFound, _theta[k], TLanes.Broadcast(1));
        return isFound;
    }

    /// <summary>
    /// Newton's method from θ over the parameters that are not fixed. A lane keeps θ, its criterion and the diagonal of its Hessian from
    /// when it is done; lanes that are not done in time are no longer wanted.
    /// </summary>
    private void Descend(TLanes active, ref TLanes wanted)
    {
        var (zero, one) = (default(TLanes), TLanes.Broadcast(1));
        var (fall, length, isFirst) = (zero, one, active);
        _theta.CopyTo(_trial, 0);
        _value = TLanes.Select(active, TLanes.Broadcast(double.PositiveInfinity), _value);
        for (var evaluation = 0; evaluation < MaxEvaluations && TLanes.Any(active); evaluation++)
        {
            Evaluate(_trial);
            var reached = _criterion.Criterion;
            var noise = TLanes.Broadcast(1e-13) * (one + TLanes.Abs(_value));
            var bound = _value + TLanes.Broadcast(1e-4) * length * fall + noise;
            var isAccepted = TLanes.WhereSet(active, TLanes.LessThanOrEqual(reached, bound));
            // Without a value at the start there is nowhere to return to.
            var isLost = TLanes.Drop(isAccepted, isFirst);
            isFirst = zero;
            _value = TLanes.Select(isAccepted, reached, _value);
            var ahead = Propose();
            var isDone = TLanes.WhereSet(isAccepted, IsConverged(ahead, out var isShort));
            for (var k = 0; k < _theta.Length; k++)
            {
                var bend = _criterion.Hessian[SharedStructure.Entry(k, k)];
                _bends[k] = TLanes.Select(isAccepted, bend, _bends[k]);
                _theta[k] = TLanes.Select(isAccepted, _trial[k], _theta[k]);
                _theta[k] = TLanes.Select(TLanes.WhereSet(isDone, isShort), _theta[k] + _next[k], _theta[k]);
                _step[k] = TLanes.Select(isAccepted, _next[k], _step[k]);
                isLost = TLanes.Select(TLanes.LessThan(TLanes.Broadcast(Largest), TLanes.Abs(_theta[k])), active, isLost);
            }
            fall = TLanes.Select(isAccepted, ahead, fall);
            length = TLanes.Select(isAccepted, one, TLanes.Broadcast(0.5) * length);
            isLost = TLanes.Select(TLanes.LessThan(length, TLanes.Broadcast(ShortestStep)), active, isLost);
            wanted = TLanes.Drop(isLost, wanted);
            active = TLanes.Drop(isLost, TLanes.Drop(isDone, active));
            for (var k = 0; k < _theta.Length; k++)
                _trial[k] = TLanes.Select(active, TLanes.AddProduct(_theta[k], length, _step[k]), _theta[k]);
        }
        wanted = TLanes.Drop(active, wanted);
    }

    /// <summary>
    /// The step from the last evaluation; returns the slope in its direction, which is negative. Pivots of an indefinite Hessian are
    /// replaced by their absolute values.
    /// </summary>
    private TLanes Propose()
    {
        var (count, zero, one) = (_theta.Length, default(TLanes), TLanes.Broadcast(1));
        var largest = zero;
        for (var k = 0; k < count; k++)
        for (var l = 0; l <= k; l++)
        {
            var value = _criterion.Hessian[SharedStructure.Entry(k, l)];
            value = TLanes.Drop(_isFixed[l], TLanes.Drop(_isFixed[k], value));
            if (k == l)
            {
                value = TLanes.Select(_isFixed[k], one, value);
                largest = TLanes.Select(TLanes.LessThan(largest, TLanes.Abs(value)), TLanes.Abs(value), largest);
            }
            _factor[SharedStructure.Entry(k, l)] = value;
        }
        var floor = TLanes.Broadcast(1e-12) * largest;
        for (var j = 0; j < count; j++)
        {
            var pivot = _factor[SharedStructure.Entry(j, j)];
            for (var k = 0; k < j; k++)
            {
                var scaled = _factor[SharedStructure.Entry(j, k)] * _pivots[k];
                pivot = TLanes.SubtractProduct(pivot, scaled, _factor[SharedStructure.Entry(j, k)]);
            }
            _pivots[j] = TLanes.Select(TLanes.LessThan(TLanes.Abs(pivot), floor), floor, pivot);
            var inverse = one / _pivots[j];
            for (var i = j + 1; i < count; i++)
            {
                var sum = _factor[SharedStructure.Entry(i, j)];
                for (var k = 0; k < j; k++)
                    sum = TLanes.SubtractProduct(
                        sum,
                        _factor[SharedStructure.Entry(i, k)] * _pivots[k],
                        _factor[SharedStructure.Entry(j, k)]
                    );
                _factor[SharedStructure.Entry(i, j)] = sum * inverse;
            }
        }
        for (var i = 0; i < count; i++)
        {
            var sum = TLanes.Drop(_isFixed[i], zero - _criterion.Gradient[i]);
            for (var k = 0; k < i; k++)
                sum = TLanes.SubtractProduct(sum, _factor[SharedStructure.Entry(i, k)], _next[k]);
            _next[i] = sum;
        }
        for (var i = count - 1; i >= 0; i--)
        {
            var sum = _next[i] / TLanes.Abs(_pivots[i]);
            for (var k = i + 1; k < count; k++)
                sum = TLanes.SubtractProduct(sum, _factor[SharedStructure.Entry(k, i)], _next[k]);
            _next[i] = sum;
        }
        return Shorten();
    }

    /// <summary>Shortens a step that would change a parameter by more than its size; returns the slope in its direction.</summary>
    private TLanes Shorten()
    {
        var (shrink, fall) = (TLanes.Broadcast(1), default(TLanes));
        for (var k = 0; k < _next.Length; k++)
        {
            var limit = TLanes.Broadcast(1.5) * TLanes.Abs(_trial[k]);
            var half = TLanes.Broadcast(0.5);
            limit = TLanes.Select(TLanes.LessThan(limit, half), half, limit);
            var size = TLanes.Abs(_next[k]);
            shrink = TLanes.Select(TLanes.LessThan(limit, shrink * size), limit / size, shrink);
        }
        for (var k = 0; k < _next.Length; k++)
            _next[k] *= shrink;
        StepToZero();
        for (var k = 0; k < _next.Length; k++)
            fall = TLanes.AddProduct(fall, _next[k], TLanes.Drop(_isFixed[k], _criterion.Gradient[k]));
        return fall;
    }

    /// <summary>A mask of the lanes in which the next step is the last that changes θ or the criterion.</summary>
    /// <param name="fall">The slope of the criterion in the direction of the step.</param>
    /// <param name="isShort">A mask of the lanes in which the step is short enough to be made without another evaluation.</param>
    private TLanes IsConverged(TLanes fall, out TLanes isShort)
    {
        var isFlat = TLanes.LessThanOrEqual(TLanes.Broadcast(-LastFall) * (TLanes.Broadcast(1) + TLanes.Abs(_criterion.Criterion)), fall);
        isShort = TLanes.Finite(fall);
        var isTiny = isShort;
        for (var k = 0; k < _next.Length; k++)
        {
            var (size, least) = (TLanes.Abs(_trial[k]), TLanes.Broadcast(Small));
            size = TLanes.Broadcast(LastStep) * TLanes.Select(TLanes.LessThan(size, least), least, size);
            isTiny = TLanes.WhereSet(isTiny, TLanes.LessThanOrEqual(TLanes.Abs(_next[k]), size));
            isShort = TLanes.WhereSet(isShort, TLanes.LessThanOrEqual(TLanes.Abs(_next[k]), TLanes.Broadcast(1e4) * size));
        }
        return TLanes.Select(isFlat, isFlat, isTiny);
    }

    /// <summary>Replaces the step of columns near 0 by one to 0 where the criterion rises from there.</summary>
    private void StepToZero()
    {
        for (var d = 0; d < _next.Length; d++)
        {
            if (!_shared.Structure.Parameters[d].IsDiagonal)
                continue;
            var (rise, isSmall) = (default(TLanes), TLanes.Finite(default));
            for (var k = d; k < _next.Length; k++)
                if (IsInColumn(k, d))
                {
                    rise = TLanes.AddProduct(rise, _trial[k], _criterion.Gradient[k]);
                    isSmall = TLanes.WhereSet(isSmall, TLanes.LessThan(TLanes.Abs(_trial[k]), TLanes.Broadcast(Small)));
                    isSmall = TLanes.WhereSet(isSmall, TLanes.LessThan(TLanes.Abs(_trial[k] + _next[k]), TLanes.Broadcast(Small)));
                }
            isSmall = TLanes.WhereSet(isSmall, TLanes.LessThan(default, rise));
            for (var k = d; k < _next.Length; k++)
                if (IsInColumn(k, d))
                    _next[k] = TLanes.Select(isSmall, default(TLanes) - _trial[k], _next[k]);
        }
    }

    /// <summary>Sets columns of relative factors near 0 to exactly 0; lanes in which that is not a minimum are no longer wanted.</summary>
    private void ZeroColumns(TLanes isFound, ref TLanes wanted)
    {
        for (var k = 0; k < _theta.Length; k++)
        {
            if (!_shared.Structure.Parameters[k].IsDiagonal)
                continue;
            var isSmall = TLanes.WhereSet(isFound, wanted);
            TLanes isAway = default;
            for (var l = k; l < _theta.Length; l++)
                if (IsInColumn(l, k))
                {
                    isSmall = TLanes.WhereSet(isSmall, TLanes.LessThan(TLanes.Abs(_theta[l]), TLanes.Broadcast(Small)));
                    var isOff = TLanes.LessThan(default, TLanes.Abs(_theta[l]));
                    isAway = TLanes.Select(isOff, isOff, isAway);
                }
            var isHollow = TLanes.LessThan(_bends[k], default);
            wanted = TLanes.Drop(TLanes.WhereSet(TLanes.Drop(isAway, isSmall), isHollow), wanted);
            isSmall = TLanes.WhereSet(isSmall, isAway);
            if (!TLanes.Any(isSmall))
                continue;
            for (var l = k; l < _theta.Length; l++)
                if (IsInColumn(l, k))
                    (_theta[l], _isFixed[l]) = (TLanes.Drop(isSmall, _theta[l]), TLanes.Select(isSmall, isSmall, _isFixed[l]));
            var reached = _value;
            Descend(isSmall, ref wanted);
            var allowed = reached + TLanes.Broadcast(1e-9) * (TLanes.Broadcast(1) + TLanes.Abs(reached));
            var isMinimum = TLanes.WhereSet(TLanes.LessThanOrEqual(_value, allowed), TLanes.LessThanOrEqual(default, _bends[k]));
            wanted = TLanes.Drop(TLanes.Drop(isMinimum, isSmall), wanted);
        }
    }

    private bool IsInColumn(int k, int diagonal) =>
        _shared.Structure.Parameters[k].Term == _shared.Structure.Parameters[diagonal].Term
        && _shared.Structure.Parameters[k].Column == _shared.Structure.Parameters[diagonal].Column;

    private void ChooseSigns()
    {
        for (var d = 0; d < _best.Length; d++)
        {
            if (!_shared.Structure.Parameters[d].IsDiagonal)
                continue;
            var isNegative = TLanes.LessThan(_best[d], default);
            for (var k = d; k < _best.Length; k++)
                if (IsInColumn(k, d))
                    _best[k] = TLanes.Select(isNegative, default(TLanes) - _best[k], _best[k]);
        }
    }
}
