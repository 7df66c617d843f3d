using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Permutation;

/// <summary>The statistics of shuffled data as maps, for the enhanced stage.</summary>
internal sealed class ShuffledModel : IShuffledModel
{
    private readonly PermutationEngine _engine;

    /// <summary>The maps of a model.</summary>
    /// <exception cref="BadInputException">Its hypotheses have different lists of shuffles.</exception>
    public ShuffledModel(PermutationEngine engine)
    {
        _engine = engine;
        if (engine.Lists.Count > 1)
            throw new BadInputException(
                "Some hypotheses test the mean, by changes of signs, and others are tested by permutations. Enhanced maps need one "
                    + "list of shuffles: test them in separate runs, or choose one for all by --errors."
            );
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Hypotheses => [.. _engine.Hypotheses.Select(one => one.Name)];

    /// <inheritdoc/>
    public long Shuffles => _engine.Lists[0].Shuffles.Count;

    /// <inheritdoc/>
    public bool CountsStatistics => _engine.IsCountedByStage;

    /// <inheritdoc/>
    public IShuffledFitter CreateFitter() => new Fitter(_engine);

    /// <summary>One thread's workspace.</summary>
    private sealed class Fitter(PermutationEngine engine) : IShuffledFitter
    {
        private readonly DesignPasses _all = new(engine.Linear, engine.All);
        private readonly PatternGroups? _patterns = engine.TestsPatterns ? new(engine) : null;
        private readonly IBlockFitter _fits = engine.Linear.CreateFitter();
        private readonly MapReceiver _receiver = new([.. engine.Hypotheses.Select(one => one.Side)]);
        private readonly ExtremesAndCounts _counts = new(new(EnhancedBlock.MaxShuffles, engine.Hypotheses.Count));

        /// <summary>MRtrix enhances z, the others t, unless the degrees of freedom differ between elements.</summary>
        private readonly bool _converts =
            !engine.StatisticsAreScores
            && (
                engine.AreScores
                || engine.Enhancement is { Enhance: EnhancementSpec.Cfe or EnhancementSpec.Cluster } or { TfceLike: "mrtrix" }
            );

        private double[] _columns = [];
        private ElementStatus[] _status = [];

        public void Fit(in ScalarBlock block, StatisticMaps maps) => Fit(block, [maps]);

        public void Fit(in ScalarBlock block, IReadOnlyList<StatisticMaps> maps)
        {
            var status = Status(block);
            var tiles = _all.Start(block, status);
            var first = checked((int)block.FirstElement);
            foreach (var some in maps)
            {
                _receiver.Start(some, first, block.Count, Scores(_all));
                Run(_all, tiles, some);
                for (var element = 0; element < block.Count; element++)
                    Store(element, first + element, some.Tests);
            }
            _patterns?.Find(block, status, _all.AreTested);
            for (var group = 0; group < _patterns?.Count; group++)
            {
                if (_patterns.Start(block, group) is not { } passes)
                    continue;
                var elements = _patterns.Elements(group);
                foreach (var some in maps)
                {
                    _receiver.Start(some, first, block.Count, Scores(passes));
                    _receiver.Restart(elements, Scores(passes));
                    Run(passes, (elements.Count + TileKernel.Width - 1) / TileKernel.Width, some);
                    for (var place = 0; place < elements.Count; place++)
                        Store(place, first + elements[place], some.Tests);
                }
            }
        }

        private void Run(DesignPasses passes, int tiles, StatisticMaps maps)
        {
            if (maps.Tests is not { } tests)
            {
                passes.Run(maps.Shuffles, _receiver);
                return;
            }
            _counts.Start(tiles, maps.Shuffles.First);
            // With the unpermuted statistics all others are compared.
            if (maps.Shuffles.First > 0)
                passes.Run(new(0, 1), _counts);
            passes.Run(maps.Shuffles, new CountedMapReceiver(_counts, _receiver));
            tests.MergeExtremes(_counts.Extremes(engine.ScoresOfExtremes(passes.Tests))[..tests.Keys]);
        }

        /// <summary>Stores the counts of an element that was tested.</summary>
        private void Store(int place, int element, StatisticTests? tests)
        {
            for (var hypothesis = 0; tests is not null && hypothesis < engine.Hypotheses.Count; hypothesis++)
            {
                if (double.IsNaN(_counts.Unpermuted(hypothesis)[place]))
                    continue;
                for (var which = 0; which < ExtremesAndCounts.Counts; which++)
                    tests.Counts(hypothesis, which)[element] = (ushort)_counts.Count(hypothesis, which)[place];
            }
        }

        private IReadOnlyList<NormalScores>? Scores(DesignPasses passes) => _converts ? passes.Tests.Scores : null;

        public void Dispose() => _fits.Dispose();

        /// <summary>The statuses of the fits: which elements are in the analysis is the same in all stages.</summary>
        private ElementStatus[] Status(in ScalarBlock block)
        {
            var width = engine.Linear.Layout.PartialWidth;
            if (_status.Length != block.Count)
                (_columns, _status) = (new double[width * block.Count], new ElementStatus[block.Count]);
            _fits.Fit(block, new(new(block.FirstElement, block.FirstElement + block.Count), _columns, _status));
            return _status;
        }
    }
}
