namespace HpcFit.Shared.Failures;

/// <summary>An option with a wrong value, or options that contradict each other.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
public sealed class UsageException(string message, Exception? inner = null) : HpcFitException(message, inner)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.Usage;
}
