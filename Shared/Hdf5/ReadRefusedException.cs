using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hdf5;

/// <summary>A child process refused to read a file; the message and the exit code are the child's.</summary>
/// <param name="message">The child's message.</param>
/// <param name="exitCode">The child's exit code.</param>
public sealed class ReadRefusedException(string message, ExitCode exitCode) : HpcFitException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => exitCode;

    /// <summary>The failure that a child has reported; a <see cref="BadInputException"/> if its exit code is
    /// <see cref="ExitCode.BadInput"/>.</summary>
    public static HpcFitException Create(string message, ExitCode exitCode) =>
        exitCode == ExitCode.BadInput ? new BadInputException(message) : new ReadRefusedException(message, exitCode);
}
