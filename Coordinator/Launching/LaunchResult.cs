namespace HpcFit.Coordinator.Launching;

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
