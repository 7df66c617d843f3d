using HpcFit.Shared.Failures;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// Low-rank Gaussian process smooths (<c>bs="gp"</c>): the eigenvectors of the largest eigenvalues of the correlation matrix of the unique
/// covariate values, and a linear trend without penalty.
/// </summary>
/// <remarks>
/// Kammann and Wand 2003, Appl. Statist. 52, 1-18, whose range, the largest distance, is the default; Wood 2003, J. R. Statist. Soc. B 65,
/// 95-114 (the eigenvectors); Fahrmeir, Kneib, Lang and Marx 2013, Regression, §8.1.6 (the correlation functions).
/// </remarks>
internal sealed class GaussianProcessBasis
{
    private readonly int _kind;
    private readonly double _range;
    private readonly double _power;
    private readonly bool _hasTrend;
    private readonly double[] _shift;
    private readonly double[][] _knots;
    private readonly DenseMatrix _vectors;

    private GaussianProcessBasis(
        double[][] covariates,
        int size,
        IReadOnlyList<double>? definition,
        double[][]? given,
        string name,
        out double[] penalties
    )
    {
        var kind = definition is { Count: > 0 } && !double.IsNaN(definition[0]) ? definition[0] : 3;
        (_kind, _hasTrend) = ((int)Math.Abs(kind), kind > 0);
        _power = definition is { Count: > 2 } && !double.IsNaN(definition[2]) ? definition[2] : 1;
        Check(kind, name);
        _shift = [.. covariates.Select(values => values.Sum() / values.Length)];
        var nulls = NullDimension(covariates.Length, definition);
        size = Math.Max(size, nulls + 1);
        // As for thin plate splines, the data's points are used if fewer are given than there are functions.
        if (given is not null && given[0].Length < size)
            given = null;
        _knots = UniquePoints.Find(UniquePoints.Moved(given ?? covariates, _shift)).Points;
        var unique = _knots[0].Length;
        if (unique < size)
            throw new SmoothBasisException(
                $"{name} has {unique} unique {(given is null ? "covariate combinations" : "knots")}, fewer than its {size} basis "
                    + $"functions; {SmoothBasisException.Advice(unique, nulls + 1)}."
            );
        _range = definition is { Count: > 1 } && definition[1] > 0 ? definition[1] : LargestDistance();
        (penalties, _vectors) = LargestEigenpairs.Compute(Correlations(_knots), size - nulls);
    }

    /// <summary>The dimension of the trend: a constant, and unless the process is stationary the covariates.</summary>
    /// <param name="variables">The number of covariates.</param>
    /// <param name="definition">m, of which a negative first number means a stationary process.</param>
    public static int NullDimension(int variables, IReadOnlyList<double>? definition) =>
        definition is { Count: > 0 } && definition[0] < 0 ? 1 : variables + 1;

    /// <summary>The default basis size: one, the number of variables, and 10 functions for one, 30 for two, 100 for more of them.</summary>
    public static int DefaultSize(int variables) =>
        variables
        + 1
        + variables switch
        {
            1 => 10,
            2 => 30,
            _ => 100,
        };

    /// <summary>Builds the basis.</summary>
    /// <param name="covariates">The variables' values, one array per variable.</param>
    /// <param name="size">The basis size k.</param>
    /// <param name="definition">m: the correlation function, negative without a linear trend; its range; its power.</param>
    /// <param name="knots">The points of which the correlations are used, one array per variable; null: the data's.</param>
    /// <param name="name">The smooth's label, for messages.</param>
    public static Basis Build(double[][] covariates, int size, IReadOnlyList<double>? definition, double[][]? knots, string name)
    {
        var process = new GaussianProcessBasis(covariates, size, definition, knots, name, out var penalties);
        var nulls = NullDimension(covariates.Length, definition);
        var penalty = new DenseMatrix(penalties.Length + nulls, penalties.Length + nulls);
        for (var i = 0; i < penalties.Length; i++)
            penalty[i, i] = penalties[i];
        return new Basis(process.At(covariates), [penalty], nulls)
        {
            At = process.At,
            SlopeAt = covariates.Length == 1 ? points => process.SlopeAt(points[0]) : null,
        };
    }

