using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>The test that a wholly penalised term (a random effect, a shrinkage or cyclic smooth) has no variance.</summary>
/// <remarks>
/// Wood 2013, Biometrika 100, 1005-1010: the statistic is <c>βᵀ V⁻¹ β</c>, V the Bayesian covariance of the term's coefficients. Where the
/// term is absent their estimates have the frequentist covariance Vₑ, so it is a mixture of chi-squares with the eigenvalues of
/// <c>V^(-1/2) Vₑ V^(-1/2)</c> as weights.
/// </remarks>
/// <param name="Statistic">The statistic.</param>
/// <param name="Weights">The weights, descending.</param>
/// <param name="Rank">The reference degrees of freedom: directions of the term that the rest of the model leaves free.</param>
internal sealed record RandomEffectTest(double Statistic, double[] Weights, int Rank)
{
    /// <summary>Tests coefficients with Bayesian covariance <paramref name="bayesian"/> and frequentist covariance <paramref name="frequentist"/>.</summary>
    public static RandomEffectTest Of(double[] coefficients, DenseMatrix bayesian, DenseMatrix frequentist, int rank)
    {
        var count = coefficients.Length;
        var factor = new DenseMatrix(count, count);
        bayesian.Values.CopyTo(factor.Values, 0);
        if (!Cholesky.TryFactor(factor)) throw new ArithmeticException($"The covariance of a term of {count} coefficients is not positive definite.");
        var inverse = new DenseMatrix(count, count);
        Cholesky.InvertFactor(factor, inverse);
        var statistic = 0.0;
        for (var i = 0; i < count; i++)
        {
            var score = 0.0;
            for (var j = 0; j <= i; j++) score += inverse[i, j] * coefficients[j];
            statistic += score * score;
        }
        var eigen = new SymmetricEigen(frequentist.Congruent(inverse.Transposed()));
        return new RandomEffectTest(statistic, [.. eigen.Values.Reverse().Select(value => Math.Max(value, 0))], rank);
    }
}
