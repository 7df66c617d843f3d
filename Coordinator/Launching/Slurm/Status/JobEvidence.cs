using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Submission;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Status;

/// <summary>What is known about one job of a round, from the run's own files and from the scheduler.</summary>
internal sealed record JobEvidence
{
    /// <summary>The resources that it requested.</summary>
    public required JobResources Asked { get; init; }

    /// <summary>Whether it was submitted.</summary>
    public bool WasSubmitted { get; init; } = true;

    /// <summary>The last reports of its attempts, the latest last; including attempts of local workers.</summary>
    public IReadOnlyList<ProgressReport> Attempts { get; init; } = [];

    /// <summary>Its latest task according to the scheduler; null: unknown.</summary>
    public SlurmTask? Task { get; init; }

    /// <summary>Its starts, from the accounting; empty if there is no accounting.</summary>
    public IReadOnlyList<SlurmTask> Starts { get; init; } = [];

    /// <summary>Why it was cancelled before it started; null: it was not.</summary>
    public GivenUpJob? GivenUp { get; init; }

    /// <summary>The end of what its tasks printed; read on first use.</summary>
    public Lazy<string> OutputTail { get; init; } = new("");
}
