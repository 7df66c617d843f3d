using System.Diagnostics;
using System.Globalization;
using HpcFit.Coordinator.Merging;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Writing;
using HpcFit.Shared.Elements;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Benchmarks.Scale;

/// <summary>
/// A run of any size for the coordinator: the spec of an existing study, and partials of synthetic results, one per job. Runs in a
/// process of its own, so that its memory can be measured, and prints a line <c>phase seconds</c> for each of the coordinator's steps.
/// </summary>
internal static class SyntheticRun
{
    /// <summary>The hidden verb of the process.</summary>
    public const string Verb = "scale";

    private const long StripeElements = 1000;
    private const int BlockElements = 8192;

    private static readonly ResultLayout Layout = new(
        ["Age.estimate", "Age.p.value"],
        [
            new("element_id", ResultSource.ElementId),
            new("Age.estimate", ResultSource.Partial, 0),
            new("Age.p.value", ResultSource.Partial, 1),
            new("Age.p.value.fdr", ResultSource.Correction, 1, CorrectionMethod.BenjaminiHochberg),
        ]
    );

    /// <summary>Columns of the results.</summary>
    public static int Columns => Layout.Columns.Count;

    /// <summary>Runs the steps.</summary>
    public static int Execute(string folder, long elements, int jobs)
    {
        var document = Describe(elements);
        var run = RunDirectory.CreateOrOpen(Path.Combine(folder, "run"), document);
        IReadOnlyList<ElementSet> cut = [];
        Time("plan", () => cut = RoundPlanner.Cut(document.ElementSet(), new(StripeElements), Cost, new() { Jobs = jobs }));
        Time("record the round", () => run.CreateRound([.. cut.Select((job, number) => new Job(new(number), job))]));
        Time("(write partials)", () => WritePartials(run, document, cut));
        Coverage? coverage = null;
        Time("coverage", () => coverage = Coverage.Read(run, CancellationToken.None));
        Time("merge, correct and write", () => Write(Path.Combine(folder, "results.h5"), document, coverage!));
        return 0;
    }

    private static JobCost Cost =>
        new()
        {
            Start = TimeSpan.FromSeconds(0.3),
            SecondsPerElement = 2e-6,
            SecondsPerStripe = 1e-3,
            BytesPerWorker = 100 << 20,
            BytesPerThread = 16 << 20,
        };

    private static void Time(string phase, Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{phase}: {Stopwatch.GetElapsedTime(started).TotalSeconds:F4}"));
    }

    private static void WritePartials(RunDirectory run, RunDocument document, IReadOnlyList<ElementSet> jobs)
    {
        var columns = new double[Layout.PartialWidth * BlockElements];
        var random = new Random(1);
        var status = new ElementStatus[BlockElements];
        for (var job = 0; job < jobs.Count; job++)
        {
            var attempt = AttemptId.New(new(1), new(job));
            using var partial = PartialWriter.Create(
                run.PartialFile(attempt),
                PartialHeader.Create(document.Digest, attempt, "bench", Layout)
            );
            foreach (var range in jobs[job])
            {
                for (var first = range.First; first < range.End; first += BlockElements)
                {
                    var count = (int)Math.Min(BlockElements, range.End - first);
                    for (var i = 0; i < Layout.PartialWidth * count; i++)
                        columns[i] = random.NextDouble();
                    partial.Append(
                        new(new(first, first + count), columns.AsMemory(0, Layout.PartialWidth * count), status.AsMemory(0, count))
                    );
                }
            }
            partial.Complete();
        }
    }

    private static void Write(string file, RunDocument document, Coverage coverage)
    {
        using var merged = new MergedColumns(coverage, document, fullLength: false);
        var contents = AnalysisContents.Create(document, "bench", merged, [], file => ModelArrayFile.Open(file));
        Hdf5Write.Run(
            new()
            {
                File = file,
                NewFile = true,
                Overwrite = true,
                Contents = contents,
            },
            CancellationToken.None
        );
    }

    private static RunDocument Describe(long elements)
    {
        var spec = new RunSpec
        {
            Model = new() { Engine = "lm", Formula = "FDC ~ Age" },
            Data = [new("/nowhere/data.h5", "/nowhere/cohort.csv")],
        };
        var inputs = new RunInputs
        {
            NumericVersion = 1,
            TotalElements = elements,
            Scalars = [new("FDC", new string('0', 64))],
            CohortDigest = new string('0', 64),
        };
        return new()
        {
            Digest = RunDigest.Compute(spec, inputs),
            Spec = spec,
            Inputs = inputs,
            Layout = Layout,
            Estimates = new()
            {
                ElementsPerStripe = StripeElements,
                Stripes = elements / StripeElements,
                SecondsPerElement = 2e-6,
                BaseBytes = 100 << 20,
                BytesPerThread = 16 << 20,
            },
            Files = [],
            ProgramVersion = "bench",
            Created = DateTimeOffset.UtcNow,
        };
    }
}
