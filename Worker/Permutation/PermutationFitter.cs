using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Permutation;

/// <summary>Fits blocks of elements and tests their hypotheses by shuffles, on one thread.</summary>
internal sealed class PermutationFitter : IBlockFitter
{
    private readonly PermutationEngine _engine;
    private readonly IBlockFitter _fits;
    private readonly DesignPasses _all;
    private readonly ExtremesAndCounts _tests;
    private readonly PatternGroups? _patterns;

    /// <summary>A workspace.</summary>
    public PermutationFitter(PermutationEngine engine)
    {
        _engine = engine;
        _fits = engine.Linear.CreateFitter();
        _all = new(engine.Linear, engine.All);
        _tests = new(engine.Columns.Extremes);
        _patterns = engine.TestsPatterns ? new(engine) : null;
    }

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        _fits.Fit(block, results);
        _tests.Start(_all.Start(block, results.Status));
        Run(_all, results);
        _patterns?.Find(block, results.Status, _all.AreTested);
        for (var element = 0; element < results.Count; element++)
            Write(element, element, _all, results);
        for (var group = 0; group < _patterns?.Count; group++)
            FitPattern(block, group, results);
    }

    /// <inheritdoc/>
    public void Dispose() => _fits.Dispose();

    private void FitPattern(in ScalarBlock block, int group, in ResultBlock results)
    {
        var elements = _patterns!.Elements(group);
        if (_patterns.Start(block, group) is not { } passes)
            return;
        _tests.Start((elements.Count + TileKernel.Width - 1) / TileKernel.Width);
        Run(passes, results);
        for (var place = 0; place < elements.Count; place++)
            Write(place, elements[place], passes, results);
    }

    private void Run(DesignPasses passes, in ResultBlock results)
    {
        // What a further stage counts needs the unpermuted statistics only.
        passes.Run(new(0, _engine.IsCountedByStage ? 1 : _engine.Columns.Extremes.Shuffles), _tests);
        if (!_engine.IsCountedByStage)
            _tests.MergeExtremes(results.Bytes.Span, _engine.ScoresOfExtremes(passes.Tests));
    }

    /// <summary>Stores the tests of an element.</summary>
    /// <param name="place">Its place among the elements that were tested together.</param>
    /// <param name="element">Its place in the block.</param>
    /// <param name="passes">The tests.</param>
    /// <param name="results">Receives the tests.</param>
    private void Write(int place, int element, DesignPasses passes, in ResultBlock results)
    {
        var areTested = true;
        for (var hypothesis = 0; hypothesis < _engine.Hypotheses.Count; hypothesis++)
        {
            Write(hypothesis, place, element, passes.Tests.Scores[hypothesis], results);
            areTested &= !double.IsNaN(_tests.Unpermuted(hypothesis)[place]);
        }
        if (results.Status[element] is ElementStatus.Fitted or ElementStatus.NotPermuted)
            results.Status[element] = areTested ? ElementStatus.Fitted : ElementStatus.NotPermuted;
    }

    private void Write(int hypothesis, int place, int element, NormalScores scores, in ResultBlock results)
    {
        var (columns, tested) = (_engine.Columns, _engine.Hypotheses[hypothesis]);
        var statistic = _tests.Unpermuted(hypothesis)[place];
        var isTested = !double.IsNaN(statistic);
        var z = _engine.StatisticsAreScores ? statistic : scores.Exact(statistic);
        var shuffles = (double)_engine.Layout.Permutation!.Lists[tested.List].Count;
        var isCounted = isTested && !_engine.IsCountedByStage;
        var p = isCounted ? _tests.Count(hypothesis, EnhancedBlock.CountOf(tested.Side))[place] / shuffles : double.NaN;
        results[columns.Z(hypothesis), element] = z;
        results[columns.P(hypothesis), element] = p;
        results[columns.Statistic(hypothesis), element] = _engine.AreScores ? z : statistic;
        var counts = columns.FirstCount + (ExtremesAndCounts.Counts * hypothesis);
        for (var which = 0; which < ExtremesAndCounts.Counts; which++)
            results[counts + which, element] = isCounted ? _tests.Count(hypothesis, which)[place] : double.NaN;
        if (columns.Logarithm(hypothesis) is { } column)
            results[column, element] = 0 - ReproducibleMath.Log10(p);
    }
}
