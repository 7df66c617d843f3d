using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// Tensor products whose penalties do not overlap (<c>t2</c>): every margin is split into a part with the identity matrix as its penalty
/// and a part without penalty, and each penalised product of parts has its own ridge penalty. With <c>full=TRUE</c> each function of the
/// unpenalised part is a separate part.
/// </summary>
/// <remarks>
/// Wood, Scheipl and Faraway 2013, Statist. Comput. 23, 341-360, §2-3. The scale of a margin's unpenalised functions determines the meaning
/// of a penalty on their products: here, as in mgcv, the columns of each part have mean square 1 on average, those of the unpenalised part
/// individually, before they are rotated so that the first is constant. The fits equal mgcv's; the tests do not: mgcv multiplies
/// coefficients under one constraint by the triangular factor of columns under another, so that its F depends on the signs of eigenvectors.
/// Here it is the test of Wood (2013).
/// </remarks>
internal static class AlternativeTensor
{
    /// <summary>Builds the product; its last columns are the unpenalised ones, <see cref="Basis.NullDimension"/> of them.</summary>
    public static Basis Build(IReadOnlyList<Basis> margins, SmoothRequest request)
    {
        var maps = margins.Select(SplitMap).ToList();
        var parts = Products([.. margins.Select(margin => margin.X)], maps, request);
        var columns = parts.Sum(part => part.X.Columns);
        var (penalties, first) = (new List<DenseMatrix>(), 0);
        foreach (var (x, order) in parts)
        {
            if (order > 0)
                penalties.Add(Ridge(columns, first, x.Columns));
            first += x.Columns;
        }
        return new Basis(Join(parts), penalties, parts.Where(part => part.Order == 0).Sum(part => part.X.Columns))
        {
            At = points =>
                Join(
                    Products(
                        [.. margins.Select((margin, i) => margin.At!([.. request.Margins[i].Covariates.Select(c => points[c])]))],
                        maps,
                        request
                    )
                ),
        }.WithScaledPenalties();
    }

    /// <summary>
    /// The products of the margins' parts that are requested, with the number of penalised margins of each; those without one are last.
    /// </summary>
    private static List<(DenseMatrix X, int Order)> Products(
        List<DenseMatrix> margins,
        List<(DenseMatrix Map, int Rank)> maps,
        SmoothRequest request
    )
    {
        var parts = new List<(DenseMatrix X, int Order)> { (Ones(margins[0].Rows), 0) };
        foreach (var (margin, (map, rank)) in margins.Zip(maps))
        {
            var x = margin.Times(map);
            var range = x.TakeColumns([.. Enumerable.Range(0, rank)]);
            var free = Enumerable.Range(rank, x.Columns - rank);
            List<DenseMatrix> rest = request.SeparateNullFunctions
                ? [.. free.Select(column => x.TakeColumns([column]))]
                : [x.TakeColumns([.. free])];
            parts =
            [
                .. parts.Select(part => (part.X.RowKronecker(range), part.Order + 1)),
                .. parts.SelectMany(part => rest.Select(functions => (part.X.RowKronecker(functions), part.Order))),
            ];
        }
        return [.. parts.Where(part => part.X.Columns > 0 && request.Orders?.Contains(part.Order) != false)];
    }

    /// <summary>Coefficients × [penalised functions, the others], and the number of penalised functions.</summary>
    private static (DenseMatrix Map, int Rank) SplitMap(Basis margin)
    {
        var penalty = margin.Penalties[0];
        var eigen = new SymmetricEigen(penalty);
        int k = penalty.Rows,
            nulls = margin.NullDimension,
            rank = k - nulls;
        var range = eigen.Vectors.TakeColumns([.. Enumerable.Range(nulls, rank).Reverse()]);
        for (var j = 0; j < rank; j++)
        for (var i = 0; i < k; i++)
            range[i, j] /= Math.Sqrt(eigen.Values[k - 1 - j]);
        range = range.Scaled(Math.Sqrt(margin.X.Rows * rank) / Size(margin.X.Times(range)));
        return nulls == 0 ? (range, rank) : (range.ConcatenateColumns(FreeMap(margin, eigen, nulls)), rank);
    }

    /// <summary>
    /// The unpenalised functions, each of mean square 1, rotated so that a constant among them is the first.
    /// </summary>
    private static DenseMatrix FreeMap(Basis margin, SymmetricEigen eigen, int nulls)
    {
        var free = NullVectors.ZeroFirst(eigen.Vectors.TakeColumns([.. Enumerable.Range(0, nulls)]));
        var x = margin.X.Times(free);
        for (var j = 0; j < nulls; j++)
        {
            var scale = Math.Sqrt(x.Rows) / Size(x.TakeColumns([j]));
            for (var i = 0; i < free.Rows; i++)
                free[i, j] *= scale;
        }
        x = margin.X.Times(free);
        for (var j = 0; j < nulls; j++)
        {
            var mean = Enumerable.Range(0, x.Rows).Sum(i => x[i, j]) / x.Rows;
            for (var i = 0; i < x.Rows; i++)
                x[i, j] -= mean;
        }
        return free.Times(new SymmetricEigen(x.Transposed().Times(x)).Vectors);
    }

    private static DenseMatrix Ridge(int size, int first, int count)
    {
        var ridge = new DenseMatrix(size, size);
        for (var i = first; i < first + count; i++)
            ridge[i, i] = 1;
        return ridge;
    }

    private static DenseMatrix Join(IEnumerable<(DenseMatrix X, int Order)> parts) =>
        parts.Select(part => part.X).Aggregate((left, right) => left.ConcatenateColumns(right));

    private static double Size(DenseMatrix matrix) => Math.Sqrt(FixedOrder.Dot(matrix.Values, matrix.Values));

    private static DenseMatrix Ones(int rows)
    {
        var ones = new DenseMatrix(rows, 1);
        Array.Fill(ones.Values, 1);
        return ones;
    }
}
