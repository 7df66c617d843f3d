using System.Text.RegularExpressions;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Launching.Slurm.Scripts;

/// <summary>A batch script with places for values, <c>{{run}}</c>. Values are put in once: what they hold is not looked at again.</summary>
internal sealed partial class ScriptTemplate
{
    private readonly string _name;
    private readonly string _text;

    private ScriptTemplate(string name, string text) => (_name, _text) = (name, text);

    /// <summary>One of deploy/slurm, which are built into the program.</summary>
    public static ScriptTemplate Own(string name)
    {
        using var stream = typeof(ScriptTemplate).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return new(name, reader.ReadToEnd());
    }

    /// <summary>A site's copy.</summary>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public static ScriptTemplate From(string path)
    {
        try
        {
            using var reader = new StreamReader(
                new FileStream(RegularFile.OpenRead(path, "a template of a batch script"), FileAccess.Read)
            );
            return new(path, reader.ReadToEnd());
        }
        catch (IOException refusal)
        {
            throw new BadInputException($"The template '{path}' cannot be read: {refusal.Message}", refusal);
        }
    }

    /// <summary>
    /// The same with another command: from a place to the end of its line, or of the last that a backslash joins to it. Lines in front of
    /// it stay, and so do words (<c>srun</c>).
    /// </summary>
    /// <param name="place">The place that begins the command.</param>
    /// <param name="command">The other command.</param>
    /// <remarks>Other lines with the round are left out: what follows a round has none.</remarks>
    public ScriptTemplate With(string place, string command)
    {
        var text = Regex.Replace(_text, $@"\{{\{{{place}\}}\}}(?:\\\r?\n|[^\n])*", command);
        return new(_name, string.Join('\n', text.Split('\n').Where(line => !line.Contains("{{round}}", StringComparison.Ordinal))));
    }

    /// <summary>The script.</summary>
    /// <param name="values">The values by the names of their places. An empty one needs no place.</param>
    /// <exception cref="BadInputException">The template has a place of another name, or lacks one without which it cannot work.</exception>
    public string Render(IReadOnlyDictionary<string, string> values)
    {
        foreach (
            var (name, _) in values.Where(value =>
                value.Value.Length > 0 && !_text.Contains($"{{{{{value.Key}}}}}", StringComparison.Ordinal)
            )
        )
            throw new BadInputException(
                $"The template '{_name}' has no {{{{{name}}}}}, without which its script cannot run a job. Copy "
                    + "deploy/slurm/job.sbatch again and change only what the site needs."
            );
        return Place()
            .Replace(
                _text,
                place =>
                    values.TryGetValue(place.Groups[1].Value, out var value)
                        ? value
                        : throw new BadInputException(
                            $"The template '{_name}' holds {place.Value}. {NearestNames.Hint(place.Groups[1].Value, values.Keys)}"
                        )
            );
    }

    [GeneratedRegex(@"\{\{([A-Za-z_-]+)\}\}")]
    private static partial Regex Place();
}
