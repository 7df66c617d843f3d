using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Running;

/// <summary>The user asked a run to stop.</summary>
/// <param name="folder">The run directory.</param>
/// <param name="inner">The cancellation.</param>
internal sealed class InterruptedRunException(string folder, Exception inner)
    : HpcFitException(
        $"Stopped on request. Everything finished so far is kept. Continue with: {TypedCommand.Line("resume", folder)}",
        inner
    )
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.Cancelled;
}
