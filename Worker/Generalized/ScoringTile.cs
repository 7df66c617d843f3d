using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Generalized;

/// <summary>
/// Fits of a tile of elements: values of lane l at <c>[index * TileKernel.Width + l]</c>. Lanes that were not fitted hold nothing. A reused
/// workspace of one thread.
/// </summary>
/// <param name="rank">The number of columns of the basis.</param>
internal sealed class ScoringTile(int rank)
{
    private const int Width = TileKernel.Width;

    /// <summary>A mask of the lanes that were fitted.</summary>
    public double[] IsFitted { get; } = new double[Width];

    /// <summary>The number of observed rows.</summary>
    public double[] Rows { get; } = new double[Width];

    /// <summary>Coordinates of the predictors on B.</summary>
    public double[] Coordinates { get; } = new double[rank * Width];

    /// <summary>L with B'WB = L L', the lower triangle by rows.</summary>
    public double[] Factor { get; } = new double[rank * (rank + 1) / 2 * Width];

    /// <summary>The deviance.</summary>
    public double[] Deviance { get; } = new double[Width];

    /// <summary>Pearson's Σ w (y − μ)² / V(μ).</summary>
    public double[] PearsonSquares { get; } = new double[Width];

    /// <summary>α of negative binomial counts.</summary>
    public double[] Alpha { get; } = new double[Width];

    /// <summary>The second derivative of the log-likelihood in α.</summary>
    public double[] AlphaCurvature { get; } = new double[Width];

    /// <summary>Whether a lane was fitted.</summary>
    public bool HasFit(int lane) => BitConverter.DoubleToInt64Bits(IsFitted[lane]) != 0;
}
