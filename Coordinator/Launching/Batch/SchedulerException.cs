using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Launching.Batch;

/// <summary>The scheduler refused a request, or did not answer despite retries.</summary>
/// <param name="message">The command, its output, what to try.</param>
/// <param name="isRetryable">Whether a later retry may succeed.</param>
internal sealed class SchedulerException(string message, bool isRetryable = false) : HpcFitException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.SchedulerFailure;

    /// <inheritdoc/>
    public override bool IsRetryable => isRetryable;
}
