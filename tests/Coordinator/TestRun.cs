using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Tests;

/// <summary>A run directory of one column over a hundred elements, with or without a stage over shuffles, made by hand.</summary>
internal sealed class TestRun : IDisposable
{
    public TestRun(long elements = 100, long? shuffles = null)
    {
        var stage = shuffles is { } count ? new RunStage("enhanced", StageAxis.Shuffles, count) : null;
        var spec = new RunSpec
        {
            Model = new() { Engine = "lm", Formula = "FD ~ Age" },
            Data = [new("/data/d.h5", "/data/c.csv")],
        };
        var inputs = new RunInputs
        {
            NumericVersion = 1,
            TotalElements = elements,
            Scalars = [new("FD", "00")],
            CohortDigest = "11",
        };
        Directory = RunDirectory.CreateOrOpen(
            System.IO.Directory.CreateTempSubdirectory("hpcfit-test-").FullName,
            new()
            {
                Digest = RunDigest.Compute(spec, inputs),
                Spec = spec,
                Inputs = inputs,
                Layout = new(["x"], [new("element_id", ResultSource.ElementId), new("x", ResultSource.Partial, 0)])
                {
                    Permutation = shuffles is { } all
                        ? new([new("age", 0, IsSigned: true, 1, 96, 0)], [new(PermutationSpec.Exchangeable, all, false, 363.7)])
                        : null,
                },
                Estimates = new()
                {
                    ElementsPerStripe = 10,
                    Stripes = elements / 10,
                    SecondsPerElement = 1e-3,
                    BaseBytes = 50_000_000,
                    BytesPerThread = 1_000_000,
                },
                Stages = stage is null ? null : [stage],
                Files = [],
                ProgramVersion = "test",
                Created = DateTimeOffset.UnixEpoch,
            }
        );
        if (stage is null)
            return;
        var document = Directory.Document with
        {
            Digest = RunDigest.ComputeStage(spec, inputs, stage),
            Stage = stage,
            Stages = null,
            Layout = new(["maximum"], []) { BytesPerBlock = BytesPerBlock },
            Estimates = Directory.Document.Estimates with { ElementsPerStripe = 256, SecondsPerElement = 0.1 },
        };
        Stage = RunDirectory.CreateOrOpen(Directory.StageAt(stage.Name).Root, document);
    }

    /// <summary>Bytes that a block of the stage carries besides its column.</summary>
    public const int BytesPerBlock = 8;

    public RunDirectory Directory { get; }

    /// <summary>The stage after the fits; null: none.</summary>
    public RunDirectory? Stage { get; }

    /// <summary>An attempt's last word.</summary>
    public AttemptId Heartbeat(
        RoundId round,
        JobId job,
        long done,
        ExitCode? ended = null,
        double rate = 0,
        ProcessIdentity? process = null
    )
    {
        var attempt = AttemptId.New(round, job);
        var report = new ProgressReport
        {
            Sequence = 3,
            Host = process?.Host ?? "node7",
            Pid = process?.Pid ?? 42,
            Process = process,
            ElementsDone = done,
            ElementsTotal = 10,
            ElementsPerSecond = rate,
            ResidentBytes = 60_000_000,
            PeakResidentBytes = 70_000_000,
            Ended = ended,
        };
        JsonFile.Replace(Directory.ProgressFile(attempt), report, RunJson.Default.ProgressReport);
        return attempt;
    }

    /// <summary>A partial with a valid block over some elements.</summary>
    public void Cover(RoundId round, JobId job, long first, int count, ElementStatus status = ElementStatus.Fitted)
    {
        var attempt = AttemptId.New(round, job);
        using var partial = PartialWriter.Create(
            Directory.PartialFile(attempt),
            PartialHeader.Create(Directory.Document.Digest, attempt, "node7", Directory.Document.Layout)
        );
        partial.Append(new(new(first, first + count), new double[count], Enumerable.Repeat(status, count).ToArray()));
        partial.Complete();
    }

    /// <summary>A partial of the stage with a valid block over some shuffles.</summary>
    public void CoverStage(RoundId round, JobId job, long first, int count)
    {
        var attempt = AttemptId.New(round, job);
        using var partial = PartialWriter.Create(
            Stage!.PartialFile(attempt),
            PartialHeader.Create(Stage.Document.Digest, attempt, "node7", Stage.Document.Layout)
        );
        partial.AppendWhole(new(new(first, first + count), new double[count], new ElementStatus[count]), new byte[BytesPerBlock], default);
        partial.Complete();
    }

    public void Dispose() => System.IO.Directory.Delete(Directory.Root, recursive: true);
}
