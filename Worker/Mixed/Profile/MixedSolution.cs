namespace HpcFit.Worker.Mixed.Profile;

/// <summary>
/// The fit of one element at the minimum of its criterion: what estimates, standard errors and tests are computed from. A reused workspace
/// of one thread.
/// </summary>
/// <param name="columns">The number of columns of the model matrix.</param>
internal sealed class MixedSolution(int columns)
{
    /// <summary>The rows.</summary>
    public GroupedDesign Tables { get; set; } = null!;

    /// <summary>t, the ratio of the variances of groups and residuals.</summary>
    public double Ratio { get; set; }

    /// <summary>-2 log L, restricted or not.</summary>
    public double Criterion { get; set; }

    /// <summary>The generalised residual sum of squares.</summary>
    public double Squares { get; set; }

    /// <summary>Its divisor in the residual variance.</summary>
    public int Degrees { get; set; }

    /// <summary>The residual sum of squares without variance between groups.</summary>
    public double OrdinarySquares { get; set; }

    /// <summary>The residual variance.</summary>
    public double Variance => Squares / Degrees;

    /// <summary>The first derivative in t of the log determinants, plus that of the squares over the residual variance.</summary>
    public double Slope { get; set; }

    /// <summary>The second derivative of the same.</summary>
    public double Curvature { get; set; }

    /// <summary>dSquares/dt.</summary>
    public double SquaresSlope { get; set; }

    /// <summary>(Q'V⁻¹Q)⁻¹, rank × rank, row-major.</summary>
    public double[] Inverse { get; } = new double[columns * columns];

    /// <summary>d(Q'V⁻¹Q)/dt, rank × rank.</summary>
    public double[] InformationSlope { get; } = new double[columns * columns];

    /// <summary>The coordinates of the fixed effects on Q.</summary>
    public double[] Coordinates { get; } = new double[columns];
}
