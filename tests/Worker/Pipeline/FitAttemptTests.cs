using HpcFit.Shared.Claims;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Partials;

namespace HpcFit.Worker.Tests.Pipeline;

public sealed class FitAttemptTests : IDisposable
{
    private readonly PipelineStudy _study = new();

    [Fact]
    public void A_job_writes_its_elements_to_a_partial_and_reports_its_end()
    {
        var job = ElementSet.From(5000, 20_000);
        var run = _study.Run(ElementSet.From(0, 5000), job);
        var attempt = PipelineStudy.Attempt(run, job: 1);
        attempt.Run(CancellationToken.None).ShouldBe(ExitCode.Success);
        Coverage.Read(run, CancellationToken.None).Elements.ShouldBe(job);
        var report = run.ReadProgress(attempt.Id).ShouldNotBeNull();
        (report.ElementsDone, report.ElementsTotal, report.Ended).ShouldBe((15_000, 15_000, ExitCode.Success));
        report.Sequence.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public void A_file_that_changed_after_the_probe_is_refused()
    {
        var run = _study.Run(ElementSet.From(0, 100));
        _study.DamageChunk();
        var attempt = PipelineStudy.Attempt(run);
        Should.Throw<BadInputException>(() => attempt.Run(CancellationToken.None)).Message.ShouldContain("scalar 'FD'");
        run.PartialFiles().ShouldBeEmpty();
        run.ReadProgress(attempt.Id)!.Ended.ShouldBe(ExitCode.BadInput);
    }

    [Fact]
    public void A_file_that_is_being_written_is_refused()
    {
        var run = _study.Run(ElementSet.From(0, 100));
        File.WriteAllText(UndoJournal.PathFor(RealPath.Resolve(_study.Data)), "");
        Should.Throw<BusyException>(() => PipelineStudy.Attempt(run).Run(CancellationToken.None));
    }

    [Fact]
    public void A_stopped_attempt_is_cancelled()
    {
        var attempt = PipelineStudy.Attempt(_study.Run(ElementSet.From(0, 100)));
        attempt.Run(new CancellationToken(canceled: true)).ShouldBe(ExitCode.Cancelled);
    }

    [Fact]
    public void A_job_that_is_not_there_is_named() =>
        Should
            .Throw<BadInputException>(() => PipelineStudy.Attempt(_study.Run(ElementSet.From(0, 100)), job: 7).Run(CancellationToken.None))
            .Message.ShouldContain("no job 7");

    public void Dispose() => _study.Dispose();
}
