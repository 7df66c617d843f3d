using HpcFit.Worker.Formulas.Evaluation;

namespace HpcFit.Worker.Formulas;

/// <summary>Describes for the user, before anything is fitted, columns of a model matrix that are linear combinations of others.</summary>
/// <remarks>
/// R's rule, applied to the subjects of the whole cohort: a column is aliased if its component orthogonal to the preceding columns is
/// shorter than 1e-7 of its length.
/// </remarks>
internal static class AliasedColumns
{
    private const double Tolerance = 1e-7;

    /// <summary>A column counts as part of a combination if it contributes at least this fraction of the combination's length.</summary>
    private const double MinShare = 1e-6;

    /// <summary>One sentence per aliased column.</summary>
    /// <param name="names">The columns' names.</param>
    /// <param name="columns">Their values at the subjects in the fit.</param>
    public static IEnumerable<string> Sentences(IReadOnlyList<string> names, IReadOnlyList<double[]> columns)
    {
        var (basis, triangle, kept) = (new List<double[]>(), new List<double[]>(), new List<int>());
        for (var column = 0; column < columns.Count; column++)
        {
            var (rest, shares) = ((double[])columns[column].Clone(), new double[basis.Count + 1]);
            var length = Length(rest);
            // Orthogonalising twice is enough (Giraud et al. 2005).
            for (var pass = 0; pass < 2; pass++)
            {
                for (var i = 0; i < basis.Count; i++)
                {
                    var share = Statistics.Dot(basis[i], rest);
                    shares[i] += share;
                    Statistics.Subtract(rest, share, basis[i]);
                }
            }
            shares[^1] = Length(rest);
            if (shares[^1] > Tolerance * length)
            {
                basis.Add(Array.ConvertAll(rest, value => value / shares[^1]));
                triangle.Add(shares);
                kept.Add(column);
                continue;
            }
            yield return Sentence(
                names[column],
                columns[column],
                [.. Parts(triangle, shares, length, kept.ConvertAll(k => Length(columns[k]))).Select(i => names[kept[i]])]
            );
        }
    }

    private static string Sentence(string name, double[] values, string[] others)
    {
        var subjects = values.Length == 1 ? "subject" : "subjects";
        if (values.All(value => value == values[0]))
            return $"{name} is {(values[0] == 0 ? "0" : "constant")} among the {values.Length} {subjects} used";
        return $"{name} is a linear combination of "
            + $"{string.Join(", ", others.Select(other => other == "(Intercept)" ? "the intercept" : other))} among the "
            + $"{values.Length} {subjects} used";
    }

    /// <summary>The indices of the preceding columns with a nonzero coefficient, by back substitution.</summary>
    private static IEnumerable<int> Parts(List<double[]> triangle, double[] shares, double length, List<double> lengths)
    {
        var coefficients = shares[..triangle.Count];
        for (var i = triangle.Count - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < triangle.Count; j++)
                coefficients[i] -= triangle[j][i] * coefficients[j];
            coefficients[i] /= triangle[i][i];
        }
        return Enumerable.Range(0, triangle.Count).Where(i => Math.Abs(coefficients[i]) * lengths[i] > MinShare * length);
    }

    private static double Length(double[] values) => Math.Sqrt(Statistics.Dot(values, values));
}
