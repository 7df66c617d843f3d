namespace HpcFit.Shared.Failures;

/// <summary>
/// The base of every failure that the programs foresee. The message is written for the user: what failed, the value, what was
/// expected, where (file, dataset, element, job), and what to try.
/// </summary>
/// <param name="message">The whole message.</param>
/// <param name="inner">The failure behind it, kept for the log.</param>
public abstract class HpcFitException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The exit code a program ends with when nobody handles this failure.</summary>
    public abstract ExitCode ExitCode { get; }

    /// <summary>Whether the same action may succeed when it is simply done again (a busy file system, a scheduler time-out).</summary>
    public virtual bool IsRetryable => false;
}
