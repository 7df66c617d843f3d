using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>P-splines: B-splines on evenly spaced knots with a difference penalty (<c>bs="ps"</c>) and their cyclic form
/// (<c>"cp"</c>).</summary>
/// <remarks>
/// Eilers and Marx 1996, Statist. Sci. 11, 89-121; Wood 2017 (2nd ed.), §5.3.3. <c>m = c(2, 1)</c> is a cubic basis with a first-order
/// penalty.
/// </remarks>
internal static class PSplineBasis
{
    /// <summary>Builds the basis of <paramref name="size"/> B-splines of degree <paramref name="degreeIndex"/> + 1.</summary>
    public static Basis Build(double[] values, int size, int degreeIndex, int penaltyOrder, double[]? given, bool cyclic, string name)
    {
        var degree = degreeIndex + 1;
        var knots = cyclic ? CyclicKnots(values, size, degree, given, name) : Knots(values, size, degree, given, name);
        DenseMatrix At(double[] points, int derivative) =>
            cyclic ? Cyclic(points, knots, degree, size, derivative) : BSplines.EvaluateAnywhere(points, knots, degree, derivative);
        var difference = Differences(size, penaltyOrder, cyclic);
        var nullDimension = cyclic ? (penaltyOrder > 0 ? 1 : 0) : penaltyOrder;
        return new Basis(At(values, 0), [difference.Transposed().Times(difference)], nullDimension)
        {
            At = points => At(points[0], 0),
            SlopeAt = points => At(points[0], 1),
        };
    }

    /// <summary>All knots: evenly spaced over the range, or as given.</summary>
    public static double[] Knots(double[] values, int size, int degree, double[]? given, string name)
    {
        var inner = size - degree + 1; // inner knots, including both boundaries
        if (inner < 2)
            throw new SmoothBasisException(
                $"{name}: k = {size} is too small for B-splines of degree {degree}; set k to at least {degree + 1}."
            );
        if (given is { Length: > 2 })
        {
            if (given.Length != inner + 2 * degree)
                throw new SmoothBasisException(
                    $"{name}: {given.Length} knots were given; a basis of k = {size} needs {inner + 2 * degree}, or 2 for the range."
                );
            double[] knots = [.. given.Order()];
            RefuseOutside(values, knots[degree], knots[^(degree + 1)], name);
            return knots;
        }
        double low = given?.Min() ?? values.Min(),
            high = given?.Max() ?? values.Max();
        if (high <= low)
            throw new SmoothBasisException($"{name}: all covariate values are {low}; a spline needs at least two different ones.");
        RefuseOutside(values, low, high, name);
        var margin = (high - low) * 0.001; // mgcv widens a given range as well as that of the data
        low -= margin;
        high += margin;
        var step = (high - low) / (inner - 1);
        return Even(low - step * degree, high + step * degree, inner + 2 * degree);
    }

    private static double[] CyclicKnots(double[] values, int size, int degree, double[]? given, string name)
    {
        double low = given?.Min() ?? values.Min(),
            high = given?.Max() ?? values.Max();
        if (high <= low)
            throw new SmoothBasisException($"{name}: all covariate values are {low}; a spline needs at least two different ones.");
        if (size <= degree)
            throw new SmoothBasisException(
                $"{name}: k = {size} is too small for cyclic B-splines of degree {degree}; set k to at least {degree + 1}."
            );
        RefuseOutside(values, low, high, name);
        if (given is { Length: > 2 })
        {
            if (given.Length != size + 1)
                throw new SmoothBasisException(
                    $"{name}: {given.Length} knots were given; a cycle of k = {size} needs {size + 1}, or 2 for its ends."
                );
            double[] knots = [.. given.Order()];
            return
            [
                .. knots[(size - degree)..size].Select(knot => knot - (high - low)),
                .. knots,
                .. knots[1..(degree + 1)].Select(knot => knot + (high - low)),
            ];
        }
        var step = (high - low) / size;
        return Even(low - step * degree, high + step * degree, size + 1 + 2 * degree);
    }

    /// <summary>Refuses covariate values beyond the range of the knots.</summary>
    public static void RefuseOutside(double[] values, double low, double high, string name)
    {
        if (values.Min() < low || values.Max() > high)
            throw new SmoothBasisException(
                $"{name}: its values run from {values.Min()} to {values.Max()}, beyond the knots' range from {low} to {high}; give "
                    + "knots around all of them."
            );
    }

    private static double[] Even(double low, double high, int count) =>
        [.. Enumerable.Range(0, count).Select(i => i == count - 1 ? high : low + i * ((high - low) / (count - 1)))];

    private static DenseMatrix Cyclic(double[] points, double[] knots, int degree, int size, int derivative)
    {
        double low = knots[degree],
            high = knots[^(degree + 1)];
        var wrapped = points.Select(v => v >= low && v <= high ? v : v - Math.Floor((v - low) / (high - low)) * (high - low)).ToArray();
        var open = BSplines.Evaluate(wrapped, knots, degree, derivative);
        var x = new DenseMatrix(points.Length, size);
        for (var i = 0; i < x.Rows; i++)
        for (var j = 0; j < open.Columns; j++)
            x[i, j % size] += open[i, j];
        return x;
    }

    /// <summary>The matrix of differences of an order between adjacent coefficients.</summary>
    public static DenseMatrix Differences(int size, int order, bool cyclic)
    {
        var difference = DenseMatrix.Identity(size);
        for (var i = 0; i < order; i++)
            difference = Differences(difference, cyclic);
        return difference;
    }

    private static DenseMatrix Differences(DenseMatrix matrix, bool cyclic)
    {
        var n = matrix.Rows;
        var result = new DenseMatrix(cyclic ? n : n - 1, matrix.Columns);
        for (var i = 0; i < result.Rows; i++)
        for (var j = 0; j < matrix.Columns; j++)
            result[i, j] = matrix[(i + 1) % n, j] - matrix[i, j];
        return result;
    }
}
