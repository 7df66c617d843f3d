using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Testing;

/// <summary>
/// The test that a wholly penalised term (a random effect, a shrinkage or cyclic smooth) has no variance. A workspace for one size.
/// </summary>
/// <remarks>
/// Wood 2013, Biometrika 100, 1005-1010: the statistic is <c>βᵀ V⁻¹ β</c>, V the Bayesian covariance of the term's coefficients. Without
/// the term their estimates have the frequentist covariance Vₑ, so the statistic is a mixture of chi-squares with the eigenvalues of
/// <c>V^(-1/2) Vₑ V^(-1/2)</c> as weights. Neither depends on the coefficients' coordinates.
/// </remarks>
/// <param name="size">The number of coefficients.</param>
/// <param name="others">The number of further independent ones, whose weights are known.</param>
internal sealed class VarianceComponentTest(int size, int others = 0)
{
    /// <summary>Smaller eigenvalues of a correlation matrix are rounding error.</summary>
    private const double SmallestEigenvalue = 1e-13;

    private readonly DenseMatrix _factor = new(size, size);
    private readonly DenseMatrix _inverse = new(size, size);
    private readonly DenseMatrix _half = new(size, size);
    private readonly DenseMatrix _whitened = new(size, size);
    private readonly SymmetricEigen _eigen = new(size);
    private readonly double[] _weights = new double[size + others];
    private int _count;

    /// <summary>The statistic.</summary>
    public double Statistic { get; private set; }

    /// <summary>Tests coefficients by their covariances.</summary>
    /// <param name="coefficients">The term's coefficients.</param>
    /// <param name="bayesian">V; only the lower triangle is read.</param>
    /// <param name="frequentist">Vₑ.</param>
    public void Run(ReadOnlySpan<double> coefficients, DenseMatrix bayesian, DenseMatrix frequentist)
    {
        bayesian.Values.CopyTo(_factor.Values, 0);
        if (Cholesky.TryFactor(_factor))
            Cholesky.InvertFactor(_factor, _inverse);
        else
            WhitenAlongAxes(bayesian);
        Measure(coefficients, frequentist);
    }

    /// <summary>Tests coefficients in the presence of other random effects (<see cref="NuisanceRandomEffects"/>).</summary>
    /// <param name="coefficients">The term's coefficients.</param>
    /// <param name="root">R.</param>
    /// <param name="scale">σ²: the statistic is <c>βᵀ RᵀR β / σ²</c>.</param>
    /// <param name="frequentist">Vₑ.</param>
    public void RunWeighted(ReadOnlySpan<double> coefficients, DenseMatrix root, double scale, DenseMatrix frequentist)
    {
        var deviation = Math.Sqrt(scale);
        for (var i = 0; i < _inverse.Values.Length; i++)
            _inverse.Values[i] = root.Values[i] / deviation;
        Measure(coefficients, frequentist);
    }

    private void Measure(ReadOnlySpan<double> coefficients, DenseMatrix frequentist)
    {
        Statistic = 0;
        for (var i = 0; i < size; i++)
        {
            var score = FixedOrder.Dot(_inverse.Row(i), coefficients);
            Statistic += score * score;
        }
        Array.Clear(_half.Values);
        for (var i = 0; i < size; i++)
        for (var l = 0; l < size; l++)
            FixedOrder.Add(_inverse[i, l], frequentist.Row(l), _half.Row(i));
        for (var i = 0; i < size; i++)
        for (var j = 0; j <= i; j++)
            _whitened[i, j] = FixedOrder.Dot(_half.Row(i), _inverse.Row(j));
        _eigen.Decompose(_whitened);
        for (var i = 0; i < size; i++)
            _weights[i] = Math.Max(_eigen.Values[size - 1 - i], 0);
        _count = size;
    }

    /// <summary>Adds independent coefficients of equal weight to the test that was run.</summary>
    /// <param name="statistic">Their part of the statistic.</param>
    /// <param name="weight">Their weight.</param>
    /// <param name="count">Their number.</param>
    public void Append(double statistic, double weight, int count)
    {
        Statistic += statistic;
        _weights.AsSpan(_count, count).Fill(weight);
        _count += count;
    }

    /// <summary>Puts the weights into descending order after the last <see cref="Append"/>.</summary>
    public void Sort()
    {
        _weights.AsSpan().Sort();
        _weights.AsSpan().Reverse();
    }

    /// <summary>A root of V's pseudo-inverse if V is numerically singular.</summary>
    private void WhitenAlongAxes(DenseMatrix bayesian)
    {
        for (var i = 0; i < size; i++)
        for (var j = 0; j <= i; j++)
            _factor[i, j] = bayesian[i, j] / (Math.Sqrt(bayesian[i, i]) * Math.Sqrt(bayesian[j, j]));
        _eigen.Decompose(_factor);
        for (var e = 0; e < size; e++)
        {
            var weight = _eigen.Values[e] > SmallestEigenvalue ? 1 / Math.Sqrt(_eigen.Values[e]) : 0;
            for (var i = 0; i < size; i++)
                _inverse[e, i] = weight * _eigen.Vectors[i, e] / Math.Sqrt(bayesian[i, i]);
        }
    }

    /// <summary>
    /// P(a statistic larger than this | no variance), with <paramref name="scaleDegrees"/> for the scale, rounded as mgcv requires.
    /// </summary>
    public double PValue(double scaleDegrees, SmoothPValues evaluation)
    {
        var rounded = Math.Max(1, Math.Round(scaleDegrees));
        return evaluation == SmoothPValues.Davies
            ? DaviesTail.UpperP(Statistic, _weights, rounded)
            : WeightedChiSquared.UpperP(Statistic, _weights, rounded);
    }
}
