using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Tests.Running;

/// <summary>A plan counts the results of its own run only.</summary>
public sealed class PlanTests : IDisposable
{
    private readonly TestRun _run = new(shuffles: 300);

    public void Dispose() => _run.Dispose();

    [Fact]
    public void The_same_run_is_continued()
    {
        _run.Cover(new(1), new(0), 0, 100);
        _run.CoverStage(new(1), new(0), 0, 256);
        var plan = Create(_run.Directory.Document, _run.Stage!.Document);
        plan.Missing.Count.ShouldBe(0);
        plan.Stages.ShouldHaveSingleItem().Lines().First().ShouldEndWith("; 256 already have results");
    }

    [Fact]
    public void The_directory_of_another_run_is_refused_before_its_results_are_counted()
    {
        _run.CoverStage(new(1), new(0), 0, 256);
        // The stage of a run with more shuffles has the same digest, the run has not.
        var stage = new RunStage("enhanced", StageAxis.Shuffles, 1000);
        var document = _run.Directory.Document with { Digest = new string('f', 64), Stages = [stage] };
        var refusal = Should.Throw<BadInputException>(() => Create(document, _run.Stage!.Document with { Stage = stage }));
        refusal.Message.ShouldContain($"'{_run.Directory.Root}' holds another run");
        refusal.Message.ShouldContain("Choose another --run-dir");
    }

    private Plan Create(RunDocument run, RunDocument stage) =>
        Plan.Create(
            new(run, _run.Directory.Root) { Targets = [], Stages = [stage] },
            RoundCutter.Create(run.Estimates, new() { Jobs = 2 }),
            CancellationToken.None
        );
}
