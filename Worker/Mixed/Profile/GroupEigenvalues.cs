using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Mixed.Profile;

/// <summary>
/// The different positive eigenvalues of Z'(I - QQ')Z, Z the indicators of groups scaled by the roots of weights: the variances, but for
/// the ratio of variances, that groups add to the residuals of fixed effects.
/// </summary>
/// <remarks>
/// Z'Z is diagonal with the masses of groups, and Z'Q has the rows s of the groups. In a class of c groups of equal mass m, vectors
/// orthogonal to the columns of its rows S have the eigenvalue m; what remains is a problem of as many dimensions as the ranks of all S,
/// diag(m) - TT' with T'T = S'S in every class. The design has S'S of every class, so its size does not matter.
/// </remarks>
internal sealed class GroupEigenvalues
{
    /// <summary>Eigenvalues this small relative to the largest mass are rounding errors.</summary>
    private const double Zero = 1e-10;

    private GroupEigenvalues(double[] values, int[] multiplicities) => (Values, Multiplicities) = (values, multiplicities);

    /// <summary>The eigenvalues.</summary>
    public double[] Values { get; }

    /// <summary>How often each occurs.</summary>
    public int[] Multiplicities { get; }

    /// <summary>Computes the eigenvalues of a design.</summary>
    public static GroupEigenvalues Create(GroupedDesign design)
    {
        var (values, multiplicities) = (new List<double>(), new List<int>());
        var (masses, rows) = (new List<double>(), new List<double[]>());
        for (var k = 0; k < design.Classes; k++)
        {
            var ofClass = Roots(design, k);
            rows.AddRange(ofClass);
            masses.AddRange(ofClass.Select(_ => design.Mass[k]));
            Add(design.Mass[k], design.Count[k] - ofClass.Count);
        }
        var reduced = new DenseMatrix(rows.Count, rows.Count);
        for (var i = 0; i < rows.Count; i++)
        for (var j = 0; j <= i; j++)
            reduced[i, j] = (i == j ? masses[i] : 0) - FixedOrder.Dot(rows[i], rows[j]);
        foreach (var value in new SymmetricEigen(reduced).Values)
            Add(value, 1);
        return new([.. values], [.. multiplicities]);

        void Add(double value, int multiplicity)
        {
            if (multiplicity <= 0 || !(value > Zero * design.Mass[design.Classes - 1]))
                return;
            values.Add(value);
            multiplicities.Add(multiplicity);
        }
    }

    /// <summary>The rows of T with T'T = S'S of a class, as few as its rank.</summary>
    private static List<double[]> Roots(GroupedDesign design, int k)
    {
        var rank = design.Rank;
        if (design.Count[k] == 1)
            return [design.GroupSums[(Array.IndexOf(design.ClassOfGroup, k, 0, design.Groups) * rank)..][..rank]];
        var products = new DenseMatrix(rank, rank);
        design.Products.AsSpan(k * rank * rank, rank * rank).CopyTo(products.Values);
        var eigen = new SymmetricEigen(products);
        var roots = new List<double[]>();
        for (var i = rank - 1; i >= 0 && roots.Count < design.Count[k] && eigen.Values[i] > Zero * eigen.Values[^1]; i--)
        {
            var length = Math.Sqrt(eigen.Values[i]);
            roots.Add([.. Enumerable.Range(0, rank).Select(c => length * eigen.Vectors[c, i])]);
        }
        return roots;
    }
}
