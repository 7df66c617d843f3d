using HpcFit.Worker.Algebra;
using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured.Profile;

/// <summary>
/// The global minimum of an element's criterion: Newton's method from the local minima of the starting lattice. A workspace of one thread.
/// </summary>
/// <remarks>
/// The criterion is an even function of each column of a relative factor, so its gradient vanishes where a column is 0, and the bound θ ≥
/// 0 needs no constraint: signs are chosen at the end. A column that converges to 0 is set to exactly 0 if the criterion does not fall in
/// its direction there. Indefinite Hessians are replaced by those with absolute eigenvalues (Nocedal and Wright 2006, Numerical
/// Optimization, section 3.4).
/// </remarks>
internal sealed class ThetaSearch
{
    private const int MaxSteps = 200;
    private const int MaxHalvings = 40;
    private const double Small = 1e-2;
    private const double Largest = 1e7;

    private readonly RandomStructure _structure;
    private readonly StructuredProfile _profile;
    private readonly SymmetricEigen _eigen;
    private readonly DenseMatrix _hessian;
    private readonly double[] _theta;
    private readonly double[] _trial;
    private readonly double[] _step;
    private readonly double[] _kept;
    private readonly double[] _best;
    private readonly double[] _values;
    private readonly bool[] _isFixed;

    public ThetaSearch(RandomStructure structure, StructuredProfile profile)
    {
        (_structure, _profile) = (structure, profile);
        var count = structure.Parameters.Count;
        (_eigen, _hessian) = (new(count), new(count, count));
        (_theta, _trial, _step, _kept, _best) = (
            new double[count],
            new double[count],
            new double[count],
            new double[count],
            new double[count]
        );
        (_values, _isFixed) = (new double[structure.StartPoints], new bool[count]);
    }

    /// <summary>Finds the minimum and computes the profile there; false if the search does not converge.</summary>
    public bool Minimise(StartGrid grid)
    {
        for (var point = 0; point < _values.Length; point++)
            _values[point] = _profile.ValueAt(grid.Points[point]);
        var best = double.PositiveInfinity;
        for (var point = 0; point < _values.Length; point++)
        {
            if (!grid.IsLocalMinimum(_values, point))
                continue;
            grid.Points[point].Theta.CopyTo(_theta, 0);
            Array.Clear(_isFixed);
            if (!Descend())
                return false;
            ZeroColumns();
            if (!(_profile.Criterion < best))
                continue;
            best = _profile.Criterion;
            _theta.CopyTo(_best, 0);
        }
        if (double.IsPositiveInfinity(best))
            return false;
        ChooseSigns(_best);
        return !double.IsNaN(_profile.Differentiate(_best));
    }

    /// <summary>Newton's method from θ over the parameters that are not fixed; false if it does not converge.</summary>
    private bool Descend()
    {
        if (double.IsNaN(_profile.Differentiate(_theta)))
            return false;
        for (var step = 0; step < MaxSteps; step++)
        {
            var fall = Propose();
            var (value, noise) = (_profile.Criterion, 1e-13 * (1 + Math.Abs(_profile.Criterion)));
            if (IsConverged(fall))
                return true;
            var length = 1.0;
            for (var halving = 0; ; halving++, length /= 2)
            {
                for (var k = 0; k < _theta.Length; k++)
                    _trial[k] = _theta[k] + (length * _step[k]);
                var reached = _profile.Differentiate(_trial);
                if (reached <= value + (1e-4 * length * fall) + noise)
                    break;
                if (halving == MaxHalvings)
                    return false;
            }
            _trial.CopyTo(_theta, 0);
            foreach (var one in _theta)
                if (!(Math.Abs(one) < Largest))
                    return false;
        }
        return false;
    }

    /// <summary>The step; returns the slope in its direction, which is negative.</summary>
    private double Propose()
    {
        var count = _theta.Length;
        for (var k = 0; k < count; k++)
        for (var l = 0; l < count; l++)
            _hessian[k, l] =
                !_isFixed[k] && !_isFixed[l] ? _profile.Hessian[(k * count) + l]
                : k == l ? 1
                : 0;
        _eigen.Decompose(_hessian);
        var largest = Math.Max(Math.Abs(_eigen.Values[0]), Math.Abs(_eigen.Values[^1]));
        Array.Clear(_step);
        for (var i = 0; i < count; i++)
        {
            var slope = 0.0;
            for (var k = 0; k < count; k++)
                slope += _isFixed[k] ? 0 : _eigen.Vectors[k, i] * _profile.Gradient[k];
            var scaled = slope / Math.Max(Math.Abs(_eigen.Values[i]), 1e-12 * largest);
            for (var k = 0; k < count; k++)
                _step[k] -= _isFixed[k] ? 0 : scaled * _eigen.Vectors[k, i];
        }
        var shrink = 1.0;
        for (var k = 0; k < count; k++)
            shrink = Math.Min(shrink, Math.Max(0.5, 1.5 * Math.Abs(_theta[k])) / Math.Abs(_step[k]));
        var fall = 0.0;
        for (var k = 0; k < count; k++)
        {
            _step[k] *= shrink;
            fall += _isFixed[k] ? 0 : _step[k] * _profile.Gradient[k];
        }
        return fall;
    }

    /// <summary>Whether the next step would change neither θ nor the criterion.</summary>
    private bool IsConverged(double fall)
    {
        if (fall >= -1e-20 * (1 + Math.Abs(_profile.Criterion)))
            return true;
        for (var k = 0; k < _step.Length; k++)
            if (!(Math.Abs(_step[k]) <= 1e-10 * Math.Max(Math.Abs(_theta[k]), Small)))
                return false;
        return true;
    }

    /// <summary>Sets columns near 0 to exactly 0 where that is a minimum.</summary>
    private void ZeroColumns()
    {
        for (var k = 0; k < _theta.Length; k++)
        {
            if (!_structure.Parameters[k].IsDiagonal || !IsSmallColumn(k))
                continue;
            _theta.CopyTo(_kept, 0);
            var reached = _profile.Criterion;
            ForColumn(k, set: true);
            var isMinimum =
                Descend()
                && _profile.Criterion <= reached + (1e-9 * (1 + Math.Abs(reached)))
                && _profile.Hessian[(k * _theta.Length) + k] >= 0;
            if (isMinimum)
                continue;
            ForColumn(k, set: false);
            _kept.CopyTo(_theta, 0);
            _profile.Differentiate(_theta);
        }
    }

    private bool IsSmallColumn(int diagonal)
    {
        for (var k = 0; k < _theta.Length; k++)
            if (IsInColumn(k, diagonal) && !(Math.Abs(_theta[k]) < Small))
                return false;
        return true;
    }

    private void ForColumn(int diagonal, bool set)
    {
        for (var k = 0; k < _theta.Length; k++)
            if (IsInColumn(k, diagonal))
                (_theta[k], _isFixed[k]) = (0, set);
    }

    private bool IsInColumn(int k, int diagonal) =>
        _structure.Parameters[k].Term == _structure.Parameters[diagonal].Term
        && _structure.Parameters[k].Column == _structure.Parameters[diagonal].Column;

    private void ChooseSigns(double[] theta)
    {
        for (var d = 0; d < theta.Length; d++)
        {
            if (!_structure.Parameters[d].IsDiagonal || theta[d] >= 0)
                continue;
            for (var k = 0; k < theta.Length; k++)
                if (IsInColumn(k, d))
                    theta[k] = -theta[k];
        }
    }
}
