using HpcFit.Shared.Failures;
using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// Adaptive smooths of one variable (<c>bs="ad"</c>): the strength of the second-order difference penalty is itself a spline along the
/// coefficients, whose coefficients are the smoothing parameters.
/// </summary>
/// <remarks>Wood 2011, J. R. Statist. Soc. B 73, 3-36, §5.2; Wood 2017 (2nd ed.), §5.3.5.</remarks>
internal static class AdaptiveBasis
{
    /// <summary>The default number of functions.</summary>
    public const int DefaultSize = 40;

    /// <summary>The default number of smoothing parameters.</summary>
    public const int DefaultPenalties = 5;

    /// <summary>Gives a basis of one variable an adaptive penalty.</summary>
    /// <param name="basis">P-splines, or cubic splines of their values at the knots.</param>
    /// <param name="count">The number of smoothing parameters m; with one, the basis keeps its own penalty.</param>
    /// <param name="name">The smooth's label, for messages.</param>
    public static Basis Build(Basis basis, int count, string name)
    {
        var size = basis.X.Columns;
        if (count < 1 || count >= size - 2)
            throw new BadInputException(
                $"{name}: m is {count}; an adaptive smooth of k = {size} functions has 1 to {size - 3} smoothing parameters."
            );
        if (count == 1)
            return basis;
        var differences = PSplineBasis.Differences(size, 2, cyclic: false);
        var strengths = Strengths(size - 2, count, name);
        var penalties = new List<DenseMatrix>();
        for (var j = 0; j < count; j++)
        {
            var weighted = new DenseMatrix(differences.Rows, size);
            for (var i = 0; i < weighted.Rows; i++)
                FixedOrder.Add(strengths[i, j], differences.Row(i), weighted.Row(i));
            penalties.Add(differences.Transposed().Times(weighted));
        }
        return basis with { Penalties = penalties, NullDimension = 2 };
    }

    /// <summary>Differences × smoothing parameters: a straight line and a constant, or splines, as many as are requested.</summary>
    private static DenseMatrix Strengths(int differences, int count, string name)
    {
        if (count > 2)
        {
            double[] places = [.. Enumerable.Range(1, differences).Select(i => (double)i)];
            return PSplineBasis.Build(places, count, count == 3 ? 1 : 2, 1, null, cyclic: false, name).X;
        }
        var strengths = new DenseMatrix(differences, count);
        for (var i = 0; i < differences; i++)
            (strengths[i, 0], strengths[i, 1]) = (1, (i + 1.0) / (differences + 2));
        return strengths;
    }
}
