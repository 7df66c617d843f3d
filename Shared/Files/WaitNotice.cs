namespace HpcFit.Shared.Files;

/// <summary>Reports on standard error what a command waits for: at once, then every ten seconds.</summary>
public sealed class WaitNotice
{
    /// <summary>The beginning of each line; the process that started this one shows such lines immediately.</summary>
    public const string Beginning = "INF Waiting";

    private const int EveryMilliseconds = 10_000;

    private readonly long _since = Environment.TickCount64;
    private long _next = long.MinValue;

    /// <summary>Called at every check whether the wait is over; prints at most one line per interval.</summary>
    /// <param name="sentence">What is waited for.</param>
    public void Report(string sentence)
    {
        var now = Environment.TickCount64;
        if (now < _next)
            return;
        _next = now + EveryMilliseconds;
        var waited = (now - _since) / 1000;
        Console.Error.WriteLine($"{Beginning}{(waited > 0 ? $" for {waited} s" : "")}: {sentence}");
    }
}
