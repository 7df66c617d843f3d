namespace HpcFit.Shared.Failures;

/// <summary>A file, name, formula or value from the user that cannot be used.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
public class BadInputException(string message, Exception? inner = null) : HpcFitException(message, inner)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.BadInput;
}
