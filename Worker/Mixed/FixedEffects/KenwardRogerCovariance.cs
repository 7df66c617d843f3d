using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Mixed.FixedEffects;

/// <summary>
/// Kenward and Roger's covariance of the fixed effects, degrees of freedom and scaling of F tests, from the derivatives of a model whose
/// response has a covariance V that is linear in its parameters. A reused workspace.
/// </summary>
/// <remarks>
/// Kenward and Roger (1997), Biometrics 53, 983-997, as Halekoh and Højsgaard (2014), J. Stat. Softw. 59(9) state it: since V = Σ γ G is
/// linear, its second derivatives vanish. Everything is in units of the residual variance and in the coordinates on Q.
/// </remarks>
/// <param name="columns">The maximum rank.</param>
/// <param name="parameters">The number of variances and covariances, that of the residuals included.</param>
internal sealed class KenwardRogerCovariance(int columns, int parameters)
{
    /// <summary>Below this a factor of the approximation is zero.</summary>
    private const double Zero = 1e-10;

    private readonly double[][] _slopes = [.. Matrices(columns, parameters)];
    private readonly double[][] _products = [.. Matrices(columns, parameters * parameters)];
    private readonly double[][] _solved = [.. Matrices(columns, parameters)];
    private readonly double[][] _tested = [.. Matrices(columns, parameters)];
    private readonly double[] _traces = new double[parameters];
    private readonly double[] _zeros = new double[parameters];
    private readonly double[] _work = new double[columns * columns];
    private readonly double[] _adjusted = new double[columns * columns];
    private readonly double[] _scale = new double[columns * columns];
    private readonly DenseMatrix _information = new(parameters, parameters);
    private readonly ScaledInverse _covariance = new(parameters);
    private bool _isSingular;
    private int _rank;

    /// <summary>tr(V⁻¹G V⁻¹G') of two parameters, which the caller fills.</summary>
    public DenseMatrix Traces { get; } = new(parameters, parameters);

    /// <summary>The adjusted covariance of the coordinates over the residual variance, rank × rank, row-major.</summary>
    public ReadOnlySpan<double> Adjusted => _adjusted.AsSpan(0, _rank * _rank);

    /// <summary>Q'V⁻¹G V⁻¹Q of a parameter, rank × rank, which the caller fills.</summary>
    public Span<double> Slope(int parameter, int rank) => _slopes[parameter].AsSpan(0, rank * rank);

    /// <summary>Q'V⁻¹G V⁻¹G'V⁻¹Q of two parameters, rank × rank, which the caller fills.</summary>
    public Span<double> Product(int first, int second, int rank) => _products[(first * parameters) + second].AsSpan(0, rank * rank);

    /// <summary>Computes what does not depend on the tests.</summary>
    /// <param name="rank">The number of coordinates.</param>
    /// <param name="inverse">(Q'V⁻¹Q)⁻¹.</param>
    public void Prepare(int rank, ReadOnlySpan<double> inverse)
    {
        _rank = rank;
        inverse = inverse[..(rank * rank)];
        var size = rank * rank;
        for (var r = 0; r < parameters; r++)
            Multiply(inverse, _slopes[r], _solved[r]);
        for (var r = 0; r < parameters; r++)
        for (var s = 0; s < parameters; s++)
        {
            var product = _products[(r * parameters) + s].AsSpan(0, size);
            _information[r, s] = Traces[r, s] - (2 * FixedOrder.Dot(inverse[..size], product)) + ProductTrace(_solved[r], _solved[s]);
        }
        _isSingular = double.IsNaN(_covariance.Invert(_information, _zeros));
        var sum = _adjusted.AsSpan(0, size);
        sum.Clear();
        for (var r = 0; r < parameters; r++)
        for (var s = 0; s < parameters; s++)
        {
            var weight = Weight(r, s);
            FixedOrder.Add(weight, _products[(r * parameters) + s], sum);
            Multiply(_slopes[r], _solved[s], _work);
            FixedOrder.Add(-weight, _work, sum);
        }
        // Φ + 2 Φ (Σ w (Q - P Φ P)) Φ
        Multiply(inverse, _adjusted, _work);
        Multiply(_work, inverse, _adjusted);
        for (var i = 0; i < size; i++)
            _adjusted[i] = _isSingular ? double.NaN : inverse[i] + (2 * _adjusted[i]);
        for (var r = 0; r < parameters; r++)
        {
            Multiply(_solved[r], inverse, _work);
            _work.AsSpan(0, size).CopyTo(_solved[r]);
        }
    }

