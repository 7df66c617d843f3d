namespace HpcFit.Coordinator.Launching.Batch;

/// <summary>How a scheduler's command ended.</summary>
internal enum CommandEnding
{
    /// <summary>It ended by itself; its exit code counts.</summary>
    Ended,

    /// <summary>It did not end in time and was killed. It may have taken effect nevertheless.</summary>
    TimedOut,

    /// <summary>There is no such program.</summary>
    NotFound,
}

/// <summary>The result of a scheduler's command.</summary>
/// <param name="Ending">How it ended.</param>
/// <param name="ExitCode">Its exit code; meaningless unless it ended by itself.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record CommandAnswer(CommandEnding Ending, int ExitCode, string Output, string Errors)
{
    /// <summary>Whether it ended with exit code 0.</summary>
    public bool Succeeded => Ending == CommandEnding.Ended && ExitCode == 0;
}

/// <summary>Runs one of the scheduler's programs. Tests replace it.</summary>
internal interface ICommandRunner
{
    /// <summary>Runs <paramref name="program"/> from the path and waits for it, at most <paramref name="limit"/>.</summary>
    CommandAnswer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken token);
}
