using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// How far rounding may move the statistics of a design: what two statistics that are equal in exact arithmetic may differ by.
/// </summary>
/// <remarks>
/// Let y be an element's responses without a common constant, e their residuals on a hypothesis' nuisance part, r those on the whole
/// model, and u the unit roundoff 2⁻⁵³. Residuals, and the coordinates of fits, are sums of products of y with orthonormal columns, whose
/// errors are at most δ = c u |y|. So the estimate a of t = √df a / |r| has the error δ, and |r|, if it is computed from residuals, the
/// relative error δ / |r|. As a difference, |r|² = |e|² - |fit|² has the error 2 δ |e|, and |r| the relative error δ / |r| times |e| / |r|.
/// With ρ the relative error of |r|, t has an error of at most ρ |t| + √df δ / |r| ≤ ρ (|t| + √df). A shuffle that ties has the same |r|.
/// </remarks>
internal sealed class StatisticRounding
{
    /// <summary>The relative error of a statistic from which on it is noise: its first three digits are not certain.</summary>
    private const double MostRelative = 1e-3;

    /// <summary>z of F below its negative are those of probabilities near 1 that differ by less than 3e-7, and count as equal.</summary>
    private const double LeastScore = 5;

    /// <summary>No z is beyond it.</summary>
    private const double MostScore = 40;

    /// <summary>
    /// Errors of sums of n products grow like √n, since single ones have any sign (Higham and Mary 2019, SIAM J. Sci. Comput. 41:A2815);
    /// residuals have those of every column, too. With a quarter of the factor, no tie was lost in some 10,000 elements of 4 to 1,002 rows.
    /// </summary>
    private readonly double _unit;

    /// <summary>The bounds of a design.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="rank">The columns of its basis.</param>
    public StatisticRounding(int rows, int rank) => _unit = 16 * Math.ScaleB(1, -53) * (Math.Sqrt(rows) + rank);

    /// <summary>The relative error ρ of residuals.</summary>
    /// <param name="all">|y|².</param>
    /// <param name="squares">|e|².</param>
    /// <param name="residual">|r|² of the unpermuted data.</param>
    public double OfResiduals(double all, double squares, double residual)
    {
        // Twice: of two equal statistics near the limit, only one may be computed as a difference.
        var isDifference = residual * 2 > ShuffleMethod.Cancellation * squares;
        return _unit * Math.Sqrt(all / residual) * (isDifference ? Math.Sqrt(squares / residual) : 1);
    }

    /// <summary>Whether a statistic is noise: the response is fitted exactly, as far as can be computed.</summary>
    /// <param name="relative">The relative error of its residuals or weights.</param>
    public static bool IsNoise(double relative) => !(relative < MostRelative);

    /// <summary>Squares that are not more than this are 0 but for rounding.</summary>
    /// <param name="all">|y|².</param>
    public double NoiseSquares(double all) => _unit * _unit * all;

    /// <summary>
    /// The relative error of v or G: that of the weights, and of the equations that they give, whose condition is at most the ratio of the
    /// weights.
    /// </summary>
    /// <param name="all">|y|².</param>
    /// <param name="smallest">The least |r|² of a group.</param>
    /// <param name="ratio">The largest weight over the smallest.</param>
    public double OfWeights(double all, double smallest, double ratio) => _unit * (Math.Sqrt(all / smallest) + ratio);

    /// <summary>The error of t.</summary>
    public static double OfT(double t, double relative, double residualDegrees) => relative * (Math.Abs(t) + Math.Sqrt(residualDegrees));

    /// <summary>The error of F: that of the length √(r F) is the one of t.</summary>
    public static double OfF(double f, double relative, double degrees, double residualDegrees)
    {
        var length = Math.Sqrt(degrees * f);
        var error = OfT(length, relative, residualDegrees);
        return error * ((2 * length) + error) / degrees;
    }

    /// <summary>
    /// The error of z of v. Relative errors of v and of its degrees of freedom are at most twice and four times those of the weights, and
    /// make smaller ones of z, since z grows more slowly than v and its square is at most proportional to the degrees of freedom.
    /// </summary>
    public static double OfScoreOfT(double z, double relative, int rows) => 4 * relative * (Math.Abs(z) + Math.Sqrt(rows));

    /// <summary>The error of z of G. Below 0, z changes faster than √G by the inverse of the normal density.</summary>
    public static double OfScoreOfF(double z, double relative, int rows)
    {
        if (!(z < 0))
            return OfScoreOfT(z, relative, rows);
        var size = Math.Min(-z, MostScore);
        var steep = Math.Min(size, LeastScore);
        return (4 * relative * (size + (Math.Sqrt(rows) * ReproducibleMath.Exp(0.5 * steep * steep)))) + (size - steep);
    }
}
