using HpcFit.Shared.Elements;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed;

/// <summary>Fits blocks of elements on one thread: the models first, then the statistics, column by column.</summary>
internal sealed class MixedFitter(MixedEngine engine) : IBlockFitter
{
    private readonly MixedFits _fits = new(engine.CombinationCount, engine.TestCount);
    private readonly TileFits? _byTile = engine.WholeCohort is { } groups ? new(engine, groups) : null;
    private readonly MixedElement _byElement = new(engine);
    private readonly ElementInference _inference = new(engine);
    private readonly MixedStatistics _statistics = new(engine);
    private bool[] _isLeft = [];

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        _fits.Start(block.Count);
        if (_isLeft.Length < block.Count)
            _isLeft = new bool[block.Count];
        _isLeft.AsSpan(0, block.Count).Fill(true);
        _byTile?.Fit(block, _fits, _isLeft);
        for (var e = 0; e < block.Count; e++)
        {
            if (!_isLeft[e])
                continue;
            _fits.Status[e] = _byElement.Fit(block, e);
            if (_fits.Status[e] is ElementStatus.Fitted or ElementStatus.RankDeficient)
                _inference.Store(_byElement.Solution, e, _fits);
        }
        _statistics.Write(_fits, results);
        _fits.Status.AsSpan(0, block.Count).CopyTo(results.Status);
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