    /// <summary>The degrees of freedom of the denominator, and the factor of F, of a test.</summary>
    /// <param name="inverse">(Q'V⁻¹Q)⁻¹.</param>
    /// <param name="functionals">Linearly independent combinations of the coordinates.</param>
    /// <param name="count">How many.</param>
    public (double Degrees, double Scaling) Approximate(ReadOnlySpan<double> inverse, ReadOnlySpan<double> functionals, int count)
    {
        var size = count * count;
        Quadratic(functionals, count, inverse, _scale);
        if (_isSingular || !Cholesky.TryFactor(_scale.AsSpan(0, size), count))
            return (double.NaN, double.NaN);
        for (var r = 0; r < parameters; r++)
        {
            Quadratic(functionals, count, _solved[r], _tested[r]);
            Solve(_tested[r], count);
            _traces[r] = 0;
            for (var i = 0; i < count; i++)
                _traces[r] += _tested[r][(i * count) + i];
        }
        double a1 = 0,
            a2 = 0;
        for (var r = 0; r < parameters; r++)
        for (var s = 0; s < parameters; s++)
        {
            var both = 0.0;
            for (var i = 0; i < count; i++)
            for (var j = 0; j < count; j++)
                both += _tested[r][(i * count) + j] * _tested[s][(j * count) + i];
            a1 += Weight(r, s) * _traces[r] * _traces[s];
            a2 += Weight(r, s) * both;
        }
        return Match(a1, a2, count);
    }

    /// <summary>F, times the residual variance, and the degrees of freedom of its denominator.</summary>
    /// <param name="inverse">(Q'V⁻¹Q)⁻¹.</param>
    /// <param name="functionals">Linearly independent combinations of the coordinates.</param>
    /// <param name="estimates">Their estimates, one per combination; overwritten.</param>
    public (double F, double Degrees) Test(ReadOnlySpan<double> inverse, ReadOnlySpan<double> functionals, Span<double> estimates)
    {
        var count = estimates.Length;
        Quadratic(functionals, count, _adjusted, _scale);
        if (!Cholesky.TryFactor(_scale.AsSpan(0, count * count), count))
            return (double.NaN, double.NaN);
        var squares = Cholesky.SolveLower(_scale.AsSpan(0, count * count), count, estimates);
        var (degrees, scaling) = Approximate(inverse, functionals, count);
        return (scaling * squares / count, degrees);
    }

    /// <summary>The covariance of two estimated parameters: the inverse of the expected information.</summary>
    private double Weight(int r, int s) => 2 * _covariance.Row(r)[s];

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

    private static IEnumerable<double[]> Matrices(int columns, int count) =>
        Enumerable.Range(0, count).Select(_ => new double[columns * columns]);

    private void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> target)
    {
        target[..(_rank * _rank)].Clear();
        for (var i = 0; i < _rank; i++)
        for (var k = 0; k < _rank; k++)
            FixedOrder.Add(a[(i * _rank) + k], b.Slice(k * _rank, _rank), target.Slice(i * _rank, _rank));
    }

    private double ProductTrace(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < _rank; i++)
        for (var j = 0; j < _rank; j++)
            sum += a[(i * _rank) + j] * b[(j * _rank) + i];
        return sum;
    }

    private void Quadratic(ReadOnlySpan<double> functionals, int count, ReadOnlySpan<double> matrix, Span<double> target)
    {
        for (var a = 0; a < count; a++)
        for (var b = 0; b < count; b++)
        {
            var sum = 0.0;
            for (var i = 0; i < _rank; i++)
                sum += functionals[(a * _rank) + i] * FixedOrder.Dot(matrix.Slice(i * _rank, _rank), functionals.Slice(b * _rank, _rank));
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
