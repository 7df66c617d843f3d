using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Options.Runs;

/// <summary>
/// Checks the arguments of <c>--sbatch-option</c> by the rules of sbatch (getopt_long): a long name may be abbreviated, and short options
/// may be combined with each other and a value, as in <c>-Ha1</c>.
/// </summary>
internal static class SbatchOptionWord
{
    /// <summary>
    /// Long names that this program must set itself, or that would make sbatch submit to another cluster than the one that is queried.
    /// </summary>
    private static readonly string[] OwnNames =
    [
        "--array",
        "--job-name",
        "--dependency",
        "--hold",
        "--begin",
        "--output",
        "--error",
        "--open-mode",
        "--export",
        "--export-file",
        "--parsable",
        "--wrap",
        "--chdir",
        "--nodes",
        "--ntasks",
        "--requeue",
        "--no-requeue",
        "--wait",
        "--test-only",
        "--clusters",
        "--help",
        "--usage",
        "--version",
    ];

    /// <summary>Long names of sbatch for which this program has its own option.</summary>
    private static readonly string[] DedicatedNames = ["--mem", "--time", "--partition", "--account", "--qos", "--cpus-per-task"];

    /// <summary>Allowed names that start like one of those above.</summary>
    private static readonly string[] OtherNames =
    [
        "--mem-bind",
        "--mem-per-cpu",
        "--mem-per-gpu",
        "--time-min",
        "--ntasks-per-node",
        "--ntasks-per-core",
        "--ntasks-per-socket",
        "--ntasks-per-gpu",
        "--wait-all-nodes",
    ];

    private static readonly Dictionary<char, string> ShortNames = new()
    {
        ['a'] = "--array",
        ['J'] = "--job-name",
        ['d'] = "--dependency",
        ['H'] = "--hold",
        ['b'] = "--begin",
        ['o'] = "--output",
        ['e'] = "--error",
        ['D'] = "--chdir",
        ['N'] = "--nodes",
        ['n'] = "--ntasks",
        ['W'] = "--wait",
        ['M'] = "--clusters",
        ['h'] = "--help",
        ['V'] = "--version",
        ['t'] = "--time",
        ['p'] = "--partition",
        ['A'] = "--account",
        ['q'] = "--qos",
        ['c'] = "--cpus-per-task",
    };

    /// <summary>Short options without a value, so that another may follow in the same argument.</summary>
    private const string Flags = "HhIkOQsuUvVW";

    /// <summary>Returns the arguments if all of them are allowed.</summary>
    /// <exception cref="UsageException">One is reserved; the message names it and the alternative.</exception>
    public static string[] Checked(string[] words)
    {
        foreach (var word in words)
        {
            if (!word.StartsWith('-') || word is "-" or "--")
                throw new UsageException(
                    $"--sbatch-option is '{word}'; one argument of sbatch was expected, such as " + "--sbatch-option=--constraint=rome."
                );
            if ((word.StartsWith("--", StringComparison.Ordinal) ? LongName(word) : ShortName(word)) is not { } name)
                continue;
            throw new UsageException(
                DedicatedNames.Contains(name)
                    ? $"--sbatch-option={word}: sbatch reads this as {name}. Use {name} directly, so that this program knows its value."
                    : $"--sbatch-option={word}: sbatch reads this as {name}, which this program sets. Omit it."
            );
        }
        return words;
    }

    /// <summary>The reserved name that an argument equals or abbreviates; null: none.</summary>
    private static string? LongName(string word)
    {
        var name = word.Split('=', 2)[0];
        return OtherNames.Contains(name)
            ? null
            : OwnNames.Concat(DedicatedNames).FirstOrDefault(own => own.StartsWith(name, StringComparison.Ordinal));
    }

    /// <summary>The long name of the first reserved option in an argument of short ones; null: none.</summary>
    private static string? ShortName(string word)
    {
        foreach (var letter in word.Skip(1))
        {
            if (ShortNames.TryGetValue(letter, out var name))
                return name;
            if (!Flags.Contains(letter, StringComparison.Ordinal))
                return null;
        }
        return null;
    }
}
