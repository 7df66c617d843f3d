using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Failures;

/// <summary>The writing process ended unexpectedly. The file is unchanged.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
internal sealed class WriteFailedException(string message) : HpcFitException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.InternalError;
}
