using HpcFit.Worker.Mixed.Profile;
using HpcFit.Worker.Mixed.Tiles;

namespace HpcFit.Worker.Mixed;

/// <summary>What fits of tiles on any rows use of a thread.</summary>
/// <param name="engine">The model.</param>
internal sealed class TileWorkspace(MixedEngine engine)
{
    /// <summary>Sums and fits.</summary>
    public MixedTile Tile { get; } = new();

    /// <summary>A combination of coefficients.</summary>
    public MixedEffects Effects { get; } = new();

    /// <summary>One lane.</summary>
    public MixedSolution Lane { get; } = new(engine.Design.ColumnNames.Count);

    /// <summary>Tests of one lane.</summary>
    public ElementInference Inference { get; } = new(engine);
}
