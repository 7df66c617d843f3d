using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Partials;

/// <summary>Two attempts gave different results for one element, although results must be identical to the bit. Nothing is
/// merged.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
public sealed class PartialConflictException(string message) : HpcFitException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.InternalError;
}