    private void Check(double kind, string name)
    {
        if (kind != Math.Floor(kind) || _kind is < 1 or > 5)
            throw new BadInputException(
                $"{name}: m is {kind}; bs=\"gp\" has the correlation functions 1 (spherical), 2 (power exponential) and 3, 4, 5 "
                    + "(Matérn, kappa 1.5, 2.5 and 3.5), negative for a process without a linear trend."
            );
        if (_power is not (> 0 and <= 2))
            throw new BadInputException($"{name}: the power in m is {_power}; it is above 0 and at most 2.");
    }

    private DenseMatrix At(double[][] points)
    {
        var moved = UniquePoints.Moved(points, _shift);
        var trend = new DenseMatrix(points[0].Length, _hasTrend ? points.Length + 1 : 1);
        for (var i = 0; i < trend.Rows; i++)
        {
            trend[i, 0] = 1;
            for (var j = 1; j < trend.Columns; j++)
                trend[i, j] = moved[j - 1][i];
        }
        return Correlations(moved).Times(_vectors).ConcatenateColumns(trend);
    }

    private DenseMatrix SlopeAt(double[] points)
    {
        var trend = new DenseMatrix(points.Length, _hasTrend ? 2 : 1);
        var slopes = new DenseMatrix(points.Length, _knots[0].Length);
        for (var i = 0; i < points.Length; i++)
        {
            if (_hasTrend)
                trend[i, 1] = 1;
            for (var j = 0; j < slopes.Columns; j++)
            {
                var difference = points[i] - _shift[0] - _knots[0][j];
                slopes[i, j] = Math.Sign(difference) * Slope(Math.Abs(difference) / _range) / _range;
            }
        }
        return slopes.Times(_vectors).ConcatenateColumns(trend);
    }

    private DenseMatrix Correlations(double[][] points)
    {
        var result = new DenseMatrix(points[0].Length, _knots[0].Length);
        for (var i = 0; i < result.Rows; i++)
        for (var j = 0; j < result.Columns; j++)
            result[i, j] = Correlation(Distance(points, i, j) / _range);
        return result;
    }

    private double LargestDistance()
    {
        var largest = 0.0;
        for (var i = 0; i < _knots[0].Length; i++)
        for (var j = 0; j < i; j++)
            largest = Math.Max(largest, Distance(_knots, i, j));
        return largest;
    }

    private double Distance(double[][] points, int i, int j)
    {
        var squares = 0.0;
        for (var l = 0; l < points.Length; l++)
            squares += (points[l][i] - _knots[l][j]) * (points[l][i] - _knots[l][j]);
        return Math.Sqrt(squares);
    }

    /// <summary>The correlation at a distance, relative to the range.</summary>
    private double Correlation(double d) =>
        _kind switch
        {
            1 => d <= 1 ? 1 - 1.5 * d + 0.5 * d * d * d : 0,
            2 => ReproducibleMath.Exp(-Powered(d)),
            3 => ReproducibleMath.Exp(-d) * (1 + d),
            4 => ReproducibleMath.Exp(-d) * (1 + d + d * d / 3),
            _ => ReproducibleMath.Exp(-d) * (1 + d + 2 * d * d / 5 + d * d * d / 15),
        };

    /// <summary>The derivative of <see cref="Correlation"/>.</summary>
    private double Slope(double d) =>
        _kind switch
        {
            1 => d <= 1 ? 1.5 * (d * d - 1) : 0,
            2 => d == 0 ? 0 : -_power * Powered(d) / d * ReproducibleMath.Exp(-Powered(d)),
            3 => -d * ReproducibleMath.Exp(-d),
            4 => -d * (1 + d) / 3 * ReproducibleMath.Exp(-d),
            _ => -d * (3 + 3 * d + d * d) / 15 * ReproducibleMath.Exp(-d),
        };

    private double Powered(double d) => _power == 1 || d == 0 ? d : ReproducibleMath.Pow(d, _power);
}
