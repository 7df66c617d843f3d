namespace HpcFit.Shared.Files;

/// <summary>Reports on standard error what a command waits for: at once, then every ten seconds.</summary>
public sealed class WaitNotice
{
    /// <summary>How a line of it begins; who started this process shows such lines at once.</summary>
    public const string Beginning = "INF Waiting";

    private const int EveryMilliseconds = 10_000;

    private readonly long _since = Environment.TickCount64;
    private long _next = long.MinValue;

    /// <summary>Called as often as it is looked whether the wait is over.</summary>
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
