using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// Checks the words of <c>--sbatch-option</c> as sbatch itself reads them (getopt_long): a long name may be cut short, and short options
/// may stand together with their value, as in <c>-Ha1</c>.
/// </summary>
internal static class SbatchOptionWord
{
    /// <summary>
    /// Long names that this program must set itself, or that would keep sbatch from submitting to the cluster that is asked about the jobs.
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

    /// <summary>Long names of sbatch that have an option here.</summary>
    private static readonly string[] DedicatedNames = ["--mem", "--time", "--partition", "--account", "--qos", "--cpus-per-task"];

    /// <summary>Names that begin like one of those above and are others.</summary>
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

    /// <summary>Short options that take no value, so that another may follow in the same word.</summary>
    private const string Flags = "HhIkOQsuUvVW";

    /// <summary>The words, when none of them is an option that is not free.</summary>
    /// <exception cref="UsageException">One is; the message names it and what to give instead.</exception>
    public static string[] Checked(string[] words)
    {
        foreach (var word in words)
        {
            if (!word.StartsWith('-') || word is "-" or "--")
                throw new UsageException(
                    $"--sbatch-option is '{word}'; one word of sbatch's command line was expected, such as "
                        + "--sbatch-option=--constraint=rome."
                );
            if ((word.StartsWith("--", StringComparison.Ordinal) ? LongName(word) : ShortName(word)) is not { } name)
                continue;
            throw new UsageException(
                DedicatedNames.Contains(name)
                    ? $"--sbatch-option={word}: sbatch reads this as {name}. Give {name} itself, so that it is known here too."
                    : $"--sbatch-option={word}: sbatch reads this as {name}, which is set by this program. Leave it out."
            );
        }
        return words;
    }

    /// <summary>The name that is not free and that a word is, or is the beginning of; null: none.</summary>
    private static string? LongName(string word)
    {
        var name = word.Split('=', 2)[0];
        return OtherNames.Contains(name)
            ? null
            : OwnNames.Concat(DedicatedNames).FirstOrDefault(own => own.StartsWith(name, StringComparison.Ordinal));
    }

    /// <summary>The long name of the first option in a word of short ones that is not free; null: none.</summary>
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
