using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HpcFit.Coordinator.Merging;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Writing.Child;
using HpcFit.Coordinator.Writing.Library;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// A run of two elements, played while this process waits for a worker of the real one: what runs for the first time has to be bound, or
/// compiled, and takes many times as long as afterwards. Nothing comes of it; it changes nothing but the time a short run takes.
/// </summary>
internal static class Rehearsal
{
    private const int Elements = 2;

    private static readonly RunDocument Document = new()
    {
        Digest = new('0', 64),
        Spec = new()
        {
            Model = new() { Engine = "lm", Formula = "y ~ x" },
            Data = [new("", "")],
        },
        Inputs = new()
        {
            NumericVersion = 0,
            TotalElements = Elements,
            Scalars = [new("y", "")],
            CohortDigest = "",
        },
        Layout = new(
            ["p"],
            [
                new("element_id", ResultSource.ElementId),
                new("p", ResultSource.Partial, 0),
                new("p.fdr", ResultSource.Correction, 0, CorrectionMethod.BenjaminiHochberg),
            ]
        ),
        Estimates = new()
        {
            ElementsPerStripe = Elements,
            Stripes = 1,
            SecondsPerElement = 1,
            BaseBytes = 1,
            BytesPerThread = 1,
        },
        Files = [new("", 0, default, default, 0)],
        ProgramVersion = ProposedRun.Version,
        Created = default,
    };

    /// <summary>What lies between the probe's answer and the first job, but for the files.</summary>
    public static void PlayPlanning()
    {
        _ = Again(
            new()
            {
                Inputs = Document.Inputs,
                Layout = Document.Layout,
                Estimates = Document.Estimates,
                Files = Document.Files,
            },
            RunJson.Default.ProbeAnswer
        );
        var run = Again(Document, RunJson.Default.RunDocument);
        var cutter = RoundCutter.Create(run.Estimates, new());
        var plan = Plan.Create(new(run, Path.Combine(Path.GetTempPath(), $"hpcfit-{Guid.NewGuid():N}")), cutter, CancellationToken.None);
        plan.Print(TextWriter.Null, cutter.Partition);
        _ = Again(FirstRound(cutter), RunJson.Default.Round);
        _ = RunDigest.Compute(run.Spec, run.Inputs);
        _ = Console.Out;
        _ = Hdf5Library.Version;
    }

    /// <summary>What lies between the last job and the closed file, but for the run's files and the process that writes.</summary>
    public static void PlayMerging() => PlayMerging(Path.GetTempPath());

    /// <summary>The same with its one file in a certain folder.</summary>
    public static void PlayMerging(string folder)
    {
        var partial = Path.Combine(folder, "hpcfit-rehearsal.partial");
        var file = TemporaryFile.NameFor(partial);
        try
        {
            TemporaryFile.RemoveAbandoned(partial);
            WritePartial(file);
            // Removed before it is read, so that it is hardly ever left behind.
            using var held = File.OpenHandle(file);
            File.Delete(file);
            Merge($"/proc/self/fd/{held.DangerousGetHandle()}");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // Then the run itself is the first.
        }
    }

    private static void Merge(string file)
    {
        var coverage = Coverage.Read([file], Document.Digest, Document.Layout.PartialWidth, Elements, CancellationToken.None);
        var cutter = RoundCutter.Create(Document.Estimates, new());
        var round = FirstRound(cutter);
        var outcome = Again(
            RoundOutcome.Judge(round, coverage.Elements, [new(new(0), JobOutcomeKind.Finished)]),
            AdvancingJson.Default.RoundOutcome
        );
        _ = FailurePolicy.Decide(new(Document.ElementSet(), coverage.Elements, [new(round, outcome)]), new(), cutter);
        using var merged = new MergedColumns(coverage, Document, fullLength: false);
        _ = new ContentWriter(new PipeSink(Stream.Null), CancellationToken.None).Write(
            AnalysisContents.Create(
                Document,
                "rehearsal",
                merged,
                ResultsOfRun.Provenance(Document, ResultsOfRun.CountStatuses(merged)),
                file => ModelArrayFile.Open(file, allowsExternal: true)
            )
        );
    }

    private static void WritePartial(string file)
    {
        using var partial = PartialWriter.Create(
            file,
            PartialHeader.Create(Document.Digest, AttemptId.New(new(1), new(0)), "", Document.Layout)
        );
        double[] columns = [0.25, 0.5];
        partial.Append(new(new(0, Elements), columns, new ElementStatus[Elements]));
    }

    private static Round FirstRound(RoundCutter cutter) =>
        new(new(1), ((StartRound)FailurePolicy.Begin(new(Document.ElementSet(), ElementSet.Empty, []), cutter)).Jobs);

    private static T Again<T>(T value, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(value, type), type)!;
}
