using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// B-splines with penalties on integrated squared derivatives (<c>bs="bs"</c>): <c>m=c(3, 2)</c> is a cubic spline with the usual penalty,
/// <c>m=c(3, 2, 0)</c> has another penalty on the function itself.
/// </summary>
/// <remarks>Wood 2017, Statist. Comput. 27, 985-989: the penalty's integral over each interval between knots is exact.</remarks>
internal static class BSplineBasis
{
    /// <summary>Builds the basis.</summary>
    /// <param name="values">The covariate.</param>
    /// <param name="size">The number of functions k.</param>
    /// <param name="degree">The degree of the polynomials.</param>
    /// <param name="derivatives">Per penalty, the order of the derivative.</param>
    /// <param name="given">
    /// All knots, the two ends of the range, or four numbers: the range of the penalty and, inside it, that of the other knots; null: the
    /// range of the data.
    /// </param>
    /// <param name="name">The smooth's label, for messages.</param>
    public static Basis Build(double[] values, int size, int degree, IReadOnlyList<int> derivatives, double[]? given, string name)
    {
        var knots = Knots(values, size, degree, given, name);
        return new Basis(
            BSplines.Evaluate(values, knots, degree),
            [.. derivatives.Select(order => Penalty(knots, degree, order))],
            derivatives.Min()
        )
        {
            At = points => BSplines.EvaluateAnywhere(points[0], knots, degree),
            SlopeAt = points => BSplines.EvaluateAnywhere(points[0], knots, degree, 1),
        };
    }

    private static double[] Knots(double[] values, int size, int degree, double[]? given, string name)
    {
        if (size < degree + 1)
            throw new SmoothBasisException(
                $"{name}: k = {size} is too small for B-splines of degree {degree}; set k to at least {degree + 1}."
            );
        var inner = size - degree + 1;
        return given switch
        {
            null or { Length: 2 } => PSplineBasis.Knots(values, size, degree, given, name),
            { Length: 4 } when inner >= 4 => WithPenaltyRange(values, inner, degree, [.. given.Order()], name),
            _ when given.Length == inner + 2 * degree => PSplineBasis.Knots(values, size, degree, given, name),
            _ => throw new SmoothBasisException(
                $"{name}: {given.Length} knots were given; a basis of k = {size} needs {inner + 2 * degree}, 2 for the range, or 4 for "
                    + "the ranges of the penalty and of the data."
            ),
        };
    }

    private static double[] WithPenaltyRange(double[] values, int inner, int degree, double[] ends, string name)
    {
        PSplineBasis.RefuseOutside(values, ends[0], ends[3], name);
        var step = (ends[3] - ends[0]) / (inner - 1);
        var count = inner - 2;
        return
        [
            .. Enumerable.Range(0, degree).Select(i => ends[0] - step * (degree - i)),
            ends[0],
            .. Enumerable.Range(0, count).Select(i => i == count - 1 ? ends[2] : ends[1] + i * ((ends[2] - ends[1]) / (count - 1))),
            ends[3],
            .. Enumerable.Range(1, degree).Select(i => ends[3] + step * i),
        ];
    }

    /// <summary>The integral of the products of the functions' derivatives between the boundary knots.</summary>
    private static DenseMatrix Penalty(double[] knots, int degree, int derivative)
    {
        var size = knots.Length - degree - 1;
        var penalty = new DenseMatrix(size, size);
        var places = Places(degree - derivative);
        var weights = Weights(places);
        for (var interval = degree; interval < knots.Length - degree - 1; interval++)
        {
            double half = (knots[interval + 1] - knots[interval]) / 2,
                middle = (knots[interval + 1] + knots[interval]) / 2;
            if (half > 0)
                Add(BSplines.EvaluateWithin(interval, [.. places.Select(at => middle + half * at)], knots, degree, derivative), half);
        }
        return penalty;

        void Add(DenseMatrix values, double half)
        {
            var product = values.Transposed().Times(weights.Times(values));
            for (var i = 0; i < size; i++)
            for (var j = 0; j < size; j++)
                penalty[i, j] += half * (product[i, j] + product[j, i]) / 2;
        }
    }

    /// <summary>As many evenly spaced points of [-1, 1] as determine a polynomial.</summary>
    private static double[] Places(int degree) =>
        degree == 0 ? [0] : [.. Enumerable.Range(0, degree + 1).Select(i => 2.0 * i / degree - 1)];

    /// <summary>The matrix W with <c>∫ f g = fᵀ W g</c> over [-1, 1] for polynomials given by their values at the places.</summary>
    private static DenseMatrix Weights(double[] places)
    {
        var count = places.Length;
        var powers = new DenseMatrix(count, count);
        var integrals = new DenseMatrix(count, count);
        for (var i = 0; i < count; i++)
        {
            powers[i, 0] = 1;
            for (var j = 1; j < count; j++)
                powers[i, j] = powers[i, j - 1] * places[i];
            for (var j = 0; j < count; j++)
                integrals[i, j] = (i + j) % 2 == 0 ? 2.0 / (i + j + 1) : 0;
        }
        return integrals.Congruent(LinearSolve.General(powers, DenseMatrix.Identity(count)));
    }
}
