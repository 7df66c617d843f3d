using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Submission;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Status;

/// <summary>All that is known of one job of a round: the run's own files, and the scheduler's hints.</summary>
internal sealed record JobEvidence
{
    /// <summary>What it asked the cluster for.</summary>
    public required JobResources Asked { get; init; }

    /// <summary>Whether it was handed over at all.</summary>
    public bool WasHandedOver { get; init; } = true;

    /// <summary>The last reports of its attempts, the latest last; attempts of local workers too.</summary>
    public IReadOnlyList<ProgressReport> Attempts { get; init; } = [];

    /// <summary>How the scheduler says it stands; null: it says nothing.</summary>
    public SlurmTask? Task { get; init; }

    /// <summary>Its starts, from the accounting; empty where there is none.</summary>
    public IReadOnlyList<SlurmTask> Starts { get; init; } = [];

    /// <summary>Why it was given up before it started; null: it was not.</summary>
    public GivenUpJob? GivenUp { get; init; }

    /// <summary>The end of what its tasks printed; read only when it is asked for.</summary>
    public Lazy<string> LastWords { get; init; } = new("");
}
