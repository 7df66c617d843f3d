using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Failures;

/// <summary>The writing process ended in a way nobody foresaw. The file is what it was before.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
internal sealed class WriteFailedException(string message) : HpcFitException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.InternalError;
}
