using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// Thin plate regression splines: the optimal rank-k approximation of the full thin plate spline (<c>bs="tp"</c>, <c>"ts"</c>).
/// </summary>
/// <remarks>
/// Wood 2003, J. R. Statist. Soc. B 65, 95-114: the radial functions' matrix E of the unique covariate values is replaced by its k
/// eigenpairs of largest magnitude, the conditions Tᵀ U δ = 0 are absorbed by a QT factorisation, and every column is scaled to root mean
/// square 1. Eigenvectors are in descending algebraic order. With k unique values nothing is truncated.
/// </remarks>
internal static class ThinPlateBasis
{
    /// <summary>The smallest order for which the spline is visually smooth: 2m &gt; d + 1.</summary>
    public static int DefaultOrder(int dimension) => (dimension + 1) / 2 + 1;

    /// <summary>
    /// The number of polynomials of degree below <paramref name="order"/> in <paramref name="dimension"/> variables.
    /// </summary>
    public static int NullDimension(int dimension, int order)
    {
        var count = 1.0;
        for (var i = 0; i < dimension; i++)
            count = count * (dimension + order - 1 - i) / (i + 1);
        return (int)(count + 0.5);
    }

    /// <summary>The default basis size: 10 functions for one variable, the null space plus 27 for two or 100 for more variables.</summary>
    public static int DefaultSize(int dimension, int order) =>
        NullDimension(dimension, order)
        + (
            dimension switch
            {
                1 => 8,
                2 => 27,
                _ => 100,
            }
        );

    /// <summary>Builds the basis at the rows of <paramref name="covariates"/> (one array per variable).</summary>
    /// <param name="covariates">The variables' values, one array per variable.</param>
    /// <param name="size">The basis size k.</param>
    /// <param name="order">The derivative order m of the penalty.</param>
    /// <param name="dropNullSpace">Whether to omit the polynomials (<c>m = c(m, 0)</c>).</param>
    /// <param name="given">Coordinates of the centres of the radial functions, one array per variable; null: the data's.</param>
    /// <param name="name">The smooth's label, for messages.</param>
    public static Basis Build(double[][] covariates, int size, int order, bool dropNullSpace, double[][]? given, string name)
    {
        int d = covariates.Length,
            n = covariates[0].Length,
            m0 = NullDimension(d, order);
        var shift = covariates.Select(values => values.Sum() / values.Length).ToArray();
        var (points, pointOfRow) = UniquePoints.Find(UniquePoints.Moved(covariates, shift));
        size = Math.Max(size, m0 + 1);
        // As in mgcv, which uses the data's points if fewer are given than there are functions.
        if (given is not null && given[0].Length < size)
            given = null;
        var knots = given is null ? points : UniquePoints.Find(UniquePoints.Moved(given, shift)).Points;
        var unique = knots[0].Length;
        if (unique < size)
        {
            throw new SmoothBasisException(
                $"{name} has {unique} unique {(given is null ? "covariate combinations" : "knots")}, fewer than its {size} basis "
                    + $"functions; {SmoothBasisException.Advice(unique, m0 + 1)}."
            );
        }

        var polynomials = Polynomials(knots, order);
        var (vectors, middle) = Truncate(knots, order, size);
        var z = NullSpace.First(polynomials.Transposed().Times(vectors));
        var projection = vectors.Times(z);
        var kept = dropNullSpace ? size - m0 : size;
        // At the knots, the radial functions times the eigenvectors are the eigenvectors times their eigenvalues.
        var wiggly = given is null ? vectors.Times(middle.Times(z)) : Radial(points, knots, order).Times(projection);
        var atPoints = dropNullSpace ? wiggly : wiggly.ConcatenateColumns(given is null ? polynomials : Polynomials(points, order));
        var weights = ColumnWeights(atPoints, pointOfRow);
        var x = new DenseMatrix(n, kept);
        for (var i = 0; i < n; i++)
        for (var j = 0; j < kept; j++)
            x[i, j] = atPoints[pointOfRow[i], j] * weights[j];

        var inner = middle.Congruent(z);
        var penalty = new DenseMatrix(kept, kept);
        for (var i = 0; i < inner.Rows; i++)
        for (var j = 0; j < inner.Columns; j++)
            penalty[i, j] = (inner[i, j] + inner[j, i]) / 2 * weights[i] * weights[j];
        var basis = new Basis(x, [penalty], dropNullSpace ? 0 : m0)
        {
            At = points => AtPoints(points, shift, knots, order, projection, weights, dropNullSpace),
            SlopeAt = d == 1 ? points => SlopesAtPoints(points[0], shift[0], knots[0], order, projection, weights, dropNullSpace) : null,
        };
        return dropNullSpace ? basis.Centred() : basis;
    }

    private static DenseMatrix AtPoints(
        double[][] points,
        double[] shift,
        double[][] knots,
        int order,
        DenseMatrix projection,
        double[] weights,
        bool dropNullSpace
    )
    {
        var centred = UniquePoints.Moved(points, shift);
        var x = Radial(centred, knots, order).Times(projection);
        if (!dropNullSpace)
            x = x.ConcatenateColumns(Polynomials(centred, order));
        for (var i = 0; i < x.Rows; i++)
        for (var j = 0; j < x.Columns; j++)
            x[i, j] *= weights[j];
        return x;
    }

