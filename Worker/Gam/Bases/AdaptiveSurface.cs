using HpcFit.Shared.Failures;
using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// Adaptive smooths of two variables (<c>s(x, z, bs="ad")</c>): a tensor product whose coefficients form a grid. Penalised are the second
/// differences along both axes and the mixed ones, as the thin plate penalty <c>f_xx² + 2 f_xz² + f_zz²</c>; the strength is a surface over
/// the grid, made of products of quadratic B-splines whose coefficients are the smoothing parameters.
/// </summary>
/// <remarks>
/// Wood 2011, J. R. Statist. Soc. B 73, 3-36, §5.2; Wood 2017 (2nd ed.), §5.3.5. The mixed difference is
/// <c>(b[i+1,j+1] - b[i+1,j-1] - b[i-1,j+1] + b[i-1,j-1]) / 4</c>. The order of the smoothing parameters is mgcv's: those along the first
/// variable vary fastest. With bases of different size, mgcv 1.8-41 applies the penalty to the transposed grid; here it is the grid's.
/// </remarks>
internal static class AdaptiveSurface
{
    /// <summary>The default number of functions of each variable.</summary>
    public const int DefaultSize = 15;

    /// <summary>The default number of functions of each variable of the strength.</summary>
    public const int DefaultPenalties = 3;

    /// <summary>The least number of quadratic B-splines.</summary>
    private const int FewestSplines = 3;

    /// <summary>Builds the product of two bases with its adaptive penalties.</summary>
    /// <param name="first">The basis of the first variable.</param>
    /// <param name="second">That of the second one, whose functions vary fastest among the columns.</param>
    /// <param name="counts">The number of functions of the strength along each variable: both 1, or both at least 3.</param>
    /// <param name="name">The smooth's label, for messages.</param>
    public static Basis Build(Basis first, Basis second, (int First, int Second) counts, string name)
    {
        var (rows, columns) = (first.X.Columns, second.X.Columns);
        Check(counts.First, rows, name);
        Check(counts.Second, columns, name);
        if (counts.First == 1 != (counts.Second == 1))
            throw new BadInputException(
                $"{name}: m is {counts.First}, {counts.Second}; the strength of the penalty needs at least {FewestSplines} functions of "
                    + "each variable, or m=1 for the same strength everywhere."
            );
        var (alongFirst, alongSecond) = (Splines(rows, counts.First, name), Splines(columns, counts.Second, name));
        var penalties = new List<DenseMatrix>();
        for (var b = 0; b < counts.Second; b++)
        for (var a = 0; a < counts.First; a++)
            penalties.Add(Penalty(rows, columns, (i, j) => alongFirst[i, a] * alongSecond[j, b]));
        return new Basis(first.X.RowKronecker(second.X), penalties, 3)
        {
            At = points => first.At!([points[0]]).RowKronecker(second.At!([points[1]])),
        };
    }

    private static void Check(int count, int size, string name)
    {
        if (count == 1 || (count >= FewestSplines && count <= size - 2))
            return;
        throw new BadInputException(
            $"{name}: m is {count}; along {size} functions the strength of the penalty is the same everywhere (m=1)"
                + (size - 2 < FewestSplines ? "." : $" or has {FewestSplines} to {size - 2} functions.")
        );
    }

    /// <summary>Places of the grid × functions; one function is constant.</summary>
    private static DenseMatrix Splines(int size, int count, string name)
    {
        double[] places = [.. Enumerable.Range(1, size).Select(i => (double)i)];
        if (count > 1)
            return PSplineBasis.Build(places, count, 1, 1, null, cyclic: false, name).X;
        var constant = new DenseMatrix(size, 1);
        Array.Fill(constant.Values, 1);
        return constant;
    }

    private static DenseMatrix Penalty(int rows, int columns, Func<int, int, double> strength)
    {
        var penalty = new DenseMatrix(rows * columns, rows * columns);
        for (var i = 0; i < rows; i++)
        for (var j = 0; j < columns; j++)
        {
            var (isInner, isInnerOfSecond) = (i > 0 && i < rows - 1, j > 0 && j < columns - 1);
            if (isInner)
                Add(1, strength(i, j), [(At(i - 1, j), 1), (At(i, j), -2), (At(i + 1, j), 1)]);
            if (isInnerOfSecond)
                Add(1, strength(i, j), [(At(i, j - 1), 1), (At(i, j), -2), (At(i, j + 1), 1)]);
            if (isInner && isInnerOfSecond)
                Add(
                    2.0 / 16,
                    strength(i, j),
                    [(At(i - 1, j - 1), 1), (At(i - 1, j + 1), -1), (At(i + 1, j - 1), -1), (At(i + 1, j + 1), 1)]
                );
        }
        return penalty;

        int At(int i, int j) => (i * columns) + j;

        void Add(double factor, double weight, ReadOnlySpan<(int Place, double Value)> difference)
        {
            foreach (var (row, left) in difference)
            foreach (var (column, right) in difference)
                penalty[row, column] += factor * weight * left * right;
        }
    }
}
