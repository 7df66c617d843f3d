using HpcFit.Shared.Elements;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Generalized;

/// <summary>Fits blocks of elements on one thread: by tiles where that is possible, and the other elements one by one.</summary>
internal sealed class GeneralizedFitter : IBlockFitter
{
    private readonly GeneralizedElement _element;
    private readonly GeneralizedStatistics _statistics;
    private readonly TileFits? _byTile;
    private readonly double[] _values;
    private readonly bool[] _isFitted = new bool[TileKernel.Width];

    public GeneralizedFitter(GeneralizedEngine engine)
    {
        (_element, _statistics) = (new(engine), new(engine));
        _byTile = TileFits.Create(engine, _statistics);
        _values = new double[engine.Columns.Partial.Count];
    }

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        _byTile?.Start(block);
        for (var first = 0; first < block.Count; first += TileKernel.Width)
        {
            var isFitted = _isFitted.AsSpan(0, Math.Min(TileKernel.Width, block.Count - first));
            isFitted.Clear();
            _byTile?.Fit(block, first, results, _values, isFitted);
            for (var lane = 0; lane < isFitted.Length; lane++)
                if (!isFitted[lane])
                    FitElement(block, first + lane, results);
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private void FitElement(in ScalarBlock block, int element, in ResultBlock results)
    {
        var status = _element.Fit(block, element);
        results.Status[element] = status;
        if (status is ElementStatus.Fitted or ElementStatus.RankDeficient or ElementStatus.NoResidualDegreesOfFreedom)
            _statistics.Write(_element, _values);
        else
            Array.Fill(_values, double.NaN);
        for (var c = 0; c < _values.Length; c++)
            results[c, element] = _values[c];
    }
}
