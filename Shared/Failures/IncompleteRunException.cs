namespace HpcFit.Shared.Failures;

/// <summary>Elements of the run have no result yet. The message reports which, why, and how to resume.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
public sealed class IncompleteRunException(string message, Exception? inner = null) : HpcFitException(message, inner)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.IncompleteRun;
}
