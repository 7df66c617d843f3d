using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>
/// Starts the jobs of a run's rounds and observes them: as processes of this machine, or as jobs of a batch scheduler. It does not decide
/// what follows a failure (<see cref="FailurePolicy"/>).
/// </summary>
internal interface ILauncher
{
    /// <summary>The maximum memory and wall time of a job here, with the user's <c>--retries</c> and <c>--max-rounds</c>.</summary>
    AdvanceLimits Limits { get; }

    /// <summary>Whether holders of claims that run in jobs of this launcher have ended; null: it cannot know.</summary>
    IJobLiveness? Liveness { get; }

    /// <summary>
    /// Whether this process is itself a job of the launcher: nobody would repeat the command, so it waits for a run that is busy.
    /// </summary>
    bool IsUnattended { get; }

    /// <summary>A job with the resources that it will have written out, so that the policy can request more after a failure.</summary>
    Job WithResources(Job job);

    /// <summary>
    /// Whether this launcher launched a round, and its jobs may be open: then <see cref="ObserveAsync"/> reports more than is on disk.
    /// </summary>
    bool HasLaunched(RoundId round);

    /// <summary>
    /// Ensures that the jobs of a round run: returns when all have ended, or when a scheduler has them. May be called again for a round of
    /// which <see cref="HasLaunched"/> is true, and then finishes what an interrupted call left undone.
    /// </summary>
    /// <param name="round">The round. Its folder exists, its outcome does not.</param>
    /// <param name="covered">Elements of the run that have results already, for the display of progress.</param>
    /// <param name="token">Starts no further job; running jobs finish their block.</param>
    Task<LaunchResult> LaunchAsync(Round round, long covered, CancellationToken token);

    /// <summary>
    /// The state of a round's jobs, or how they ended. Changes nothing; any process may ask at any time, also when the one that launched
    /// the round is gone.
    /// </summary>
    Task<IReadOnlyList<JobReport>> ObserveAsync(Round round, CancellationToken token);

    /// <summary>
    /// Ensures that the run continues if this process dies, where the launcher has a job for that. A refusal is only logged: the work of
    /// this process goes on.
    /// </summary>
    void EnsureWatch(CancellationToken token);

    /// <summary>Cancels the jobs that would advance or watch the run: it has ended.</summary>
    void CancelCompanions(CancellationToken token);

    /// <summary>Writes a report of the rounds so far, where users do not see the log while the run proceeds.</summary>
    void WriteReport(RunHistory history, CancellationToken token);

    /// <summary>The lines of that report; empty where there is none.</summary>
    IReadOnlyList<string> ReadReport();
}

/// <summary>What became of the jobs of a round that was launched.</summary>
internal enum LaunchResult
{
    /// <summary>All have ended: how, <see cref="ILauncher.ObserveAsync"/> reports.</summary>
    Ended,

    /// <summary>
    /// A scheduler has them, and they need the launching process no longer. One of its jobs advances the run when they have ended.
    /// </summary>
    Queued,
}
