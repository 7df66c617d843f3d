namespace HpcFit.Coordinator.Launching.Slurm.Scripts;

/// <summary>Words of a POSIX shell that mean themselves, whatever they hold.</summary>
internal static class ShellQuoting
{
    /// <summary>The word in single quotes; each quote in it is closed over, escaped, and opened again.</summary>
    public static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A command line as one could type it: words are quoted where they must be.</summary>
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
