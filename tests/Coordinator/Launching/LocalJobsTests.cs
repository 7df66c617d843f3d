using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Tests.Launching;

public sealed class LocalJobsTests : IDisposable
{
    private readonly TestRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_round_that_was_only_planned_waits() => Observe(Round()).ShouldAllBe(job => job.Ending == JobOutcomeKind.Waiting);

    [Fact]
    public void While_its_launcher_lives_jobs_wait_and_run()
    {
        var round = Round();
        Record(round, ClaimHolder.Self("test"), new JobReport(new(0), JobOutcomeKind.Finished));
        _run.Heartbeat(round.Id, new(1), done: 3);
        Observe(round).Select(job => job.Ending).ShouldBe([JobOutcomeKind.Finished, JobOutcomeKind.Running, JobOutcomeKind.Waiting]);
    }

    [Fact]
    public void When_its_launcher_is_gone_their_own_last_words_count()
    {
        var round = Round();
        Record(round, ClaimHolder.Self("test") with { ProcessStart = 1 });
        _run.Heartbeat(round.Id, new(0), done: 5, ended: ExitCode.Cancelled);
        _run.Heartbeat(round.Id, new(1), done: 3);
        Observe(round).Select(job => job.Ending).ShouldBe([JobOutcomeKind.Cancelled, JobOutcomeKind.Killed, JobOutcomeKind.NeverStarted]);
    }

    private Round Round() =>
        _run.Directory.CreateRound([.. Enumerable.Range(0, 3).Select(job => new Job(new(job), ElementSet.From(job * 10, (job + 1) * 10)))]);

    private void Record(Round round, ClaimHolder launcher, params JobReport[] ended) =>
        JsonFile.Replace(_run.Directory.LocalFile(round.Id), new LocalRecord(launcher, ended), LaunchingJson.Default.LocalRecord);

    private IReadOnlyList<JobReport> Observe(Round round) => LocalJobs.Observe(_run.Directory, round);
}
