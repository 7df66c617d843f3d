using HpcFit.Shared.Elements;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>Fits blocks of elements on one thread, element by element.</summary>
internal sealed class StructuredFitter(StructuredEngine engine) : IBlockFitter
{
    private readonly StructuredElement _element = new(engine);
    private readonly StructuredStatistics _statistics = new(engine);
    private readonly double[] _values = new double[engine.Columns.Partial.Count];

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        for (var e = 0; e < block.Count; e++)
        {
            var status = _element.Fit(block, e);
            results.Status[e] = status;
            if (status is ElementStatus.Fitted or ElementStatus.RankDeficient)
                _statistics.Write(_element, _values);
            else
                Array.Fill(_values, double.NaN);
            for (var c = 0; c < _values.Length; c++)
                results[c, e] = _values[c];
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
