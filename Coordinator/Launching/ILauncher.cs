using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>
/// Starts the jobs of a run's rounds somewhere and tells how they stand: as processes of this machine, or as jobs of a Slurm cluster.
/// What is done about failures is not its business (<see cref="FailurePolicy"/>).
/// </summary>
internal interface ILauncher
{
    /// <summary>
    /// The most memory and wall time that a job can be given here, with the user's <c>--retries</c> and <c>--max-rounds</c>.
    /// </summary>
    AdvanceLimits Limits { get; }

    /// <summary>
    /// Starts the jobs of a round. Returns when all have ended (processes), or when they are handed over and need this process no longer
    /// (a scheduler).
    /// </summary>
    /// <param name="round">The round. Its folder is there and its outcome is not.</param>
    /// <param name="token">Starts no further job; jobs at work finish their block.</param>
    Task LaunchAsync(Round round, CancellationToken token);

    /// <summary>
    /// Where the jobs of a round stand, or how they ended. Changes nothing; any process may ask at any time, also when the one that
    /// launched is gone.
    /// </summary>
    Task<IReadOnlyList<JobReport>> ObserveAsync(Round round, CancellationToken token);
}
