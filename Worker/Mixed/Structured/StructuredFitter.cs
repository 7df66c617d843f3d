using HpcFit.Shared.Elements;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>Fits blocks of elements on one thread: tile by tile, and one by one where that is not possible.</summary>
internal sealed class StructuredFitter(StructuredEngine engine) : IBlockFitter
{
    private readonly StructuredTileFits? _byTile = engine.WholeCohort is { } whole ? new(engine, whole.Shared, whole.Lattice) : null;
    private readonly StructuredElement _element = new(engine);
    private readonly StructuredSolution _solution = new(engine.Structure, engine.Design.ColumnNames.Count);
    private readonly StructuredStatistics _statistics = new(engine);
    private readonly double[] _values = new double[engine.Columns.Partial.Count];

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        _byTile?.Start(block);
        for (var first = 0; first < block.Count; first += TileKernel.Width)
        {
            var lanes = Math.Min(TileKernel.Width, block.Count - first);
            _byTile?.Fit(first, lanes);
            for (var lane = 0; lane < lanes; lane++)
                Fit(block, first + lane, lane, results);
        }
    }

    private void Fit(in ScalarBlock block, int element, int lane, in ResultBlock results)
    {
        var status = _byTile?.Load(lane, _solution) ?? ElementStatus.NoConvergence;
        var isAlone = status == ElementStatus.NoConvergence;
        if (isAlone)
        {
            status = _element.Fit(block, element);
            if (status is ElementStatus.Fitted or ElementStatus.RankDeficient)
                _solution.Load(_element.Tables, _element.Profile, _element.Coordinates);
        }
        results.Status[element] = status;
        if (status is ElementStatus.Fitted or ElementStatus.RankDeficient)
            _statistics.Write(_solution, isAlone ? _element : null, _values);
        else
            Array.Fill(_values, double.NaN);
        for (var c = 0; c < _values.Length; c++)
            results[c, element] = _values[c];
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
