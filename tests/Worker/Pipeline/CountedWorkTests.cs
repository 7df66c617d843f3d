using HpcFit.Shared.Elements;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Runs;
using HpcFit.Worker.Engines;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.Tests.Pipeline;

/// <summary>The countable costs of a run: bytes, stripes, library calls, open files, allocations.</summary>
public sealed class CountedWorkTests : IDisposable
{
    private const int Stripes = 5;
    private const int JobElements = 2 * 2 * PipelineStudy.ChunkElements; // two stripes of two chunks
    private const int JobCount = 3;

    /// <summary>Both ends of at most 64 chunks, which every job compares with the run's digest.</summary>
    private const long FingerprintBytes = 9 * 2 * 32_768;

    private readonly PipelineStudy _study = new();

    [Fact]
    public void The_jobs_of_a_run_together_read_every_stored_byte_and_inflate_every_stripe_once()
    {
        var stored = ModelArrayFile.Open(_study.Data).Scalar("FD").Layout.StoredBytes;
        var run = _study.Run([.. Jobs()]);
        var (stripes, read, inflated, jobs) = (0L, 0L, 0L, 0);
        foreach (var job in Jobs())
        {
            var attempt = PipelineStudy.Attempt(run, jobs++);
            attempt.Run(CancellationToken.None);
            stripes += attempt.Counters.Stripes;
            inflated += attempt.Counters.BytesInflated;
            read += attempt.Counters.BytesRead;
        }
        stripes.ShouldBe(Stripes);
        inflated.ShouldBe(9L * PipelineStudy.ChunkElements * PipelineStudy.Subjects * sizeof(float));
        read.ShouldBeGreaterThanOrEqualTo(stored);
        read.ShouldBeLessThanOrEqualTo(stored + (jobs * FingerprintBytes));
    }

    [Fact]
    public void Fitting_calls_the_library_for_no_chunk_and_keeps_one_handle_of_the_file_a_scalar()
    {
        var counters = new ReadCounters();
        using var model = _study.Open(counters);
        var before = (counters.LibraryCalls, counters.BytesRead);
        var handles = 0;
        JobFit.Run(
            model,
            model.Elements,
            2,
            OnError.Stop,
            (_, _) => handles = Math.Max(handles, HandlesOf(_study.Data)),
            CancellationToken.None
        );
        handles.ShouldBe(1);
        counters.LibraryCalls.ShouldBe(before.LibraryCalls);
        (counters.BytesRead - before.BytesRead).ShouldBe(model.Scalars[0].Source.Scalar.Layout.StoredBytes);
        // The index of 9 chunks: one call if the library can iterate over them, otherwise a few per chunk.
        before.LibraryCalls.ShouldBeLessThanOrEqualTo(9 * 3);
    }

    [Fact]
    public void An_attempt_leaves_one_partial_and_one_progress_report()
    {
        var run = _study.Run([.. Jobs()]);
        for (var job = 0; job < JobCount; job++)
            PipelineStudy.Attempt(run, job).Run(CancellationToken.None);
        Directory.GetFiles(Path.Combine(run.Root, "partials")).Length.ShouldBe(JobCount);
        Directory.GetFiles(Path.Combine(run.Root, "progress")).Length.ShouldBe(JobCount);
    }

    [Theory]
    [InlineData("lm", "FD ~ age")]
    [InlineData("gam", "FD ~ s(age, k = 4)")]
    public void Elements_of_a_real_model_are_fitted_without_allocating(string engine, string formula)
    {
        using var model = RunModel.Open(
            _study.Spec with
            {
                Model = new() { Engine = engine, Formula = formula },
            },
            ModelEngines.Create,
            new()
        );
        using var fitter = new StripeFitter(model);
        var sums = 0.0;
        BlockSink sink = (block, _) => sums += block.Column(0)[0];
        fitter.Read(model.Stripes.Range(0));
        // Elements without missing values: others need their own designs, which are built once per pattern.
        for (var pass = 0; pass < 3; pass++)
            FitWhole(fitter, sink);
        var before = GC.GetAllocatedBytesForCurrentThread();
        FitWhole(fitter, sink);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        double.IsFinite(sums).ShouldBeTrue();
    }

    public void Dispose() => _study.Dispose();

    private static void FitWhole(StripeFitter fitter, BlockSink sink)
    {
        for (var element = 1; element < 1000; element += 7)
            fitter.Fit(new(element, element + 6), sink, CancellationToken.None);
    }

    private static IEnumerable<ElementSet> Jobs()
    {
        for (var first = 0; first < PipelineStudy.Elements; first += JobElements)
            yield return ElementSet.From(first, Math.Min(PipelineStudy.Elements, first + JobElements));
    }

    private static int HandlesOf(string path) =>
        Directory
            .GetFiles("/proc/self/fd")
            .Count(handle => new FileInfo(handle).LinkTarget is { } target && target == Path.GetFullPath(path));
}
