using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// The factor by which standard errors are multiplied so that an interval covers a whole curve: the quantile of the largest absolute
/// deviation, in standard errors, of curves drawn from the posterior distribution of the coefficients. A workspace; not thread-safe.
/// </summary>
/// <remarks>
/// Ruppert, Wand and Carroll 2003, Semiparametric Regression, §6.5; Simpson 2018, Front. Ecol. Evol. 6, 149. The quantile is Hyndman and
/// Fan's 8th, as in package gratia. With 10,000 draws its standard error is some 0.015.
/// </remarks>
/// <param name="draws">Standard normal vectors, at least as long as a smooth has coefficients.</param>
/// <param name="largest">Scratch memory for as many numbers as there are draws.</param>
/// <param name="level">The coverage.</param>
internal sealed class SimultaneousCriticalValue(NormalDraws draws, double[] largest, double level)
{
    /// <summary>Draws that are processed together, so that they stay in the cache.</summary>
    private const int Chunk = 500;

    private readonly double[] _deviations = new double[Chunk];
    private DenseMatrix? _basis;
    private int[] _columns = []; // those that are not zero at all points: a level's of a smooth of several
    private SymmetricEigen _eigen = new(0);
    private DenseMatrix _covariance = new(0, 0);
    private DenseMatrix _root = new(0, 0);
    private DenseMatrix _directions = new(0, 0);

    /// <summary>The critical value of a curve; NaN if its values are missing, 0 if it has no uncertainty.</summary>
    /// <param name="basis">The smooth's columns at the points.</param>
    /// <param name="covariance">The covariance of all coefficients, row-major.</param>
    /// <param name="first">The smooth's first coefficient.</param>
    /// <param name="count">The number of all coefficients.</param>
    /// <param name="errors">The standard errors at the points.</param>
    public double Compute(DenseMatrix basis, double[] covariance, int first, int count, ReadOnlySpan<double> errors)
    {
        if (double.IsNaN(errors[0]))
            return double.NaN;
        if (basis != _basis)
            Prepare(basis);
        SetRoot(covariance, first, count);
        SetDirections(basis, errors);
        Array.Clear(largest);
        for (var from = 0; from < NormalDraws.Count; from += Chunk)
        for (var point = 0; point < basis.Rows; point++)
            Deviate(_directions.Row(point), from);
        Array.Sort(largest);
        return Quantile();
    }

    private void Prepare(DenseMatrix basis)
    {
        _basis = basis;
        _columns = [.. Enumerable.Range(0, basis.Columns).Where(j => Enumerable.Range(0, basis.Rows).Any(i => basis[i, j] != 0))];
        var size = _columns.Length;
        (_eigen, _covariance, _root, _directions) = (new(size), new(size, size), new(size, size), new(basis.Rows, size));
    }

    /// <summary>The symmetric root of the covariance of a smooth's coefficients.</summary>
    private void SetRoot(double[] covariance, int first, int count)
    {
        var size = _columns.Length;
        for (var i = 0; i < size; i++)
        for (var j = 0; j < size; j++)
            _covariance[i, j] = covariance[((first + _columns[i]) * count) + first + _columns[j]];
        _eigen.Decompose(_covariance);
        Array.Clear(_root.Values);
        for (var e = 0; e < size; e++)
        {
            var length = Math.Sqrt(Math.Max(0, _eigen.Values[e]));
            for (var i = 0; i < size; i++)
            for (var j = 0; j < size; j++)
                _root[i, j] += length * _eigen.Vectors[i, e] * _eigen.Vectors[j, e];
        }
    }

    /// <summary>The rows of the basis times the root, of length 1: each is multiplied by a draw.</summary>
    private void SetDirections(DenseMatrix basis, ReadOnlySpan<double> errors)
    {
        for (var point = 0; point < basis.Rows; point++)
        {
            var direction = _directions.Row(point);
            direction.Clear();
            if (!(errors[point] > 0))
                continue;
            for (var i = 0; i < _columns.Length; i++)
                FixedOrder.Add(basis[point, _columns[i]] / errors[point], _root.Row(i), direction);
        }
    }

    private void Deviate(ReadOnlySpan<double> direction, int from)
    {
        Array.Clear(_deviations);
        for (var j = 0; j < direction.Length; j++)
            FixedOrder.Add(direction[j], draws.Component(j).Slice(from, Chunk), _deviations);
        for (var draw = 0; draw < Chunk; draw++)
            largest[from + draw] = Math.Max(largest[from + draw], Math.Abs(_deviations[draw]));
    }

    private double Quantile()
    {
        var position = (largest.Length + (1.0 / 3)) * level + (1.0 / 3);
        var below = (int)position;
        return below >= largest.Length ? largest[^1] : largest[below - 1] + (position - below) * (largest[below] - largest[below - 1]);
    }
}
