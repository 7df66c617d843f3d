namespace HpcFit.Shared.Failures;

/// <summary>
/// Somebody else holds the claim, lock or journal that was wanted. The message says who, since when, and how to take over.
/// </summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
public sealed class BusyException(string message, Exception? inner = null) : HpcFitException(message, inner)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.Busy;

    /// <inheritdoc/>
    public override bool IsRetryable => true;
}
