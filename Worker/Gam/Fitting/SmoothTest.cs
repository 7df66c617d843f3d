using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// The Wald statistic that a smooth is zero: a quadratic form in its fitted values with a pseudo-inverse of fractional rank, and the
/// weights of its null law, a mixture of chi-squares of one degree of freedom each.
/// </summary>
/// <remarks>
/// Wood 2013, Biometrika 100, 221-228, §2: with rank r = k + ν the k - 1 largest eigenvalues are inverted, and the next two enter by the
/// block [1, ρ; ρ, ν], ρ² = ν(1 - ν)/2. The sign of ρ follows the eigenvectors' signs, which the paper leaves open: here, as in mgcv's
/// answers, an eigenvector's first component is positive.
/// </remarks>
/// <param name="Statistic">The statistic, not divided by anything: its mean under the null is the rank.</param>
/// <param name="Rank">The rank: the smooth's reference degrees of freedom, at most its number of coefficients.</param>
/// <param name="UnitWeights">How many weights are 1.</param>
/// <param name="FractionalWeights">The other two weights; both 0 when the rank is whole.</param>
internal readonly record struct SmoothTest(double Statistic, double Rank, int UnitWeights, (double First, double Second) FractionalWeights)
{
    /// <summary>Tests coefficients <paramref name="coefficients"/> with covariance <paramref name="covariance"/>.</summary>
    /// <param name="coefficients">β of the smooth.</param>
    /// <param name="covariance">Their Bayesian covariance.</param>
    /// <param name="triangle">R of the smooth's own (weighted) columns.</param>
    /// <param name="rank">The reference degrees of freedom.</param>
    public static SmoothTest Of(double[] coefficients, DenseMatrix covariance, DenseMatrix triangle, double rank)
    {
        var count = coefficients.Length;
        var eigen = new SymmetricEigen(covariance.Congruent(triangle.Transposed()));
        var usable = 0;
        while (usable < count && eigen.Values[count - 1 - usable] > 1e-13 * eigen.Values[^1]) usable++;
        rank = Math.Min(rank, usable);
        var whole = (int)Math.Floor(rank);
        var part = rank - whole;
        var scores = Scores(coefficients, triangle, eigen);
        if (whole == 0) return new SmoothTest(scores[0] * scores[0], 1, 1, (0, 0));
        var statistic = 0.0;
        for (var i = 0; i < whole; i++) statistic += scores[i] * scores[i];
        if (part == 0 || whole == count) return new SmoothTest(statistic, whole, whole, (0, 0));
        statistic += part * scores[whole] * scores[whole] + 2 * Math.Sqrt(part * (1 - part) / 2) * scores[whole - 1] * scores[whole];
        var spread = Math.Sqrt((1 - part) * (1 - part) + 2 * part * (1 - part));
        return new SmoothTest(statistic, rank, whole - 1, ((1 + part + spread) / 2, (1 + part - spread) / 2));
    }

    /// <summary>The fitted function in the covariance's eigenvectors, each over its standard deviation; largest variance first.</summary>
    private static double[] Scores(double[] coefficients, DenseMatrix triangle, SymmetricEigen eigen)
    {
        var count = coefficients.Length;
        var fitted = new double[count];
        for (var i = 0; i < count; i++)
            for (var j = i; j < count; j++) fitted[i] += triangle[i, j] * coefficients[j];
        var scores = new double[count];
        for (var i = 0; i < count; i++)
        {
            var column = count - 1 - i;
            var sum = 0.0;
            for (var r = 0; r < count; r++) sum += eigen.Vectors[r, column] * fitted[r];
            var sign = eigen.Vectors[0, column] < 0 ? -1 : 1;
            scores[i] = eigen.Values[column] > 0 ? sign * sum / Math.Sqrt(eigen.Values[column]) : 0;
        }
        return scores;
    }
}
