using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using Microsoft.Extensions.Logging.Abstractions;

namespace HpcFit.Coordinator.Tests.Running;

/// <summary>The run loop with launchers that answer as asked: it must not depend on which one it has.</summary>
public sealed class RunDriverTests : IDisposable
{
    private static readonly OutputTarget Target = new() { Analysis = "a" };
    private readonly TestRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_queued_round_ends_the_step_and_keeps_no_claim()
    {
        var launcher = new FakeLauncher(LaunchResult.Queued);
        (await Begin(launcher)).Lines().Single().ShouldContain(_run.Directory.Root);
        launcher.Launched.ShouldBe([new(1)]);
        Claim.ReadHolder(_run.Directory.RoundsClaim).ShouldBeNull();
        _run.Directory.ReadRound(new(1)).Jobs.ShouldAllBe(job => job.Resources!.Threads == FakeLauncher.Threads);
    }

    [Fact]
    public async Task Open_jobs_are_launched_again_and_no_round_is_made()
    {
        var launcher = new FakeLauncher(LaunchResult.Queued) { Ending = JobOutcomeKind.Waiting };
        await Begin(launcher);
        (await Begin(launcher)).ShouldBeOfType<QueuedRun>();
        (await Driver(launcher).AdvanceAsync(new(), CancellationToken.None)).ShouldBeOfType<QueuedRun>();
        launcher.Launched.ShouldBe([new(1), new(1), new(1)]);
        File.Exists(_run.Directory.OutcomeFile(new(1))).ShouldBeFalse();
    }

    [Fact]
    public async Task Advance_launches_one_more_round_after_a_failure_with_the_same_answer_to_errors()
    {
        var launcher = new FakeLauncher(LaunchResult.Queued) { Ending = JobOutcomeKind.NodeFailure };
        await Driver(launcher).BeginAsync([Target], null, OnError.Skip, new(), CancellationToken.None);
        await Driver(launcher).AdvanceAsync(new(), CancellationToken.None);
        launcher.Launched.ShouldBe([new(1), new(2)]);
        _run.Directory.ReadRound(new(2)).OnError.ShouldBe(OnError.Skip);
        launcher.Reports.ShouldBe(2);
        JsonFile
            .Read(_run.Directory.OutcomeFile(new(1)), AdvancingJson.Default.RoundOutcome)
            .Jobs.ShouldAllBe(job => job.Ending == JobOutcomeKind.NodeFailure);
    }

    [Fact]
    public async Task Ended_rounds_follow_each_other_until_the_policy_stops()
    {
        var launcher = new FakeLauncher(LaunchResult.Ended) { Ending = JobOutcomeKind.Killed };
        var stop = await Should.ThrowAsync<StoppedRunException>(() => Begin(launcher));
        stop.ExitCode.ShouldBe(ExitCode.IncompleteRun);
        launcher.Launched.ShouldBe([new(1), new(2), new(3)]);
        launcher.IsRetired.ShouldBeTrue();
        Claim.ReadHolder(_run.Directory.RoundsClaim).ShouldBeNull();
    }

    [Fact]
    public async Task A_round_of_another_launcher_is_not_waited_for()
    {
        await Begin(new FakeLauncher(LaunchResult.Queued) { Ending = JobOutcomeKind.Waiting });
        var other = new FakeLauncher(LaunchResult.Queued);
        await Begin(other);
        other.Launched.ShouldBe([new(2)]);
    }

