using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Launching.Slurm.Submission;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace HpcFit.Coordinator.Tests.Launching.Slurm;

/// <summary>A run directory, a stand-in cluster, and the submitter between them.</summary>
internal sealed class ClusterUnderTest : IDisposable
{
    // In memory where there is such a place: a hundred submissions with every fsync would take a disk a while.
    private readonly string _folder = Directory
        .CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"hpcfit-submit-{Guid.NewGuid():N}"))
        .FullName;

    public ClusterUnderTest(StandInCluster? cluster = null, int jobs = 10, Func<int, JobResources?>? resources = null, int? throttle = null)
    {
        Cluster = cluster ?? new();
        Settings = new()
        {
            Job = new()
            {
                MemoryBytes = 500 << 20,
                Time = TimeSpan.FromMinutes(30),
                Threads = 2,
            },
            Advance = new()
            {
                MemoryBytes = 1 << 30,
                Time = TimeSpan.FromMinutes(60),
                Threads = 1,
            },
            Coordinator = "/opt/hpcfit/hpcfit",
            Worker = "/opt/hpcfit/hpcfit-worker",
            ArrayThrottle = throttle,
        };
        Run = RunDirectory.CreateOrOpen(_folder, Documents.OfElements(jobs * 10));
        Round = Run.CreateRound([
            .. Enumerable
                .Range(0, jobs)
                .Select(job => new Job(new(job), ElementSet.From(job * 10, (job + 1) * 10), resources?.Invoke(job))),
        ]);
    }

    public StandInCluster Cluster { get; }

    public SlurmSettings Settings { get; set; }

    public RunDirectory Run { get; }

    public Round Round { get; }

    public RoundSubmission? OnDisk => new SubmissionFile(Run).Read(Round.Id);

    /// <summary>Waits of no length.</summary>
    public static BackOff Impatient { get; } = new([.. Enumerable.Repeat(TimeSpan.Zero, 4)], (_, _) => { });

    public SlurmCommands Commands => new(Cluster, Impatient, NullLogger.Instance);

    public RoundSubmitter Submitter => new(Run, Settings, Commands, NullLogger.Instance);

    public void SeeTo() => Submitter.EnsureSubmitted(Round, CancellationToken.None);

    /// <summary>Every job that a live, released array task does, as often as there are such tasks.</summary>
    public IReadOnlyList<int> JobsAtWork() =>
        [
            .. Cluster
                .Jobs.Where(job => !job.IsHeld && job.Tasks.Keys.All(task => task >= 0))
                .SelectMany(job =>
                    job.Tasks.Where(task => task.Value.State != "CANCELLED").Select(task => int.Parse(job.Arguments[^2]) + task.Key)
                )
                .Order(),
        ];

    /// <summary>Fails unless every job is in one task, nothing is held, and one advance and one watch job wait.</summary>
    /// <param name="story">What happened before.</param>
    public void ShouldBeWhole(string story)
    {
        JobsAtWork().ShouldBe(Enumerable.Range(0, Round.Jobs.Count), story);
        Cluster.Live.ShouldAllBe(job => !job.IsHeld, story);
        Cluster.Live.Count(job => job.Name.Contains("next", StringComparison.Ordinal)).ShouldBe(1, story);
        Cluster.Live.Count(job => job.Name.Contains("watch", StringComparison.Ordinal)).ShouldBe(1, story);
        OnDisk!.Handovers.ShouldHaveSingleItem().Released.ShouldBeTrue(story);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
