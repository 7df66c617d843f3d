using System.Runtime.InteropServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.EnhancedStage;
using HpcFit.Worker.Models;
using HpcFit.Worker.Tests.Pipeline;

namespace HpcFit.Worker.Tests.EnhancedStage;

public sealed class EnhancedAttemptTests : IDisposable
{
    private static readonly ElementSet All = ElementSet.From(0, ShuffledStudy.Shuffles);
    private readonly ShuffledStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void Extremes_counts_and_the_unpermuted_map_are_those_of_all_shuffles()
    {
        _study.Compute(threads: 2, All);
        ShouldBeRight();
    }

    /// <summary>Jobs inside cells of the grid, batches of a few shuffles, one and three threads, overlapping attempts.</summary>
    [Fact]
    public void Every_partition_gives_the_same()
    {
        _study.LimitMemory(sizeof(float) * ShuffledStudy.Hypotheses * PipelineStudy.Elements * 40L);
        _study.Compute(threads: 1, ElementSet.From(0, 100), ElementSet.From(100, 261));
        _study.LimitMemory(sizeof(float) * ShuffledStudy.Hypotheses * PipelineStudy.Elements * 64L);
        _study.Compute(threads: 3, ElementSet.From(30, 90), All.Except(ElementSet.From(0, 261)));
        ShouldBeRight();
    }

    /// <summary>A cell of the grid that would take 62 seconds, and a part of another one.</summary>
    [Fact]
    public void Shuffles_of_a_little_more_than_a_minute_are_computed_in_one_pass()
    {
        _study.EstimateSeconds(0.242);
        _study.Compute(threads: 1, All);
        _study.Passes().ShouldBe(1);
        ShouldBeRight();
    }

    [Fact]
    public void Shuffles_of_minutes_are_computed_in_passes_of_about_a_minute()
    {
        _study.EstimateSeconds(1);
        _study.Compute(threads: 2, All);
        _study.Passes().ShouldBe(2, "of 128, and of 128 and 44 shuffles");
        ShouldBeRight();
    }

    [Fact]
    public void A_stopped_attempt_keeps_its_batches_and_the_rest_completes_them()
    {
        _study.LimitMemory(sizeof(float) * ShuffledStudy.Hypotheses * PipelineStudy.Elements * 64L);
        var round = _study.Stage.CreateRound([new(new(0), All)]);
        using var stop = new CancellationTokenSource();
        var partials = new FileSystemWatcher(_study.Stage.Partials) { NotifyFilter = NotifyFilters.Size, EnableRaisingEvents = true };
        partials.Changed += (_, changed) =>
        {
            if (new FileInfo(changed.FullPath).Length > ShuffledStudy.Block.Bytes)
                stop.Cancel();
        };
        _study.Attempt(round.Id, new(0), threads: 1).Run(stop.Token).ShouldBe(ExitCode.Cancelled);
        partials.Dispose();
        var covered = _study.Cover().Elements;
        covered.Count.ShouldBeInRange(64, ShuffledStudy.Shuffles - 1);
        _study.Compute(threads: 2, All.Except(covered));
        ShouldBeRight();
    }

    [Fact]
    public void A_corrupt_chunk_ends_the_pass_or_leaves_its_elements_outside_the_maps()
    {
        _study.DamageChunk();
        using var model = _study.Open();
        var maps = new StatisticMaps(ShuffledStudy.Hypotheses, PipelineStudy.Elements, 2);
        maps.Begin(new(7, 9));
        using (var strict = new MapPass(model, model.Engine.Shuffled!, 2, OnError.Stop))
            Should.Throw<CorruptChunkException>(() => strict.Fit([maps], CancellationToken.None));
        using var lenient = new MapPass(model, model.Engine.Shuffled!, 2, OnError.Skip);
        lenient.Fit([maps], CancellationToken.None).Scalars.Length.ShouldBe(StripeDigest.BytesPerScalar);
        for (var e = 0; e < PipelineStudy.Elements; e++)
        {
            var isLost = e / PipelineStudy.ChunkElements == 3;
            maps.Map(1, 1)[e].ShouldBe(isLost ? float.NaN : ShuffledStudy.Statistic(1, 8, e));
        }
    }

    [Fact]
    public void A_file_that_changed_is_refused_before_a_partial_is_made()
    {
        var round = _study.Stage.CreateRound([new(new(0), All)]);
        _study.DamageChunk();
        Should.Throw<BadInputException>(() => _study.Attempt(round.Id, new(0)).Run(CancellationToken.None)).Message.ShouldContain("FD");
        _study.Stage.PartialFiles().ShouldBeEmpty();
    }

    private void ShouldBeRight()
    {
        var coverage = _study.Cover();
        coverage.Elements.ShouldBe(All);
        coverage.LeftOut.ShouldBeEmpty();
        using var reader = new PartialColumns();
        for (var hypothesis = 0; hypothesis < ShuffledStudy.Hypotheses; hypothesis++)
        {
            var all = Enumerable.Range(0, ShuffledStudy.Shuffles).Select(k => ShuffledStudy.Enhanced(hypothesis, k)).ToList();
            var counts = new long[EnhancedBlock.Counts, PipelineStudy.Elements];
            foreach (var slice in coverage.Slices)
            {
                var block = slice.Block;
                var map = new float[PipelineStudy.Elements];
                reader.ReadBytes(block, 4, ShuffledStudy.Block.MapAt(hypothesis), MemoryMarshal.AsBytes(map.AsSpan()));
                MemoryMarshal.AsBytes(map.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(all[0].AsSpan())).ShouldBeTrue();
                for (var which = 0; which < EnhancedBlock.Counts; which++)
                {
                    var some = new ushort[PipelineStudy.Elements];
                    reader.ReadBytes(block, 4, ShuffledStudy.Block.CountsAt(hypothesis, which), MemoryMarshal.AsBytes(some.AsSpan()));
                    for (var e = 0; e < some.Length; e++)
                        counts[which, e] += some[e];
                }
                var (most, least) = (new double[slice.Elements.Count], new double[slice.Elements.Count]);
                reader.ReadColumn(slice, 2 * hypothesis, most);
                reader.ReadColumn(slice, (2 * hypothesis) + 1, least);
                for (var k = 0; k < most.Length; k++)
                {
                    var values = all[(int)slice.Elements.First + k].Where(value => !float.IsNaN(value)).ToList();
                    (most[k], least[k]).ShouldBe((values.Max(), values.Min()));
                }
            }
            for (var e = 0; e < PipelineStudy.Elements; e += 7)
            {
                var s = all[0][e];
                counts[EnhancedBlock.AtLeast, e].ShouldBe(all.Count(map => map[e] >= s));
                counts[EnhancedBlock.AtMost, e].ShouldBe(all.Count(map => map[e] <= s));
                counts[EnhancedBlock.AsExtreme, e].ShouldBe(all.Count(map => Math.Abs(map[e]) >= Math.Abs(s)));
            }
        }
    }
}
