namespace HpcFit.Shared.Failures;

/// <summary>
/// The base class of all expected failures. The message is written for the user: what failed, the value, what was expected, where (file,
/// dataset, element, job), and what to try.
/// </summary>
/// <param name="message">The complete message.</param>
/// <param name="inner">The underlying failure, for the log.</param>
public abstract class HpcFitException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The exit code of a program that does not handle this failure.</summary>
    public abstract ExitCode ExitCode { get; }

    /// <summary>Whether the same action may succeed when repeated (a busy file system, a scheduler time-out).</summary>
    public virtual bool IsRetryable => false;
}
