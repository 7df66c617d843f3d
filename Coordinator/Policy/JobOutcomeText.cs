namespace HpcFit.Coordinator.Policy;

/// <summary>Display names of job outcomes, for status and reports.</summary>
internal static class JobOutcomeText
{
    /// <summary>The name, in lower case: <c>out of memory</c>.</summary>
    public static string DisplayName(this JobOutcomeKind ending) =>
        ending switch
        {
            JobOutcomeKind.OutOfMemory => "out of memory",
            JobOutcomeKind.TimeLimit => "time limit",
            JobOutcomeKind.NodeFailure => "node failure",
            JobOutcomeKind.Preempted => "pre-empted",
            JobOutcomeKind.DataError => "data error",
            JobOutcomeKind.FileSystem => "file system",
            JobOutcomeKind.NeverStarted => "never started",
            _ => ending.ToString().ToLowerInvariant(),
        };
}
