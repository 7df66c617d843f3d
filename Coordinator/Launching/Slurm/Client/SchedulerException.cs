using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>The scheduler refused, or did not answer however often it was asked.</summary>
/// <param name="message">Which command, what it said, what to try.</param>
/// <param name="isRetryable">Whether time alone may mend it.</param>
internal sealed class SchedulerException(string message, bool isRetryable = false) : HpcFitException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.SchedulerFailure;

    /// <inheritdoc/>
    public override bool IsRetryable => isRetryable;
}
