using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Mixed;

/// <summary>
/// Kenward and Roger's covariance of the fixed effects, degrees of freedom and scaling of F tests, for one element. A reused workspace.
/// </summary>
/// <remarks>
/// Kenward and Roger (1997), Biometrics 53, 983-997, as Halekoh and Højsgaard (2014), J. Stat. Softw. 59(9) state it. The covariance of the
/// response is linear in both variances, so that its second derivatives vanish. All sums are over classes of groups of equal mass m, with
/// v = 1 / (1 + t m), in the coordinates on Q and units of the residual variance.
/// </remarks>
/// <param name="columns">The maximum rank.</param>
internal sealed class KenwardRoger(int columns)
{
    /// <summary>Below this a factor of the approximation is zero.</summary>
    private const double Zero = 1e-10;

    private readonly double[] _ofGroups = new double[columns * columns];
    private readonly double[] _ofResiduals = new double[columns * columns];
    private readonly double[] _bothGroups = new double[columns * columns];
    private readonly double[] _mixed = new double[columns * columns];
    private readonly double[] _bothResiduals = new double[columns * columns];
    private readonly double[] _left = new double[columns * columns];
    private readonly double[] _right = new double[columns * columns];
    private readonly double[] _work = new double[columns * columns];
    private readonly double[] _adjusted = new double[columns * columns];
    private readonly double[] _scale = new double[columns * columns];
    private readonly double[] _first = new double[columns * columns];
    private readonly double[] _second = new double[columns * columns];
    private int _rank;
    private double _gg;
    private double _ge;
    private double _ee;

    /// <summary>The adjusted covariance of the coordinates over the residual variance, rank × rank, row-major.</summary>
    public ReadOnlySpan<double> Adjusted => _adjusted.AsSpan(0, _rank * _rank);

    /// <summary>Computes what does not depend on the tests.</summary>
    public void Prepare(MixedSolution fit)
    {
        var (tables, inverse) = (fit.Tables, fit.Inverse);
        _rank = tables.Rank;
        var size = _rank * _rank;
        double gg = 0,
            ge = 0,
            ee = tables.Rows - tables.Groups;
        foreach (var matrix in (ReadOnlySpan<double[]>)[_ofGroups, _bothGroups, _mixed])
            matrix.AsSpan(0, size).Clear();
        tables.Within.AsSpan(0, size).CopyTo(_ofResiduals);
        tables.Within.AsSpan(0, size).CopyTo(_bothResiduals);
        for (var k = 0; k < tables.Classes; k++)
        {
            var (mass, count) = (tables.Mass[k], tables.Count[k]);
            var v = 1 / (1 + (fit.Ratio * mass));
            gg += count * mass * v * mass * v;
            ge += count * mass * v * v;
            ee += count * v * v;
            for (var i = 0; i < size; i++)
            {
                var product = tables.Products[(k * size) + i];
                _ofGroups[i] += v * v * product;
                _ofResiduals[i] += v * v / mass * product;
                _bothGroups[i] += mass * v * v * v * product;
                _mixed[i] += v * v * v * product;
                _bothResiduals[i] += v * v * v / mass * product;
            }
        }
        Multiply(inverse, _ofGroups, _left);
        Multiply(inverse, _ofResiduals, _right);
        gg += ProductTrace(_left, _left) - (2 * Trace(inverse, _bothGroups));
        ge += ProductTrace(_left, _right) - (2 * Trace(inverse, _mixed));
        ee += ProductTrace(_right, _right) - (2 * Trace(inverse, _bothResiduals));
        var determinant = (gg * ee) - (ge * ge);
        (_gg, _ge, _ee) = (2 * ee / determinant, -2 * ge / determinant, 2 * gg / determinant);
        Adjust(inverse);
        Sandwich(inverse, _ofGroups, _left);
        Sandwich(inverse, _ofResiduals, _right);
    }

    /// <summary>The degrees of freedom of the denominator, and the factor of F, of a test.</summary>
    /// <param name="fit">The fit that was prepared.</param>
    /// <param name="functionals">Linearly independent combinations of the coordinates.</param>
    /// <param name="count">How many.</param>
    public (double Degrees, double Scaling) Approximate(MixedSolution fit, ReadOnlySpan<double> functionals, int count)
    {
        var size = count * count;
        Quadratic(functionals, count, fit.Inverse, _scale);
        if (!Cholesky.TryFactor(_scale.AsSpan(0, size), count))
            return (double.NaN, double.NaN);
        Quadratic(functionals, count, _left, _first);
        Quadratic(functionals, count, _right, _second);
        Solve(_first, count);
        Solve(_second, count);
        double ofFirst = 0,
            ofSecond = 0,
            both = 0,
            firstTwice = 0,
            secondTwice = 0;
        for (var i = 0; i < count; i++)
        {
            ofFirst += _first[(i * count) + i];
            ofSecond += _second[(i * count) + i];
            for (var j = 0; j < count; j++)
            {
                firstTwice += _first[(i * count) + j] * _first[(j * count) + i];
                secondTwice += _second[(i * count) + j] * _second[(j * count) + i];
                both += _first[(i * count) + j] * _second[(j * count) + i];
            }
        }
        var a1 = (_gg * ofFirst * ofFirst) + (2 * _ge * ofFirst * ofSecond) + (_ee * ofSecond * ofSecond);
        var a2 = (_gg * firstTwice) + (2 * _ge * both) + (_ee * secondTwice);
        return Match(a1, a2, count);
    }