    /// <summary>The derivatives of the functions of one variable: of <c>c r^(2m-1)</c>, r = |x - knot|, and of the powers of x.</summary>
    private static DenseMatrix SlopesAtPoints(
        double[] points,
        double shift,
        double[] knots,
        int order,
        DenseMatrix projection,
        double[] weights,
        bool dropNullSpace
    )
    {
        var constant = Constant(1, order) * (2 * order - 1);
        var radial = new DenseMatrix(points.Length, knots.Length);
        var powers = new DenseMatrix(points.Length, dropNullSpace ? 0 : order);
        for (var i = 0; i < points.Length; i++)
        {
            for (var j = 0; j < knots.Length; j++)
            {
                var difference = points[i] - shift - knots[j];
                radial[i, j] = constant * Math.Sign(difference);
                for (var p = 1; p < order; p++)
                    radial[i, j] *= difference * difference;
            }
            var power = 1.0;
            for (var q = 1; q < powers.Columns; q++, power *= points[i] - shift)
                powers[i, q] = q * power;
        }
        var x = radial.Times(projection).ConcatenateColumns(powers);
        for (var i = 0; i < x.Rows; i++)
        for (var j = 0; j < x.Columns; j++)
            x[i, j] *= weights[j];
        return x;
    }

    private static (DenseMatrix Vectors, DenseMatrix Middle) Truncate(double[][] knots, int order, int size)
    {
        var n = knots[0].Length;
        if (size == n)
            return (DenseMatrix.Identity(n), Radial(knots, knots, order));
        var (values, vectors) =
            knots.Length == 1
                ? LargestEigenpairs.Compute(
                    new OddPowerDistances(knots[0], 2 * order - 1, Constant(1, order)).Multiply,
                    () => Radial(knots, knots, order),
                    n,
                    size
                )
                : LargestEigenpairs.Compute(Radial(knots, knots, order), size);
        var middle = new DenseMatrix(size, size);
        for (var i = 0; i < size; i++)
            middle[i, i] = values[i];
        return (vectors, middle);
    }

    private static double[] ColumnWeights(DenseMatrix atPoints, int[] pointOfRow)
    {
        var weights = new double[atPoints.Columns];
        foreach (var point in pointOfRow)
            for (var j = 0; j < weights.Length; j++)
                weights[j] += atPoints[point, j] * atPoints[point, j];
        return [.. weights.Select(sum => 1 / Math.Sqrt(sum / pointOfRow.Length))];
    }

    /// <summary>The polynomials of degree below m at the points.</summary>
    private static DenseMatrix Polynomials(double[][] points, int order)
    {
        var powers = Powers(points.Length, order - 1).ToList();
        var result = new DenseMatrix(points[0].Length, powers.Count);
        for (var i = 0; i < result.Rows; i++)
        for (var j = 0; j < powers.Count; j++)
        {
            var value = 1.0;
            for (var l = 0; l < points.Length; l++)
            for (var q = 0; q < powers[j][l]; q++)
                value *= points[l][i];
            result[i, j] = value;
        }
        return result;
    }

    /// <summary>
    /// The powers of all polynomials up to a degree, the first variable's varying fastest: 1, x, x², z, xz, z². The fit is the same in any
    /// order; the second-order part of AIC, which uses a Cholesky factor of the coefficients' covariance, equals mgcv's only in this one.
    /// </summary>
    private static IEnumerable<int[]> Powers(int variables, int degree) =>
        variables == 0
            ?
            [
                [],
            ]
            : Enumerable
                .Range(0, degree + 1)
                .SelectMany(last => Powers(variables - 1, degree - last).Select(others => (int[])[.. others, last]));

    /// <summary>The radial functions η(‖points - knots‖) (Wood 2003, eq. 4).</summary>
    private static DenseMatrix Radial(double[][] points, double[][] knots, int order)
    {
        var d = points.Length;
        var constant = Constant(d, order);
        var power = 2 * order - d;
        var result = new DenseMatrix(points[0].Length, knots[0].Length);
        for (var i = 0; i < result.Rows; i++)
        for (var j = 0; j < result.Columns; j++)
        {
            var r2 = 0.0;
            for (var l = 0; l < d; l++)
            {
                var difference = points[l][i] - knots[l][j];
                r2 += difference * difference;
            }
            if (r2 == 0)
                continue;
            var value = constant;
            if (d % 2 == 0)
                value *= ReproducibleMath.Log(r2) / 2;
            for (var p = 0; p < power / 2; p++)
                value *= r2;
            if (power % 2 != 0)
                value *= Math.Sqrt(r2);
            result[i, j] = value;
        }
        return result;
    }

    private static double Constant(int d, int m)
    {
        var piHalf = 1.0; // π^(d/2)
        for (var i = 0; i < d / 2; i++)
            piHalf *= Math.PI;
        if (d % 2 != 0)
            piHalf *= Math.Sqrt(Math.PI);
        var factorial = 1.0; // (m-1)!
        for (var i = 2; i < m; i++)
            factorial *= i;
        if (d % 2 == 0)
        {
            var other = 1.0; // (m - d/2)!
            for (var i = 2; i <= m - d / 2; i++)
                other *= i;
            var sign = (m + 1 + d / 2) % 2 == 0 ? 1 : -1;
            return sign / ((1L << (2 * m - 1)) * piHalf * factorial * other);
        }
        var gamma = Math.Sqrt(Math.PI); // Γ(d/2 - m), down from Γ(1/2)
        for (var a = 0.5; a > d / 2.0 - m; a -= 1)
            gamma /= a - 1;
        return gamma / ((1L << (2 * m)) * piHalf * factorial);
    }
}
