using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>The test that a wholly penalised term (a random effect, a shrinkage or cyclic smooth) has no variance. A workspace for one size.</summary>
/// <remarks>
/// Wood 2013, Biometrika 100, 1005-1010: the statistic is <c>βᵀ V⁻¹ β</c>, V the Bayesian covariance of the term's coefficients. Where the
/// term is absent their estimates have the frequentist covariance Vₑ, so it is a mixture of chi-squares with the eigenvalues of
/// <c>V^(-1/2) Vₑ V^(-1/2)</c> as weights. Both do not change with the coefficients' coordinates.
/// </remarks>
internal sealed class RandomEffectTest(int size)
{
    private readonly DenseMatrix factor = new(size, size);
    private readonly DenseMatrix inverse = new(size, size);
    private readonly DenseMatrix half = new(size, size);
    private readonly DenseMatrix whitened = new(size, size);
    private readonly SymmetricEigen eigen = new(size);
    private readonly double[] weights = new double[size];

    /// <summary>The statistic.</summary>
    public double Statistic { get; private set; }

    /// <summary>The weights of its null law, descending.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>Tests coefficients by their covariances.</summary>
    /// <param name="coefficients">The term's coefficients.</param>
    /// <param name="bayesian">V; the lower triangle is read.</param>
    /// <param name="frequentist">Vₑ.</param>
    public void Run(ReadOnlySpan<double> coefficients, DenseMatrix bayesian, DenseMatrix frequentist)
    {
        bayesian.Values.CopyTo(factor.Values, 0);
        if (!Cholesky.TryFactor(factor)) throw new ArithmeticException($"The covariance of a term of {size} coefficients is not positive definite.");
        Cholesky.InvertFactor(factor, inverse);
        Statistic = 0;
        for (var i = 0; i < size; i++)
        {
            var score = FixedOrder.Dot(inverse.Row(i), coefficients);
            Statistic += score * score;
        }
        Array.Clear(half.Values);
        for (var i = 0; i < size; i++)
            for (var l = 0; l <= i; l++) FixedOrder.Add(inverse[i, l], frequentist.Row(l), half.Row(i));
        for (var i = 0; i < size; i++)
            for (var j = 0; j <= i; j++) whitened[i, j] = FixedOrder.Dot(half.Row(i), inverse.Row(j));
        eigen.Decompose(whitened);
        for (var i = 0; i < size; i++) weights[i] = Math.Max(eigen.Values[size - 1 - i], 0);
    }

    /// <summary>P(a statistic larger than this | no variance), with <paramref name="scaleDegrees"/> for the scale: rounded, as mgcv needs them.</summary>
    public double PValue(double scaleDegrees) =>
        WeightedChiSquared.UpperP(Statistic, weights, Math.Max(1, Math.Round(scaleDegrees)));
}
