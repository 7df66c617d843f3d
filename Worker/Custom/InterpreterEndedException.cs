namespace HpcFit.Worker.Custom;

/// <summary>
/// An interpreter ended, or was ended, during a request. The caller catches it and gives the element a status code.
/// </summary>
/// <param name="message">How it ended, and its last output.</param>
/// <param name="timedOut">Whether it was ended because it took too long.</param>
internal sealed class InterpreterEndedException(string message, bool timedOut) : Exception(message)
{
    /// <summary>Whether it was ended because it took too long.</summary>
    public bool TimedOut { get; } = timedOut;
}
