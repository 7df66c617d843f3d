using HpcFit.Shared.Elements;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>Fits blocks of elements on one thread, element by element.</summary>
internal sealed class GamBlockFitter(GamEngine engine) : IBlockFitter
{
    private readonly GamElementFitter _elements = new(engine);

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        results.FillWithNaN();
        for (var e = 0; e < block.Count; e++)
            _elements.Fit(block, e, results);
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
