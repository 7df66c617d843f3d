namespace HpcFit.Shared.Failures;

/// <summary>
/// Another process holds a claim, lock or journal that is needed. The message names it, its start, and how to take over.
/// </summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
public sealed class BusyException(string message, Exception? inner = null) : HpcFitException(message, inner)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.Busy;

    /// <inheritdoc/>
    public override bool IsRetryable => true;
}
