using HpcFit.Shared.Elements;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed;

/// <summary>Fits blocks of elements on one thread: the models first, then the statistics, column by column.</summary>
internal sealed class MixedFitter : IBlockFitter
{
    private readonly MixedFits _fits;
    private readonly WholeCohortFits? _byTile;
    private readonly PatternFits? _byPattern;
    private readonly MixedElement _byElement;
    private readonly ElementInference _inference;
    private readonly MixedStatistics _statistics;
    private bool[] _isLeft = [];

    public MixedFitter(MixedEngine engine)
    {
        var workspace = new TileWorkspace(engine);
        (_fits, _byElement) = (new(engine.CombinationCount, engine.TestCount), new(engine));
        _byTile = engine.WholeCohort is { } groups ? new(engine, groups, workspace) : null;
        _byPattern = engine.SharesPatterns ? new(engine, _byElement, workspace) : null;
        (_inference, _statistics) = (workspace.Inference, new(engine));
    }

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        _fits.Start(block.Count);
        if (_isLeft.Length < block.Count)
            _isLeft = new bool[block.Count];
        var isLeft = _isLeft.AsSpan(0, block.Count);
        isLeft.Fill(true);
        _byTile?.Fit(block, _fits, isLeft);
        if (isLeft.Contains(true))
            _byPattern?.Fit(block, _fits, isLeft);
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
