using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// The fits of a tile of elements: values of lane l at <c>[index * TileKernel.Width + l]</c>. A reused workspace of one thread.
/// </summary>
/// <param name="shared">The design.</param>
internal sealed class StructuredTile(SharedStructure shared)
{
    private const int Width = TileKernel.Width;

    /// <summary>A mask of the lanes that were fitted.</summary>
    public double[] IsFitted { get; } = new double[Width];

    /// <summary>θ at the minimum.</summary>
    public double[] Theta { get; } = new double[shared.Jets.Variables * Width];

    /// <summary>The criterion.</summary>
    public double[] Criterion { get; } = new double[Width];

    /// <summary>The generalised residual sum of squares.</summary>
    public double[] Squares { get; } = new double[Width];

    /// <summary>Its gradient in θ.</summary>
    public double[] SquareSlopes { get; } = new double[shared.Jets.Variables * Width];

    /// <summary>The Hessian in θ of -2 log L as a function of θ and σ, the lower triangle by rows.</summary>
    public double[] SigmaHessian { get; } = new double[SharedStructure.Entries(shared.Jets.Variables) * Width];

    /// <summary>The coordinates of the fixed effects on Q.</summary>
    public double[] Coordinates { get; } = new double[shared.Tables.Rank * Width];

    /// <summary>Their covariance matrix over the residual variance, the lower triangle by rows.</summary>
    public double[] Covariance { get; } = new double[SharedStructure.Entries(shared.Tables.Rank) * Width];

    /// <summary>Its derivatives in θ, one triangle after the other.</summary>
    public double[] CovarianceSlopes { get; } = new double[shared.Jets.Variables * SharedStructure.Entries(shared.Tables.Rank) * Width];
}
