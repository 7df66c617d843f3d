using HpcFit.Shared.Elements;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Permutation;

/// <summary>Fits blocks of elements and tests their hypotheses by shuffles, on one thread.</summary>
internal sealed class PermutationFitter : IBlockFitter
{
    private readonly PermutationEngine _engine;
    private readonly IBlockFitter _fits;
    private readonly IReadOnlyList<(ResidualTiles Residuals, ShufflePass Pass)> _passes;
    private readonly ExtremesAndCounts _tests;

    /// <summary>A workspace.</summary>
    public PermutationFitter(PermutationEngine engine)
    {
        _engine = engine;
        _fits = engine.Linear.CreateFitter();
        _passes = engine.CreatePasses();
        _tests = new(engine.Columns.Extremes);
    }

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        _fits.Fit(block, results);
        for (var list = 0; list < _passes.Count; list++)
        {
            var (residuals, pass) = _passes[list];
            residuals.Compute(block, results.Status);
            if (list == 0)
                _tests.Start(residuals.Count);
            pass.Run(residuals, new(0, _engine.Columns.Extremes.Shuffles), _tests);
        }
        _tests.MergeExtremes(results.Bytes.Span);
        for (var hypothesis = 0; hypothesis < _engine.Hypotheses.Count; hypothesis++)
            Write(hypothesis, results);
        MarkUntested(results.Status);
    }

    /// <inheritdoc/>
    public void Dispose() => _fits.Dispose();

    private void Write(int hypothesis, in ResultBlock results)
    {
        var columns = _engine.Columns;
        var unpermuted = _tests.Unpermuted(hypothesis)[..results.Count];
        var asExtreme = _tests.Count(hypothesis, _engine.Hypotheses[hypothesis].IsSigned ? 2 : 0);
        var shuffles = (double)_engine.Layout.Permutation!.Lists[_engine.Hypotheses[hypothesis].List].Count;
        var z = results.Column(columns.Z(hypothesis));
        var p = results.Column(columns.P(hypothesis));
        unpermuted.CopyTo(results.Column(columns.Statistic(hypothesis)));
        for (var element = 0; element < results.Count; element++)
        {
            z[element] = _engine.AreScores ? unpermuted[element] : _engine.Scores[hypothesis].Exact(unpermuted[element]);
            p[element] = double.IsNaN(unpermuted[element]) ? double.NaN : asExtreme[element] / shuffles;
        }
        for (var which = 0; which < ExtremesAndCounts.Counts; which++)
        {
            var counts = results.Column(columns.FirstCount + (ExtremesAndCounts.Counts * hypothesis) + which);
            for (var element = 0; element < results.Count; element++)
                counts[element] = double.IsNaN(unpermuted[element]) ? double.NaN : _tests.Count(hypothesis, which)[element];
        }
        if (columns.Logarithm(hypothesis) is { } column)
            for (var element = 0; element < results.Count; element++)
                results[column, element] = 0 - ReproducibleMath.Log10(p[element]);
    }

    private void MarkUntested(Span<ElementStatus> status)
    {
        var areTested = _passes[0].Residuals.AreTested;
        for (var element = 0; element < status.Length; element++)
            if (status[element] == ElementStatus.Fitted && !areTested[element])
                status[element] = ElementStatus.NotPermuted;
    }
}
