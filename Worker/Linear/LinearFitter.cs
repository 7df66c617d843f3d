using HpcFit.Shared.Elements;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Linear;

/// <summary>Fits blocks of elements on one thread: least squares first, then the statistics, column by column.</summary>
internal sealed class LinearFitter : IBlockFitter
{
    private readonly LinearFits _fits;
    private readonly LinearStatistics _statistics;
    private readonly ElementRegression _byElement;
    private readonly TileRegression? _byTile;

    public LinearFitter(LinearEngine engine)
    {
        _fits = new(engine.Design.ColumnNames.Count, engine.Plan);
        var tabulatedDegrees =
            engine.Kernel != KernelChoice.Reference && engine.WholeCohort is { } whole ? whole.Rows.Length - whole.Rank : double.NaN;
        _statistics = new(engine, tabulatedDegrees);
        _byElement = new(engine);
        var suitsTiles = engine.WholeCohort is { Rank: > 0 } && !engine.Design.ResponseIsTransformed;
        if (suitsTiles && engine.Kernel != KernelChoice.Reference)
            _byTile = new(engine, engine.WholeCohort!, TileKernel.Create(engine.Kernel), _byElement);
    }

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        _fits.Start(block.Count);
        if (_byTile is not null)
            _byTile.Fit(block, _fits);
        else
            for (var e = 0; e < block.Count; e++)
                _byElement.Fit(block, e, _fits);
        _statistics.Write(_fits, results);
        _fits.Status.AsSpan(0, block.Count).CopyTo(results.Status);
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
