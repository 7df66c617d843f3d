namespace HpcFit.Coordinator.Launching.Batch;

/// <summary>Quoting for POSIX shells.</summary>
internal static class ShellQuoting
{
    /// <summary>The word in single quotes; a quote within it becomes <c>'\''</c>.</summary>
    public static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A command line that can be pasted into a shell: words are quoted where necessary.</summary>
    public static string Line(IEnumerable<string> words) =>
        string.Join(
            ' ',
            words.Select(word =>
                word.Length > 0 && word.All(character => char.IsAsciiLetterOrDigit(character) || "-_=./:,+%".Contains(character))
                    ? word
                    : Quote(word)
            )
        );
}
