using System.Diagnostics;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Enhancing;
using HpcFit.Worker.Inputs;
using HpcFit.Worker.Models;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.EnhancedStage;

/// <summary>The enhanced stage of a model, with what a shuffle costs, for the probe.</summary>
internal static class StageProposals
{
    /// <summary>The stage's name, which is that of its folder.</summary>
    public const string Name = "enhanced";

    /// <summary>Shuffles that are computed at a few elements to estimate the time of all.</summary>
    private const int PilotShuffles = 8;

    /// <summary>The stages of a model after its fits, and its columns with theirs; null: it has none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ofFits">What its fits cost.</param>
    public static ModelStages? Create(RunModel model, ProbeEstimates ofFits)
    {
        if (model.Spec.Model.Enhancement is not { } spec)
            return null;
        var enhancement = Enhancements.Create(model);
        var shuffled = ShuffledModels.Require(model.Engine);
        var layout = new EnhancedBlock(shuffled.Hypotheses.Count, checked((int)model.Inputs.TotalElements), shuffled.CountsStatistics);
        var stage = new RunStage(Name, StageAxis.Shuffles, shuffled.Shuffles);
        return new(
            [new(stage, LayoutOf(shuffled, layout, spec), Estimates(model, shuffled, layout, enhancement, ofFits))],
            model.Engine.Layout with
            {
                Columns =
                [
                    .. model.Engine.Layout.Columns,
                    .. shuffled.Hypotheses.SelectMany((name, at) => Columns(name, at, spec.Enhance, model.Spec.Model)),
                ],
            }
        )
        {
            Warnings = enhancement.Warnings,
        };
    }

    /// <summary>The columns of a hypothesis.</summary>
    private static IEnumerable<ResultColumn> Columns(string hypothesis, int at, string enhance, ModelSpec model)
    {
        yield return new($"{hypothesis}.{enhance}", ResultSource.Enhanced, at);
        List<ResultColumn> pValues =
        [
            new($"{hypothesis}.p.value.perm.{enhance}", ResultSource.EnhancedP, at),
            new($"{hypothesis}.p.value.fwe.{enhance}", ResultSource.EnhancedFamilyWiseP, at),
            .. model.Permutation?.Tail is { } tail
                ? [new($"{hypothesis}.p.value.fwe.{enhance}.{tail}", ResultSource.EnhancedFamilyWiseTailP, at)]
                : (ResultColumn[])[],
        ];
        foreach (var column in pValues)
            yield return column;
        foreach (var column in pValues.Where(_ => model.Log10P))
            yield return column with
            {
                Name = column.Name + ".neglog10",
                NegativeLog10 = true,
            };
    }

    private static ResultLayout LayoutOf(IShuffledModel shuffled, EnhancedBlock layout, EnhancementSpec enhancement) =>
        new(
            [
                .. shuffled.Hypotheses.SelectMany(name =>
                    (string[])[$"{name}.{enhancement.Enhance}.maximum", $"{name}.{enhancement.Enhance}.minimum"]
                ),
                .. shuffled.Hypotheses.SelectMany(name =>
                    layout.HasStatistics ? (string[])[$"{name}.maximum", $"{name}.of.negative.maximum"] : []
                ),
            ],
            []
        )
        {
            BytesPerBlock = layout.Bytes,
        };

    private static ProbeEstimates Estimates(
        RunModel model,
        IShuffledModel shuffled,
        EnhancedBlock layout,
        IEnhancement enhancement,
        ProbeEstimates ofFits
    )
    {
        var elements = model.Elements.Count;
        var (perElement, ofPilots) = TimeOfFit(model, shuffled);
        var perShuffle = (elements * perElement) + (layout.Hypotheses * TimeOfMap(enhancement, ofPilots));
        var stripes = (double)elements / model.Stripes.ElementsPerStripe;
        var plan = Plan(perShuffle);
        // Threads make batches faster, and thereby larger.
        var largest = Plan(secondsPerShuffle: 0);
        var mapsAtOnce = (largest.LargestBatch * largest.MostTogether) + 2;
        var cells = (shuffled.Shuffles + EnhancedBlock.MaxShuffles - 1) / EnhancedBlock.MaxShuffles;
        var maps = sizeof(float) * (long)layout.Hypotheses * layout.Elements;
        return new()
        {
            ElementsPerStripe = EnhancedBlock.MaxShuffles,
            Stripes = cells,
            SecondsPerElement = perShuffle,
            FitSecondsPerElement = perShuffle,
            // A pass reads all elements.
            SecondsPerStripe = stripes * (ofFits.SecondsPerStripe ?? 0) * plan.Passes.Count / cells,
            BaseBytes = ofFits.BaseBytes + (mapsAtOnce * maps) + ((largest.MostTogether + 1) * (long)layout.Bytes),
            BytesPerThread =
                ofFits.BytesPerThread
                + enhancement.BytesPerEnhancer
                + (Math.Max(1, enhancement.MapsPerCall) * (long)layout.Elements * sizeof(float)),
        };

        BatchPlan Plan(double secondsPerShuffle) =>
            new(
                ElementSet.From(0, shuffled.Shuffles),
                layout.Hypotheses,
                layout.Elements,
                model.Spec.BatchMemory ?? BatchPlan.DefaultBytes,
                secondsPerShuffle
            );
    }

    /// <summary>Seconds per element and shuffle, and statistics of some elements.</summary>
    private static (double Seconds, float[] Statistics) TimeOfFit(RunModel model, IShuffledModel shuffled)
    {
        var piece = StripePiece.Cut(model.Elements, model.Stripes) is var pieces ? pieces[pieces.Count / 2] : default;
        using var reader = new BlockReader(model.Scalars);
        using var fitter = shuffled.CreateFitter();
        reader.Load(piece.Span);
        var range = piece.Ranges.Span[0];
        var some = range with { End = Math.Min(range.End, range.First + reader.ElementsPerPiece) };
        var elements = checked((int)model.Inputs.TotalElements);
        var maps = new StatisticMaps(shuffled.Hypotheses.Count, elements, PilotShuffles, shuffled.CountsStatistics);
        maps.Begin(new(0, Math.Min(PilotShuffles, shuffled.Shuffles)));
        var seconds = double.PositiveInfinity;
        // The first time includes compilation.
        for (var time = 0; time < 3; time++)
        {
            var started = Stopwatch.GetTimestamp();
            reader.Select(some);
            fitter.Fit(reader.Block(0), maps);
            seconds = Math.Min(seconds, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return (seconds / (some.Count * maps.Shuffles.Count), maps.Map(0, 0).Slice((int)some.First, (int)some.Count).ToArray());
    }

    /// <summary>Seconds for a map that repeats the statistics of a few elements.</summary>
    private static double TimeOfMap(IEnhancement enhancement, float[] statistics)
    {
        var count = Math.Max(1, enhancement.MapsPerCall);
        var (maps, enhanced) = (new float[count * enhancement.Elements], new float[count * enhancement.Elements]);
        for (var i = 0; i < maps.Length; i++)
            maps[i] = statistics[i % statistics.Length];
        using var enhancer = enhancement.CreateEnhancer();
        var started = Stopwatch.GetTimestamp();
        enhancer.Enhance(maps, MapPeaks.Find(statistics), enhanced);
        return Stopwatch.GetElapsedTime(started).TotalSeconds / count;
    }
}