    /// <summary>The F distribution with the mean and variance that a1 and a2 give.</summary>
    private static (double Degrees, double Scaling) Match(double a1, double a2, int q)
    {
        var b = (a1 + (6 * a2)) / (2.0 * q);
        var g = (((q + 1) * a1) - ((q + 4) * a2)) / ((q + 2) * a2);
        var divisor = (3 * q) + (2 * (1 - g));
        var (c1, c2, c3) = (g / divisor, (q - g) / divisor, (q + 2 - g) / divisor);
        var v0 = 1 + (c1 * b);
        var (v1, v2) = (1 - (c2 * b), 1 - (c3 * b));
        if (Math.Abs(v0) < Zero)
            v0 = 0;
        var mean = 1 - (a2 / q);
        var rho = mean / v1 * (mean / v1) * v0 / v2 / q;
        var degrees = 4 + ((q + 2) / ((q * rho) - 1));
        return (degrees, degrees * mean / (degrees - 2));
    }

    /// <summary>Φ + 2 Φ (Σ w (Q - P Φ P)) Φ.</summary>
    private void Adjust(double[] inverse)
    {
        var size = _rank * _rank;
        for (var i = 0; i < size; i++)
            _adjusted[i] = (_gg * _bothGroups[i]) + (2 * _ge * _mixed[i]) + (_ee * _bothResiduals[i]);
        // _left and _right are Φ P.
        Multiply(_ofGroups, _left, _work);
        Add(-_gg);
        Multiply(_ofGroups, _right, _work);
        Add(-_ge);
        Multiply(_ofResiduals, _left, _work);
        Add(-_ge);
        Multiply(_ofResiduals, _right, _work);
        Add(-_ee);
        Sandwich(inverse, _adjusted, _scale);
        for (var i = 0; i < size; i++)
            _adjusted[i] = inverse[i] + (2 * _scale[i]);

        void Add(double factor)
        {
            for (var i = 0; i < size; i++)
                _adjusted[i] += factor * _work[i];
        }
    }

    private void Sandwich(double[] outer, double[] inner, double[] target)
    {
        Multiply(outer, inner, _work);
        Multiply(_work, outer, target);
    }

    private void Multiply(double[] a, double[] b, double[] target)
    {
        for (var i = 0; i < _rank; i++)
        for (var j = 0; j < _rank; j++)
        {
            var sum = 0.0;
            for (var k = 0; k < _rank; k++)
                sum += a[(i * _rank) + k] * b[(k * _rank) + j];
            target[(i * _rank) + j] = sum;
        }
    }

    private double ProductTrace(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < _rank; i++)
        for (var j = 0; j < _rank; j++)
            sum += a[(i * _rank) + j] * b[(j * _rank) + i];
        return sum;
    }

    private double Trace(double[] a, double[] symmetric)
    {
        var sum = 0.0;
        for (var i = 0; i < _rank * _rank; i++)
            sum += a[i] * symmetric[i];
        return sum;
    }

    private void Quadratic(ReadOnlySpan<double> functionals, int count, double[] matrix, double[] target)
    {
        for (var a = 0; a < count; a++)
        for (var b = 0; b < count; b++)
        {
            var sum = 0.0;
            for (var i = 0; i < _rank; i++)
            for (var j = 0; j < _rank; j++)
                sum += functionals[(a * _rank) + i] * matrix[(i * _rank) + j] * functionals[(b * _rank) + j];
            target[(a * count) + b] = sum;
        }
    }

    /// <summary>S⁻¹ times a symmetric matrix, in place and transposed: only traces of products follow.</summary>
    private void Solve(double[] matrix, int count)
    {
        for (var row = 0; row < count; row++)
        {
            Cholesky.SolveLower(_scale.AsSpan(0, count * count), count, matrix.AsSpan(row * count, count));
            Cholesky.SolveUpper(_scale.AsSpan(0, count * count), count, matrix.AsSpan(row * count, count));
        }
    }
}
