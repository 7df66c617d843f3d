namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Orthonormal polynomials over a set of points, the leading coefficient positive: R's poly() and contr.poly().</summary>
/// <remarks>
/// Forsythe (1957), "Generation and use of orthogonal polynomials for data-fitting", SIAM J. 5, 74-88: the three-term recurrence P_{k+1} =
/// (x - a_k) P_k - b_k P_{k-1}. Each new column is orthogonalised twice, so that it is orthogonal to rounding error.
/// </remarks>
internal static class OrthogonalPolynomials
{
    /// <summary>
    /// Columns of degree 1 to <paramref name="degree"/> over <paramref name="x"/>, which has more than that many distinct finite values.
    /// </summary>
    public static double[][] Fit(double[] x, int degree)
    {
        var mean = Statistics.Mean(x);
        var centred = Array.ConvertAll(x, value => value - mean);
        var basis = new List<double[]> { Array.ConvertAll(x, _ => 1 / Math.Sqrt(x.Length)) };
        for (var k = 1; k <= degree; k++)
        {
            var next = new double[x.Length];
            for (var i = 0; i < next.Length; i++)
                next[i] = centred[i] * basis[^1][i];
            for (var pass = 0; pass < 2; pass++)
            {
                foreach (var earlier in basis)
                    Statistics.Subtract(next, Statistics.Dot(next, earlier), earlier);
            }
            var norm = Math.Sqrt(Statistics.Dot(next, next));
            for (var i = 0; i < next.Length; i++)
                next[i] /= norm;
            basis.Add(next);
        }
        basis.RemoveAt(0);
        return [.. basis];
    }
}
