namespace HpcFit.Worker.Custom;

/// <summary>
/// An interpreter ended, or was ended, while it owed an answer. Caught by whoever asked; the element that was asked for pays.
/// </summary>
/// <param name="message">How it ended, and its last words.</param>
/// <param name="timedOut">Whether it was ended because it took too long.</param>
internal sealed class InterpreterEndedException(string message, bool timedOut) : Exception(message)
{
    /// <summary>Whether it was ended because it took too long.</summary>
    public bool TimedOut { get; } = timedOut;
}
