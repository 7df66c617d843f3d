using System.Text.Json;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Monitoring;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Records;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace HpcFit.Coordinator.Tests.Monitoring;

public sealed class StatusTests : IDisposable
{
    private readonly TestRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_planned_run_waits()
    {
        Round(4);
        var status = await Read();
        (status.State, status.Covered, status.Elements).ShouldBe((RunState.Waiting, 0, 100));
        status.Rounds[0].Launcher.ShouldBe("nobody");
    }

    [Fact]
    public async Task Jobs_at_work_show_node_rate_memory_and_heartbeat()
    {
        var round = Launched(4, new JobReport(new(0), JobOutcomeKind.Finished));
        _run.Cover(round.Id, new(0), 0, 25);
        _run.Cover(round.Id, new(1), 25, 5);
        _run.Heartbeat(round.Id, new(1), done: 5, rate: 2);
        _run.Heartbeat(round.Id, new(2), done: 0, rate: 3);

        var status = await Read();
        (status.State, status.Covered, status.ElementsPerSecond, status.SecondsLeft).ShouldBe((RunState.Running, 30, 5, 14));
        status
            .Rounds[0]
            .Jobs.Select(job => (job.State, job.Left))
            .ShouldBe([
                (JobOutcomeKind.Finished, 0),
                (JobOutcomeKind.Running, 20),
                (JobOutcomeKind.Running, 25),
                (JobOutcomeKind.Waiting, 25),
            ]);
        var text = string.Join('\n', StatusText.Lines(status));
        text.ShouldContain("running: 30 of 100 elements (30.0%), 5 a second, about 14.0 s left");
        text.ShouldContain("1 waiting, 2 running, 1 finished");
        text.ShouldContain("5 of 25, 2 a second, 60 MB on node7 (process 42), heartbeat 3,");
    }

    [Fact]
    public async Task A_stage_is_shown_with_its_units_and_determines_the_state_of_a_fitted_run()
    {
        using var run = new TestRun(shuffles: 1000);
        var round = run.Stage!.CreateRound([new(new(0), ElementSet.From(0, 1000))]);
        run.CoverStage(round.Id, new(0), 0, 256);
        run.CoverStage(round.Id, new(0), 512, 256);
        var before = await new StatusReader(run.Directory, NullLogger.Instance).ReadAsync(CancellationToken.None);
        (before.State, before.Covered).ShouldBe((RunState.Stopped, 0));

        run.Cover(new(1), new(0), 0, 100);
        var status = await new StatusReader(run.Directory, NullLogger.Instance).ReadAsync(CancellationToken.None);
        (status.State, status.Covered).ShouldBe((RunState.Waiting, 100));
        var stage = status.Stages.ShouldNotBeNull().ShouldHaveSingleItem();
        (stage.Name, stage.Units, stage.Covered, stage.State).ShouldBe(("enhanced", 1000, 512, RunState.Waiting));
        var text = StatusText.Lines(status).ToList();
        text.ShouldContain("stage      enhanced: waiting: 512 of 1,000 shuffles (51.2%)");
        text.ShouldContain(
            "shuffles   1,000 permutations of about 10^157 possible ones for age; least p 0.001, "
                + "a p of 0.05 is estimated as 0.0365 to 0.0635"
        );
        JsonSerializer.Serialize(status, StatusJson.Default.RunStatus).ShouldContain("\"axis\":\"Shuffles\",\"state\":\"Waiting\"");
        var test = status.PermutationTests.ShouldNotBeNull().ShouldHaveSingleItem();
        (test.Name, test.Shuffles, test.LeastP).ShouldBe(("age", 1000, 0.001));

        run.CoverStage(round.Id, new(0), 256, 256);
        run.CoverStage(round.Id, new(0), 768, 232);
        var complete = await new StatusReader(run.Directory, NullLogger.Instance).ReadAsync(CancellationToken.None);
        complete.State.ShouldBe(RunState.Complete);
    }

