using HpcFit.Worker.Algebra;
using HpcFit.Worker.Linear;

namespace HpcFit.Worker.Permutation;

/// <summary>How much of the tested directions of a hypothesis stays in place under every shuffle of a list.</summary>
/// <remarks>
/// The part of a tested direction t that no shuffle moves is its projection Πt on the vectors that are constant on the orbits of rows.
/// Over all shuffles of e = a t + noise, t'Pe has the mean |Πt|² t'e if |t| = 1, and the variance (1 - |Πt|²) σ². So a statistic has
/// √(1 - |Πt|²) of its size against the shuffles: where Πt = t, nothing, because then t'Pe = t'e. For several directions T, the shares
/// are the eigenvalues of T'ΠT.
/// </remarks>
internal static class UnmovedDirections
{
    /// <summary>The shares |Πt|² of the principal directions of a hypothesis, from 0 (moved) to 1 (in place), ascending.</summary>
    /// <param name="design">The model matrix.</param>
    /// <param name="hypothesis">The hypothesis.</param>
    /// <param name="orbits">Which rows take each other's places; negative where signs change.</param>
    public static double[] Shares(WholeCohortDesign design, TestedSpace hypothesis, ReadOnlySpan<int> orbits)
    {
        var (rank, degrees, rows) = (design.Rank, hypothesis.Degrees, design.Rows.Length);
        var (sums, sizes) = (new double[rows * degrees], new int[rows]);
        for (var row = 0; row < rows; row++)
        {
            if (orbits[row] < 0)
                continue;
            sizes[orbits[row]]++;
            for (var d = 0; d < degrees; d++)
            for (var k = 0; k < rank; k++)
                sums[(orbits[row] * degrees) + d] += design.Basis[(row * rank) + k] * hypothesis.Directions[(d * rank) + k];
        }
        var products = new DenseMatrix(degrees, degrees);
        for (var orbit = 0; orbit < rows && sizes[orbit] > 0; orbit++)
        for (var i = 0; i < degrees; i++)
        for (var j = 0; j <= i; j++)
            products[i, j] += sums[(orbit * degrees) + i] * sums[(orbit * degrees) + j] / sizes[orbit];
        return [.. new SymmetricEigen(products).Values];
    }
}
