using System.Collections.Concurrent;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.Tests.Pipeline;

public sealed class JobFitTests : IDisposable
{
    private const long ChunkBytes = 4L * PipelineStudy.Subjects * PipelineStudy.ChunkElements;

    private readonly PipelineStudy _study = new();
    private readonly double[] _means = new double[PipelineStudy.Elements];
    private readonly double[] _counts = new double[PipelineStudy.Elements];
    private readonly ElementStatus[] _status = new ElementStatus[PipelineStudy.Elements];
    private long _published;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Every_element_is_fitted_on_its_own_values_and_every_chunk_inflated_once(int threads)
    {
        var counters = new ReadCounters();
        using var model = _study.Open(counters);
        JobFit.Run(model, model.Elements, threads, OnError.Stop, Keep, CancellationToken.None).IsComplete.ShouldBeTrue();
        _published.ShouldBe(PipelineStudy.Elements);
        for (var e = 0; e < PipelineStudy.Elements; e++)
        {
            _counts[e].ShouldBe(e % 7 == 0 ? 39 : 40);
            _means[e].ShouldBe(e % 7 == 0 ? e + 20 : e + 19.5);
        }
        counters.Stripes.ShouldBe(model.Stripes.Count);
        counters.BytesInflated.ShouldBe(9 * ChunkBytes);
    }

    [Fact]
    public void Scattered_elements_of_one_stripe_are_read_at_once()
    {
        var counters = new ReadCounters();
        using var model = _study.Open(counters);
        var scattered = ElementSet.From(Enumerable.Range(0, 50).Select(i => new ElementRange(i * 40, (i * 40) + 3)));
        JobFit.Run(model, scattered, 2, OnError.Stop, Keep, CancellationToken.None).IsComplete.ShouldBeTrue();
        _published.ShouldBe(150);
        (_means[41], _means[1962]).ShouldBe((60.5, 1981.5));
        counters.Stripes.ShouldBe(1);
        counters.BytesInflated.ShouldBe(ChunkBytes);
    }

    [Fact]
    public void Threads_share_a_stripe_that_is_inflated_once()
    {
        var counters = new ReadCounters();
        using var model = _study.Open(counters);
        var (threads, first) = (new ConcurrentDictionary<int, int>(), ElementSet.From(100, 3000));
        var outcome = JobFit.Run(new ModelPass([model]), first, 4, OnError.Stop, [Slowly], secondsPerElement: 1, CancellationToken.None);
        outcome.IsComplete.ShouldBeTrue();
        _published.ShouldBe(2900);
        threads.Count.ShouldBeGreaterThan(1);
        for (var e = 100; e < 3000; e++)
            (_means[e], _counts[e]).ShouldBe(e % 7 == 0 ? (e + 20.0, 39.0) : (e + 19.5, 40.0));
        (counters.Stripes, counters.BytesInflated).ShouldBe((1, ChunkBytes));

        void Slowly(ResultBlock block, StripeDigest read)
        {
            read.Elements.ShouldBe(new ElementRange(100, 3000));
            threads.TryAdd(Environment.CurrentManagedThreadId, 0);
            Thread.Sleep(5);
            Keep(block, read);
        }
    }

    [Fact]
    public void Threads_that_share_a_stripe_stop_together()
    {
        using var model = _study.Open();
        using var stop = new CancellationTokenSource();
        var outcome = JobFit.Run(
            new ModelPass([model]),
            model.Elements,
            16,
            OnError.Stop,
            [
                (block, read) =>
                {
                    Keep(block, read);
                    stop.Cancel();
                },
            ],
            secondsPerElement: 1,
            stop.Token
        );
        outcome.IsComplete.ShouldBeFalse();
        _published.ShouldBeInRange(1, PipelineStudy.Elements - 1);
    }

