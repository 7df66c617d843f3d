using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Tests.Running;

/// <summary>More shuffles continue the blocks of a run with fewer, in a run directory next to it.</summary>
public sealed class EarlierStageTests : IDisposable
{
    private readonly TestRun _run = new(shuffles: 300);
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-stages-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _run.Dispose();
    }

    [Fact]
    public void A_stage_with_more_units_continues_the_blocks_of_the_largest_before_it()
    {
        Cover(Stage("small", 300), 300);
        Cover(Stage("smaller", 100), 100);
        Cover(Stage("other", 400, name: "another"), 400);
        var stage = RunDirectory.At(Path.Combine(_folder, "large")).StageAt("enhanced");
        var document = Document(1000);
        Plan(stage, document).Missing.ShouldBe(ElementSet.From(300, 1000));

        var created = RunDirectory.CreateOrOpen(stage.Root, document);
        EarlierStage.Continue(created);
        Coverage.Read(created, CancellationToken.None).Elements.ShouldBe(ElementSet.From(0, 300));
        var plan = Plan(stage, document);
        plan.Jobs[0].Elements.ToString().ShouldStartWith("301:");
        plan.Lines().First().ShouldEndWith("; 300 already have results");

        // Later blocks belong to this run alone, and what it has is not fetched again.
        Cover(created, 1000, first: 300);
        EarlierStage.Continue(created);
        created.PartialFiles().Count.ShouldBe(2);
        RunDirectory.Open(Path.Combine(_folder, "small", "stages", "enhanced")).PartialFiles().Count.ShouldBe(1);
    }

    [Fact]
    public void A_stage_with_fewer_units_or_of_another_model_does_not()
    {
        Cover(Stage("large", 1000), 1000);
        var stage = RunDirectory.At(Path.Combine(_folder, "small")).StageAt("enhanced");
        EarlierStage.Find(stage, Document(300)).ShouldBeNull();
        EarlierStage.Find(stage, Document(2000) with { Digest = "00" }).ShouldBeNull();
        EarlierStage.Find(stage, Document(2000)).ShouldNotBeNull();
    }

    private static StagePlan Plan(RunDirectory stage, RunDocument document) =>
        StagePlan.Create(stage, document, RoundCutter.Create(document.Estimates, new() { Jobs = 2 }), CancellationToken.None);

    private RunDocument Document(long units, string name = "enhanced")
    {
        var stage = new RunStage(name, StageAxis.Shuffles, units);
        var document = _run.Stage!.Document;
        return document with { Stage = stage, Digest = RunDigest.ComputeStage(document.Spec, document.Inputs, stage) };
    }

    private RunDirectory Stage(string run, long units, string name = "enhanced") =>
        RunDirectory.CreateOrOpen(RunDirectory.At(Path.Combine(_folder, run)).StageAt("enhanced").Root, Document(units, name));

    private static void Cover(RunDirectory stage, int end, int first = 0)
    {
        var attempt = AttemptId.New(new(1), new(0));
        using var partial = PartialWriter.Create(
            stage.PartialFile(attempt),
            PartialHeader.Create(stage.Document.Digest, attempt, "node7", stage.Document.Layout)
        );
        for (var from = first; from < end; from = (from / 256 * 256) + 256)
        {
            var count = Math.Min(end, (from / 256 * 256) + 256) - from;
            partial.AppendWhole(
                new(new(from, from + count), new double[count], new ElementStatus[count]),
                new byte[TestRun.BytesPerBlock],
                default
            );
        }
        partial.Complete();
    }
}
