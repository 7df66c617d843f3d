using HpcFit.Shared.Specs;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Structured.Tables;
using HpcFit.Worker.Mixed.Structured.Tiles;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>Fits of tiles of elements on some rows: what they share, and the workspaces of one thread.</summary>
/// <param name="engine">The model.</param>
/// <param name="shared">The rows.</param>
/// <param name="lattice">Starting points on these rows.</param>
internal sealed class StructuredLanes(StructuredEngine engine, SharedStructure shared, StartLattice lattice)
{
    private const double Singular = 1e-2;

    private readonly StructuredTile _tile = new(shared);
    private StructuredKernel? _wide;
    private StructuredKernel? _narrow;

    /// <summary>The rows.</summary>
    public SharedStructure Shared => shared;

    /// <summary>The lanes on some rows; null if they cannot be fitted in this way.</summary>
    public static StructuredLanes? Create(StructuredEngine engine, StructuredDesign tables) =>
        SharedStructure.Create(engine.Structure, tables) is { } shared ? new(engine, shared, new(shared, !engine.Options.Ml)) : null;

    /// <summary>Fits a tile; one element alone by the kernel without registers, whose bits are the same.</summary>
    /// <param name="responses">The responses, scaled by the roots of weights.</param>
    /// <param name="lanes">The number of lanes with an element.</param>
    public void Fit(in ElementTile responses, int lanes)
    {
        var kernel = lanes > 1 ? _wide ??= Create(engine.Kernel) : _narrow ??= Create(KernelChoice.Scalar);
        kernel.Fit(responses, lanes, _tile);
    }

    /// <summary>Copies the fit of a lane; false: it was not fitted.</summary>
    public bool TryLoad(int lane, StructuredSolution solution)
    {
        if (BitConverter.DoubleToInt64Bits(_tile.IsFitted[lane]) == 0 || IsAmbiguous(lane))
            return false;
        var tables = shared.Tables;
        solution.Load(tables, _tile, lane, engine.Options.Ml ? tables.Rows : tables.Rows - tables.Rank);
        return true;
    }

    /// <summary>
    /// Whether correlated effects are singular where the method of Kenward and Roger is used: then parameters are redundant, other
    /// statistics do not depend on which θ of equal criterion is found, but it does.
    /// </summary>
    private bool IsAmbiguous(int lane)
    {
        if (engine.Options.Df != MixedSpec.KenwardRoger)
            return false;
        for (var k = 0; k < engine.Structure.Parameters.Count; k++)
        {
            var parameter = engine.Structure.Parameters[k];
            if (parameter.IsDiagonal && engine.Structure.Terms[parameter.Term].Effects > 1)
                if (!(Math.Abs(_tile.Theta[(k * TileKernel.Width) + lane]) >= Singular))
                    return true;
        }
        return false;
    }

    private StructuredKernel Create(KernelChoice kernel) => StructuredKernel.Create(kernel, shared, lattice, !engine.Options.Ml);
}
