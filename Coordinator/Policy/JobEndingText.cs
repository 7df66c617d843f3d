namespace HpcFit.Coordinator.Policy;

/// <summary>An ending in words, for status and reports.</summary>
internal static class JobEndingText
{
    /// <summary>The words, in small letters: <c>out of memory</c>.</summary>
    public static string InWords(this JobEnding ending) => ending switch
    {
        JobEnding.OutOfMemory => "out of memory",
        JobEnding.TimeLimit => "time limit",
        JobEnding.NodeFailure => "node failure",
        JobEnding.Preempted => "pre-empted",
        JobEnding.DataError => "data error",
        JobEnding.FileSystem => "file system",
        JobEnding.NeverStarted => "never started",
        _ => ending.ToString().ToLowerInvariant(),
    };
}