    [Fact]
    public async Task A_requested_stop_names_the_command_that_goes_on()
    {
        using var stop = new CancellationTokenSource();
        var launcher = new FakeLauncher(LaunchResult.Ended) { WhenLaunched = stop.Cancel };
        var interrupted = await Should.ThrowAsync<InterruptedRunException>(() =>
            Driver(launcher).BeginAsync([Target], null, OnError.Stop, new(), stop.Token)
        );
        interrupted.Message.ShouldContain($"resume {_run.Directory.Root}");
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task A_job_that_fails_leaves_a_watch_behind(bool isUnattended, int watches)
    {
        var launcher = new FakeLauncher(LaunchResult.Queued)
        {
            IsUnattended = isUnattended,
            WhenLaunched = () => throw new RetryableException(),
        };
        await Should.ThrowAsync<RetryableException>(() => Begin(launcher));
        launcher.Watches.ShouldBe(watches);
    }

    [Fact]
    public async Task A_complete_run_whose_target_nobody_named_is_watched_and_refused()
    {
        var launcher = new FakeLauncher(LaunchResult.Queued);
        await Begin(launcher);
        _run.Cover(new(1), new(0), 0, 100);
        (
            await Should.ThrowAsync<BadInputException>(() => Driver(launcher).AdvanceAsync(new(), CancellationToken.None))
        ).Message.ShouldContain("merge");
        launcher.Watches.ShouldBe(1);
        launcher.LimitsAsked.ShouldBe(0);
    }

    [Fact]
    public async Task A_stage_begins_when_the_one_before_it_is_complete()
    {
        using var run = new TestRun(shuffles: 1000);
        var (fits, shuffles) = (new FakeLauncher(LaunchResult.Queued), new FakeLauncher(LaunchResult.Queued));
        var driver = StagesOf(run, fits, shuffles);

        (await driver.BeginAsync([Target], null, OnError.Stop, new(), CancellationToken.None)).ShouldBeOfType<QueuedRun>();
        (fits.Launched.Count, shuffles.Launched.Count).ShouldBe((1, 0));

        run.Cover(new(1), new(0), 0, 100);
        (await driver.AdvanceAsync(new(), CancellationToken.None)).ShouldBeOfType<QueuedRun>();
        (fits.Launched.Count, shuffles.Launched.Count).ShouldBe((1, 1));
        run.Stage!.ReadRound(new(1)).Jobs.Select(job => job.Elements.ToString()).ShouldBe(["1:512", "513:1000"]);
        Claim.ReadHolder(run.Stage.RoundsClaim).ShouldBeNull();
    }

    [Fact]
    public async Task A_stage_does_not_begin_where_nothing_was_fitted()
    {
        using var run = new TestRun(shuffles: 1000);
        run.Cover(new(1), new(0), 0, 100, ElementStatus.NotPermuted);
        var (fits, shuffles) = (new FakeLauncher(LaunchResult.Ended), new FakeLauncher(LaunchResult.Ended));
        var refusal = await Should.ThrowAsync<BadInputException>(() =>
            StagesOf(run, fits, shuffles).BeginAsync([Target], null, OnError.Stop, new(), CancellationToken.None)
        );
        refusal.Message.ShouldContain("100 NotPermuted");
        (fits.Launched.Count, shuffles.Launched.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_stage_whose_jobs_fail_stops_the_run_and_names_its_shuffles()
    {
        using var run = new TestRun(shuffles: 1000);
        run.Cover(new(1), new(0), 0, 100);
        run.CoverStage(new(1), new(0), 0, 256);
        var (fits, shuffles) = (new FakeLauncher(LaunchResult.Ended), new FakeLauncher(LaunchResult.Ended));
        var stop = await Should.ThrowAsync<StoppedRunException>(() =>
            StagesOf(run, fits, shuffles).BeginAsync([Target], null, OnError.Stop, new(), CancellationToken.None)
        );
        stop.Message.ShouldContain("744 shuffles have no result");
        stop.Message.ShouldContain($"resume {run.Directory.Root}");
        fits.Launched.ShouldBeEmpty();
        shuffles.Launched.Count.ShouldBe(3);
    }

    private static RunDriver StagesOf(TestRun run, params ILauncher[] launchers)
    {
        var cutter = RoundCutter.Create(run.Directory.Document.Estimates, new() { Jobs = 2 });
        var stages = run
            .Directory.Stages()
            .Zip(
                launchers,
                (stage, launcher) =>
                    new StageDriver(stage, launcher, RoundCutter.OfStage(stage.Document, cutter), run.Directory, NullLogger.Instance)
            );
        return new(run.Directory, [.. stages], new("test"), TimeSpan.FromSeconds(10), NullLogger.Instance);
    }

    private Task<RunStep> Begin(ILauncher launcher) =>
        Driver(launcher).BeginAsync([Target], null, OnError.Stop, new Stopwatch(), CancellationToken.None);

    private RunDriver Driver(ILauncher launcher) => StagesOf(_run, launcher);

    private sealed class RetryableException() : HpcFitException("later")
    {
        public override ExitCode ExitCode => ExitCode.FileSystem;

        public override bool IsRetryable => true;
    }

    /// <summary>Launches nothing: every job of its rounds has one ending, and no element gets a result.</summary>
    private sealed class FakeLauncher(LaunchResult answer) : ILauncher
    {
        public const int Threads = 3;

        public JobOutcomeKind Ending { get; init; } = JobOutcomeKind.Killed;

        public Action? WhenLaunched { get; init; }

        public List<RoundId> Launched { get; } = [];

        public int Reports { get; private set; }

        public int Watches { get; private set; }

        public int LimitsAsked { get; private set; }

        public bool IsRetired { get; private set; }

        public AdvanceLimits Limits
        {
            get
            {
                LimitsAsked++;
                return new();
            }
        }

        public IJobLiveness? Liveness => null;

        public bool IsUnattended { get; init; }

        public Job WithResources(Job job) => job with { Resources = new() { Threads = Threads } };

        public bool HasLaunched(RoundId round) => Launched.Contains(round);

        public Task<LaunchResult> LaunchAsync(Round round, long covered, CancellationToken token)
        {
            WhenLaunched?.Invoke();
            Launched.Add(round.Id);
            return Task.FromResult(answer);
        }

        public Task<IReadOnlyList<JobReport>> ObserveAsync(Round round, CancellationToken token) =>
            Task.FromResult<IReadOnlyList<JobReport>>([.. round.Jobs.Select(job => new JobReport(job.Id, Ending))]);

        public void EnsureWatch(CancellationToken token) => Watches++;

        public void CancelCompanions(CancellationToken token) => IsRetired = true;

        public void WriteReport(RunHistory history, CancellationToken token) => Reports++;

        public IReadOnlyList<string> ReadReport() => [];
    }
}
