using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Tiles;

/// <summary>A combination of coefficients of a tile of elements, one value per lane. A reused workspace of one thread.</summary>
internal sealed class MixedEffects
{
    /// <summary>Estimates.</summary>
    public double[] Estimates { get; } = new double[TileKernel.Width];

    /// <summary>Standard errors.</summary>
    public double[] StandardErrors { get; } = new double[TileKernel.Width];

    /// <summary>Satterthwaite's degrees of freedom.</summary>
    public double[] Degrees { get; } = new double[TileKernel.Width];
}