    [Fact]
    public async Task A_failed_job_shows_its_cause_and_a_stopped_run_what_to_type()
    {
        var round = Launched(2, new JobReport(new(0), JobOutcomeKind.OutOfMemory) { Detail = "was ended by SIGKILL:\nmemory ran out" });
        _run.Cover(round.Id, new(1), 50, 50);
        Abandon(round, new JobReport(new(0), JobOutcomeKind.OutOfMemory) { Detail = "was ended by SIGKILL:\nmemory ran out" });

        var status = await Read();
        status.State.ShouldBe(RunState.Stopped);
        var text = string.Join('\n', StatusText.Lines(status));
        text.ShouldContain("out of memory 0 of 50: was ended by SIGKILL: | memory ran out");
        text.ShouldContain($"hpcfit resume {_run.Directory.Root}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"sequence\": 3, \"of a newer program\": true}")]
    [InlineData("\0\0\0")]
    public async Task What_is_only_for_display_and_cannot_be_read_is_unknown(string content)
    {
        var round = Launched(2);
        var attempt = _run.Heartbeat(round.Id, new(0), done: 5);
        _run.Cover(round.Id, new(0), 0, 50);
        foreach (
            var file in (string[])
                [
                    _run.Directory.ProgressFile(attempt),
                    _run.Directory.LocalFile(round.Id),
                    _run.Directory.OutcomeFile(round.Id),
                    _run.Directory.ReportFile,
                    _run.Directory.NotesFile,
                ]
        )
            File.WriteAllText(file, content);
        (await Read()).Covered.ShouldBe(50);
        RunHistoryReader.Read(_run.Directory, ElementSet.From(0, 50)).Missing.ShouldBe(ElementSet.From(50, 100));
        UserCodeReport.Lines(_run.Directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_without_a_round_and_without_a_command_is_stopped()
    {
        var status = await Read();
        (status.State, status.Next).ShouldBe((RunState.Stopped, $"hpcfit resume {_run.Directory.Root}"));
        using (Claim.Take(_run.Directory.RoundsClaim, "hpcfit run"))
            (await Read()).State.ShouldBe(RunState.Waiting);
    }

    [Fact]
    public async Task A_stopped_run_shows_why()
    {
        var round = Launched(2);
        Abandon(round, new JobReport(new(0), JobOutcomeKind.DataError), new JobReport(new(1), JobOutcomeKind.Crashed));
        var status = await Read();
        status.State.ShouldBe(RunState.Stopped);
        status.Cause.ShouldBe("2 jobs of round 0001 left elements without a result (1 data error, 1 crashed), and no command works on it");
        status.Next.ShouldBe($"hpcfit resume {_run.Directory.Root} --on-error skip");
    }

    [Fact]
    public async Task A_worker_started_by_hand_that_was_killed_here_leaves_a_stopped_run()
    {
        var (round, self) = (Round(2), ProcessIdentity.Self);
        _run.Heartbeat(round.Id, new(0), done: 5, process: self);
        (await Read()).State.ShouldBe(RunState.Running);

        // The same pid with another start is another process.
        _run.Heartbeat(round.Id, new(1), done: 5, process: self with { Start = self.Start - 1 });
        var status = await Read();
        status.Rounds[0].Jobs.Select(job => job.State).ShouldBe([JobOutcomeKind.Running, JobOutcomeKind.Killed]);
        status.Rounds[0].Jobs[1].Detail.ShouldBe($"its process {self.Pid} on {self.Host} is gone");
        status.State.ShouldBe(RunState.Running);
    }

    [Fact]
    public async Task Nor_does_it_wait_for_the_jobs_that_were_never_started()
    {
        var (round, self) = (Round(2), ProcessIdentity.Self);
        _run.Heartbeat(round.Id, new(0), done: 5, process: self with { BootId = "earlier" });
        var status = await Read();
        (status.State, status.Next).ShouldBe((RunState.Stopped, $"hpcfit resume {_run.Directory.Root}"));
        status.Cause.ShouldBe("2 jobs of round 0001 left elements without a result (1 killed, 1 waiting), and no command works on it");
    }

    [Fact]
    public async Task Of_a_worker_on_another_machine_its_own_word_is_all_there_is()
    {
        var round = Round(1);
        _run.Heartbeat(round.Id, new(0), done: 5, process: ProcessIdentity.Self with { Host = "node7", Pid = 1 });
        (await Read()).State.ShouldBe(RunState.Running);
    }

    [Fact]
    public async Task A_complete_run_is_complete_whatever_its_jobs_said()
    {
        var round = Launched(1);
        _run.Heartbeat(round.Id, new(0), done: 3, ended: ExitCode.InternalError);
        _run.Cover(round.Id, new(0), 0, 100);
        (await Read()).State.ShouldBe(RunState.Complete);
    }

    [Fact]
    public async Task Whoever_merges_is_named()
    {
        using (Claim.Take(_run.Directory.MergeClaim, "hpcfit merge"))
        {
            var status = await Read();
            status.State.ShouldBe(RunState.Merging);
            status.Holders.ShouldHaveSingleItem().What.ShouldBe("hpcfit merge");
        }
        (await Read()).Holders.ShouldBeEmpty();
    }

    [Fact]
    public async Task Its_JSON_is_one_line_with_numbers_and_words()
    {
        var round = Launched(2, new JobReport(new(0), JobOutcomeKind.Killed) { Detail = "by hand" });
        _run.Heartbeat(round.Id, new(1), done: 1, rate: 1);
        var json = JsonSerializer.Serialize(await Read(), StatusJson.Default.RunStatus);
        json.ShouldNotContain("\n");
        var jobs = JsonDocument.Parse(json).RootElement.GetProperty("rounds")[0].GetProperty("jobs");
        jobs[0].GetProperty("state").GetString().ShouldBe("Killed");
        jobs[0].GetProperty("words").GetString().ShouldBe("by hand");
        jobs[1].GetProperty("attempt").GetProperty("residentBytes").GetInt64().ShouldBe(60_000_000);
    }

    [Fact]
    public async Task Looking_again_sees_what_came_since()
    {
        var reader = new StatusReader(_run.Directory, NullLogger.Instance);
        var round = Launched(2);
        (await reader.ReadAsync(CancellationToken.None)).Covered.ShouldBe(0);
        _run.Cover(round.Id, new(0), 0, 50);
        (await reader.ReadAsync(CancellationToken.None)).Covered.ShouldBe(50);
        _run.Cover(round.Id, new(1), 50, 50);
        (await reader.ReadAsync(CancellationToken.None)).State.ShouldBe(RunState.Complete);
    }

    private Task<RunStatus> Read() => new StatusReader(_run.Directory, NullLogger.Instance).ReadAsync(CancellationToken.None);

    private Round Round(int jobs) =>
        _run.Directory.CreateRound([
            .. Enumerable.Range(0, jobs).Select(job => new Job(new(job), ElementSet.From(job * 100 / jobs, (job + 1) * 100 / jobs))),
        ]);

    private Round Launched(int jobs, params JobReport[] ended)
    {
        var round = Round(jobs);
        Record(round, ClaimHolder.Self("test"), ended);
        return round;
    }

    private void Abandon(Round round, params JobReport[] ended) => Record(round, ClaimHolder.Self("test") with { ProcessStart = 1 }, ended);

    private void Record(Round round, ClaimHolder launcher, JobReport[] ended) =>
        JsonFile.Replace(_run.Directory.LocalFile(round.Id), new LocalRecord(launcher, ended), LaunchingJson.Default.LocalRecord);
}
