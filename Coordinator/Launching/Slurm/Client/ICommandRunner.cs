namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>How a scheduler's command came to its end.</summary>
internal enum CommandFate
{
    /// <summary>It ended by itself; its exit code counts.</summary>
    Ended,

    /// <summary>It did not end in time and was killed. What it asked for may have been done all the same.</summary>
    TimedOut,

    /// <summary>There is no such program here.</summary>
    NotFound,
}

/// <summary>What a scheduler's command answered.</summary>
/// <param name="Fate">How it ended.</param>
/// <param name="ExitCode">Its exit code; of no meaning unless it ended.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record CommandAnswer(CommandFate Fate, int ExitCode, string Output, string Errors)
{
    /// <summary>Whether it did what was asked.</summary>
    public bool Succeeded => Fate == CommandFate.Ended && ExitCode == 0;
}

/// <summary>Runs one of the scheduler's programs: the only thing between this folder and the machine.</summary>
internal interface ICommandRunner
{
    /// <summary>Runs <paramref name="program"/> from the path and waits for it, at most <paramref name="limit"/>.</summary>
    CommandAnswer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken token);
}
