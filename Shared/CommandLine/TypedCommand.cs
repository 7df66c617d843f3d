using System.Buffers;
using System.Text;

namespace HpcFit.Shared.CommandLine;

/// <summary>The command line that started this process, for hints that can be typed or pasted unchanged.</summary>
public static class TypedCommand
{
    /// <summary>The coordinator's name.</summary>
    public const string Name = "hpcfit";

    private const string WorkerName = "hpcfit-worker";
    private const string Launcher = "HPCFIT_COMMAND";
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,=+@%"
    );

    /// <summary>Characters that a shell interprets between double quotes, too.</summary>
    private static readonly SearchValues<char> SpecialInQuotes = SearchValues.Create("\"$`\\!");

    /// <summary>
    /// The coordinator as the user typed it: <c>hpcfit</c>, <c>./hpcfit</c>. The launcher script of a checkout passes it to the
    /// coordinator, which passes it to its workers.
    /// </summary>
    public static string Program { get; } =
        Environment.GetEnvironmentVariable(Launcher) is { Length: > 0 } launcher ? launcher : FirstWord();

    /// <summary>Passes <see cref="Program"/> to child processes.</summary>
    public static void PassOn() => Environment.SetEnvironmentVariable(Launcher, Program);

    /// <summary>The worker program as it can be typed on this machine.</summary>
    public static string Worker =>
        Quoted(
            !Program.Contains('/', StringComparison.Ordinal) ? WorkerName
            : WorkerIn(Path.GetDirectoryName(Program)!) is { } worker ? worker
            : Path.Combine(AppContext.BaseDirectory, WorkerName)
        );

    /// <summary>A command of this program: <c>./hpcfit resume 'runs/my study'</c>. Paths are written as the user typed them.</summary>
    public static string Line(params IEnumerable<string> words) =>
        $"{Quoted(Program)} {string.Join(' ', words.Select(word => Quoted(AsTyped(word))))}";

    /// <summary>The same for a line that illustrates what is done, without a long path of the program.</summary>
    public static string Session(params IEnumerable<string> words) =>
        $"{(Path.IsPathRooted(Program) ? Name : Quoted(Program))} {string.Join(' ', words.Select(word => Quoted(word)))}";

    /// <summary>A word quoted for a POSIX shell.</summary>
    public static string Quoted(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain))
            return word;
        return !word.AsSpan().ContainsAny(SpecialInQuotes) ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    /// <summary>A path below one that was typed relative, written relative likewise.</summary>
    private static string AsTyped(string word)
    {
        if (!Path.IsPathRooted(word))
            return word;
        var folders = Environment
            .GetCommandLineArgs()
            .Skip(1)
            .Select(typed =>
                typed.StartsWith("--", StringComparison.Ordinal) ? typed[(typed.IndexOf('=', StringComparison.Ordinal) + 1)..] : typed
            )
            .Where(typed => typed.Length > 0 && typed[0] is not ('/' or '-'))
            .Select(typed => (Typed: typed, Full: Path.GetFullPath(typed)));
        return folders
                .Where(folder =>
                    word == folder.Full
                    || word.StartsWith($"{folder.Full}/", StringComparison.Ordinal)
                    || word.StartsWith($"{folder.Full}.hpcfit/", StringComparison.Ordinal)
                )
                .OrderByDescending(folder => folder.Full.Length)
                .Select(folder => folder.Typed + word[folder.Full.Length..])
                .FirstOrDefault()
            ?? word;
    }

    private static string? WorkerIn(string folder) => Path.Combine(folder, WorkerName) is var worker && File.Exists(worker) ? worker : null;

    private static string FirstWord()
    {
        try
        {
            var line = File.ReadAllBytes("/proc/self/cmdline").AsSpan();
            var end = line.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? line : line[..end]) is var word && Path.GetFileName(word) == Name ? word : Name;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return Name;
        }
    }
}
