using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Schedulers;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace HpcFit.Coordinator.Tests.Launching.Schedulers;

/// <summary>Submissions to a stand-in of Grid Engine, some of them interrupted.</summary>
public sealed class RoundJobsTests : IDisposable
{
    private readonly TestRun _run = new();
    private readonly StandIn _cluster = new();

    [Fact]
    public void A_round_is_arrays_of_equal_requests_an_advance_job_and_a_watch()
    {
        var round = Round(job => job == 2 ? new() { MemoryBytes = 1L << 30 } : null);
        Launch(round);
        _cluster.Jobs.Select(job => job.Tasks).ShouldBe([0, 2, 0, 7, 0]);
        _cluster.Jobs[0].Name.ShouldContain("watch");
        _cluster.Jobs[4].Words.ShouldContain("2,3,4");
        Launch(round);
        _cluster.Jobs.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_interrupted_submission_is_completed_without_a_second_job(int submissions)
    {
        var round = Round();
        _cluster.DiesAfter = submissions;
        Should.Throw<InvalidOperationException>(() => Launch(round));
        _cluster.DiesAfter = int.MaxValue;
        Launch(round);
        _cluster.Jobs.Count.ShouldBe(3);
        foreach (var word in (string[])["-watch-", "-a0", "-next"])
            _cluster.Jobs.Count(job => job.Name.Contains(word, StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void A_refused_job_takes_the_others_out_of_the_queue()
    {
        _cluster.Refuses = words => words.Contains("-t") ? "no such project" : null;
        Should.Throw<SchedulerException>(() => Launch(Round())).Message.ShouldContain("no such project");
        _cluster.Jobs.ShouldAllBe(job => job.IsGone);
    }

    [Fact]
    public void Endings_are_explained_by_the_record_and_never_prove_success()
    {
        var round = Round();
        Launch(round);
        var id = SubmittedRound.Read(_run.Directory, round.Id)!.Arrays[0].Submitted.Id!;
        _cluster.Jobs.ForEach(job => job.IsGone = true);
        _cluster.Accounting = $"""
            jobnumber    {id}
            taskid       1
            failed       37  : qmaster enforced h_rt, h_cpu, or h_vmem limit
            exit_status  137                  (Killed)
            jobnumber    {id}
            taskid       2
            failed       100 : assumedly after job
            exit_status  137                  (Killed)
            jobnumber    {id}
            taskid       3
            failed       0
            exit_status  0

            """;
        var reports = new RoundObserver(_run.Directory, Descriptions.Settings("sge"), Commands()).Observe(round, CancellationToken.None);
        reports
            .Take(4)
            .Select(report => report.Ending)
            .ShouldBe([JobOutcomeKind.TimeLimit, JobOutcomeKind.Killed, JobOutcomeKind.Crashed, JobOutcomeKind.NeverStarted]);
        reports[0].Detail.ShouldContain("enforced h_rt");
    }

    public void Dispose() => _run.Dispose();

    private Round Round(Func<int, JobResources?>? resources = null) =>
        _run.Directory.CreateRound([
            .. Enumerable.Range(0, 10).Select(job => new Job(new(job), ElementSet.From(job * 10, (job + 1) * 10), resources?.Invoke(job))),
        ]);

    private void Launch(Round round) =>
        new RoundJobs(_run.Directory, Descriptions.Settings("sge"), Commands(), NullLogger.Instance).EnsureSubmitted(
            round,
            CancellationToken.None
        );

    private SchedulerCommands Commands() => new(Descriptions.Read("sge"), _cluster, BackOff.None, NullLogger.Instance);

    private sealed class StandInJob
    {
        public required int Id { get; init; }
        public required string Name { get; init; }
        public required IReadOnlyList<string> Words { get; init; }
        public required int Tasks { get; init; }
        public bool IsGone { get; set; }
    }

    /// <summary>Grid Engine's commands as far as a submission needs them, with the formats of 8.1.9.</summary>
    private sealed class StandIn : ICommandRunner
    {
        public List<StandInJob> Jobs { get; } = [];

        /// <summary>The submission after which the caller is interrupted, before it knows the id.</summary>
        public int DiesAfter { get; set; } = int.MaxValue;

        public Func<IReadOnlyList<string>, string?> Refuses { get; set; } = _ => null;

        public string Accounting { get; set; } = "";

        public CommandAnswer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken token) =>
            program switch
            {
                "qsub" => Submit(arguments),
                "qstat" => new(CommandEnding.Ended, 0, string.Concat(Jobs.Where(job => !job.IsGone).Select(Xml)), ""),
                "qacct" => new(CommandEnding.Ended, 0, Accounting, ""),
                _ => Delete(arguments[0]),
            };

        private static string Xml(StandInJob job) =>
            $"<job_list state=\"pending\">\n<JB_job_number>{job.Id}</JB_job_number><JB_name>{job.Name}</JB_name><state>qw</state>"
            + (job.Tasks > 0 ? $"<tasks>1-{job.Tasks}:1</tasks>\n" : "\n")
            + "</job_list>\n";

        private CommandAnswer Submit(IReadOnlyList<string> words)
        {
            if (Refuses(words) is { } refusal)
                return new(CommandEnding.Ended, 1, "", refusal);
            var tasks = words.Contains("-t") ? int.Parse(words[words.ToList().IndexOf("-t") + 1].Split('-')[1]) : 0;
            Jobs.Add(
                new()
                {
                    Id = Jobs.Count + 1,
                    Name = words[words.ToList().IndexOf("-N") + 1],
                    Words = words,
                    Tasks = tasks,
                }
            );
            return Jobs.Count == DiesAfter
                ? throw new InvalidOperationException("interrupted")
                : new(CommandEnding.Ended, 0, tasks > 0 ? $"{Jobs.Count}.1-{tasks}:1\n" : $"{Jobs.Count}\n", "");
        }

        private CommandAnswer Delete(string id)
        {
            Jobs.Single(job => $"{job.Id}" == id).IsGone = true;
            return new(CommandEnding.Ended, 0, "", "");
        }
    }
}
