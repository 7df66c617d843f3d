using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Testing;

/// <summary>
/// The Wald test that a smooth is zero: a quadratic form in its fitted values with a pseudo-inverse of fractional rank, whose null
/// distribution is a mixture of chi-squares of one degree of freedom each, relative to an estimated scale. A workspace for smooths of one
/// size.
/// </summary>
/// <remarks>
/// Wood 2013, Biometrika 100, 221-228, §2: with rank r = k + ν the k - 1 largest eigenvalues are inverted, and the next two enter by the
/// block [1, ρ; ρ, ν], ρ² = ν(1 - ν)/2. The sign of ρ depends on the eigenvectors' signs, which the paper does not specify. To match mgcv,
/// the statistic is that of eigenvectors whose first component is positive, the p-value is the mean over both signs, and the scale's
/// degrees of freedom are rounded to a whole number (which mgcv's evaluation requires) unless the rank is a whole number.
/// </remarks>
internal sealed class WaldTestOfSmooth(int size)
{
    private const double UsableEigenvalue = 1e-13;

    /// <summary>The relative difference below which eigenvalues count as equal.</summary>
    private const double Tied = 1e-9;
    private readonly SymmetricEigen _eigen = new(size);
    private readonly double[] _scores = new double[size];
    private readonly double[] _weights = new double[size];

    /// <summary>The statistic, not divided by the rank, which is its mean under the null.</summary>
    public double Statistic { get; private set; }

    /// <summary>The rank: the smooth's reference degrees of freedom, at most its number of coefficients.</summary>
    public double Rank { get; private set; }

    /// <summary>The weights of the null distribution, descending.</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, Count);

    private int Count { get; set; }

    private double OtherStatistic { get; set; }

    /// <summary>Tests a smooth with values <paramref name="fitted"/> and their covariance in an orthonormal basis of its columns.</summary>
    /// <param name="fitted">R β, R the triangle of the smooth's columns.</param>
    /// <param name="covariance">R V Rᵀ, V the Bayesian covariance of β; only the lower triangle is read.</param>
    /// <param name="rank">The reference degrees of freedom.</param>
    public void Run(ReadOnlySpan<double> fitted, DenseMatrix covariance, double rank)
    {
        _eigen.Decompose(covariance);
        var usable = 0;
        while (usable < size && _eigen.Values[size - 1 - usable] > UsableEigenvalue * _eigen.Values[^1])
            usable++;
        rank = Math.Min(rank, usable);
        var whole = (int)Math.Floor(rank);
        var part = rank - whole;
        for (var i = 0; i < Math.Min(size, whole + 1); i++)
            _scores[i] = Score(fitted, size - 1 - i);
        // The rank is below 1 (a column was dropped as collinear): the first function is tested with that rank.
        if (whole == 0)
            Store(_scores[0] * _scores[0], rank, 1);
        else
        {
            var statistic = 0.0;
            for (var i = 0; i < whole; i++)
                statistic += _scores[i] * _scores[i];
            Store(statistic, whole, whole);
            if (part > 0 && whole < size)
                AddPart(whole, part);
        }
    }

    /// <summary>P(a statistic larger than this | the smooth is zero), with <paramref name="scaleDegrees"/> for the scale.</summary>
    public double PValue(double scaleDegrees, SmoothPValues evaluation)
    {
        if (Count == Rank)
            return FisherF.UpperP(Statistic / Count, Count, scaleDegrees);
        var rounded = Math.Max(1, Math.Round(scaleDegrees));
        if (evaluation == SmoothPValues.Davies)
            return DaviesPValue(scaleDegrees, rounded);
        if (Rank < 1)
            return FisherF.UpperP(Statistic / Count, Count, scaleDegrees);
        return 0.5 * (WeightedChiSquared.UpperP(Statistic, Weights, rounded) + WeightedChiSquared.UpperP(OtherStatistic, Weights, rounded));
    }

    /// <summary>As in mgcv: if the error of Davies' method exceeds the distance to 1, the tail of an F with the rank's degrees of freedom
    /// is used instead.</summary>
    private double DaviesPValue(double scaleDegrees, double rounded)
    {
        var p = 0.5 * (DaviesTail.UpperP(Statistic, Weights, rounded) + DaviesTail.UpperP(OtherStatistic, Weights, rounded));
        return p > 1
            ? 0.5 * (FisherF.UpperP(Statistic / Rank, Rank, scaleDegrees) + FisherF.UpperP(OtherStatistic / Rank, Rank, scaleDegrees))
            : p;
    }

    private void Store(double statistic, double rank, int count)
    {
        (Statistic, OtherStatistic, Rank, Count) = (statistic, statistic, rank, count);
        _weights.AsSpan(0, count).Fill(1);
    }

    private void AddPart(int whole, double part)
    {
        var crossed = 2 * Math.Sqrt(part * (1 - part) / 2) * LastScore(whole) * _scores[whole];
        Statistic += part * _scores[whole] * _scores[whole] + crossed;
        OtherStatistic = Statistic - 2 * crossed;
        Rank = whole + part;
        Count = whole + 1;
        var spread = Math.Sqrt((1 - part) * (1 - part) + 2 * part * (1 - part));
        _weights[whole] = (1 + part - spread) / 2;
        _weights[whole - 1] = (1 + part + spread) / 2;
    }

    /// <summary>
    /// The score of the last whole eigenvector. Unpenalised functions have the same variance, so their eigenvectors are determined only up
    /// to a rotation: the last is chosen to contain all of the first component, which approximates mgcv's.
    /// </summary>
    private double LastScore(int whole)
    {
        var last = size - whole;
        double along = 0,
            length = 0;
        for (var column = last; column < size && _eigen.Values[column] - _eigen.Values[last] <= Tied * _eigen.Values[last]; column++)
        {
            var first = _eigen.Vectors[0, column];
            along += Math.Abs(first) * _scores[size - 1 - column];
            length += first * first;
        }
        return length > 0 ? along / Math.Sqrt(length) : _scores[whole - 1];
    }

    /// <summary>The fitted function along an eigenvector of its covariance, divided by its standard deviation.</summary>
    private double Score(ReadOnlySpan<double> fitted, int column)
    {
        var sum = 0.0;
        for (var i = 0; i < size; i++)
            sum += _eigen.Vectors[i, column] * fitted[i];
        var variance = _eigen.Values[column];
        return variance > 0 ? (_eigen.Vectors[0, column] < 0 ? -sum : sum) / Math.Sqrt(variance) : 0;
    }
}