    [Fact]
    public void Several_models_are_fitted_on_stripes_that_are_inflated_once()
    {
        var counters = new ReadCounters();
        using var opened = RunModels.Open([(_study.Spec, null), (_study.Spec, null), (_study.Spec, null)], PipelineStudy.Engines, counters);
        var published = new long[3];
        var sinks = published.Select(
            (_, model) =>
                (BlockSink)(
                    (block, read) =>
                    {
                        read.Scalars.Length.ShouldBe(StripeDigest.BytesPerScalar);
                        Interlocked.Add(ref published[model], block.Count);
                        Keep(block, read);
                    }
                )
        );
        var pass = ModelPass.Group(opened.Models).ShouldHaveSingleItem();
        JobFit.Run(pass, opened.Models[0].Elements, 2, OnError.Stop, [.. sinks], 0, CancellationToken.None).IsComplete.ShouldBeTrue();
        published.ShouldAllBe(count => count == PipelineStudy.Elements);
        (counters.Stripes, counters.BytesInflated).ShouldBe((pass.Stripes.Count, 9 * ChunkBytes));
    }

    [Fact]
    public void Once_warm_a_thread_allocates_nothing()
    {
        using var model = _study.Open();
        using var fitter = new StripeFitter(model);
        BlockSink sink = Keep;
        for (var pass = 0; pass < 3; pass++)
            FitAll(model, fitter, sink);
        var before = GC.GetAllocatedBytesForCurrentThread();
        FitAll(model, fitter, sink);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(PipelineStudy.Elements / 100);
    }

    [Fact]
    public void A_stop_finishes_the_block_at_hand_and_begins_no_other()
    {
        using var model = _study.Open();
        using var stop = new CancellationTokenSource();
        var blocks = 0;
        var outcome = JobFit.Run(
            model,
            model.Elements,
            1,
            OnError.Stop,
            (block, read) =>
            {
                Keep(block, read);
                blocks++;
                stop.Cancel();
            },
            stop.Token
        );
        outcome.IsComplete.ShouldBeFalse();
        blocks.ShouldBe(1);
        _means[1].ShouldBe(20.5);
    }

    [Fact]
    public void A_corrupt_chunk_stops_the_job_and_names_its_elements()
    {
        _study.DamageChunk();
        using var model = _study.Open();
        Should
            .Throw<CorruptChunkException>(() => JobFit.Run(model, model.Elements, 2, OnError.Stop, Keep, CancellationToken.None))
            .Message.ShouldContain("10501:14000");
    }

    [Fact]
    public void A_corrupt_chunk_can_be_left_out_and_costs_only_its_own_elements()
    {
        _study.DamageChunk();
        using var model = _study.Open();
        var outcome = JobFit.Run(model, model.Elements, 2, OnError.Skip, Keep, CancellationToken.None);
        outcome.IsComplete.ShouldBeTrue();
        outcome.Skipped.ShouldHaveSingleItem().Elements.ShouldBe(new ElementRange(10_500, 14_000));
        for (var e = 0; e < PipelineStudy.Elements; e++)
        {
            var isLost = e is >= 10_500 and < 14_000;
            _status[e].ShouldBe(isLost ? ElementStatus.CorruptChunk : ElementStatus.Fitted);
            double.IsNaN(_means[e]).ShouldBe(isLost);
        }
    }

    public void Dispose() => _study.Dispose();

    private static void FitAll(RunModel model, StripeFitter fitter, BlockSink sink)
    {
        for (long stripe = 0; stripe < model.Stripes.Count; stripe++)
        {
            fitter.Read(model.Stripes.Range(stripe));
            fitter.Fit(model.Stripes.Range(stripe), sink, CancellationToken.None);
        }
    }

    private void Keep(ResultBlock block, StripeDigest read)
    {
        var first = (int)block.Elements.First;
        block.Column(0).CopyTo(_means.AsSpan(first));
        block.Column(1).CopyTo(_counts.AsSpan(first));
        block.Status.CopyTo(_status.AsSpan(first));
        Interlocked.Add(ref _published, block.Count);
    }
}
