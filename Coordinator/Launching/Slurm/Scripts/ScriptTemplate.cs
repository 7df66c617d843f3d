using System.Text.RegularExpressions;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Launching.Slurm.Scripts;

/// <summary>
/// A batch script with placeholders, <c>{{run}}</c>. They are replaced once: placeholders within values are not expanded.
/// </summary>
internal sealed partial class ScriptTemplate
{
    private readonly string _name;
    private readonly string _text;

    private ScriptTemplate(string name, string text) => (_name, _text) = (name, text);

    /// <summary>A template of deploy/slurm, embedded in the program.</summary>
    public static ScriptTemplate Own(string name)
    {
        using var stream = typeof(ScriptTemplate).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return new(name, reader.ReadToEnd());
    }

    /// <summary>A site's own template.</summary>
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
    /// Replaces the command: from a placeholder to the end of its line, including continuation lines. Lines before
    /// it stay, and so do preceding words (<c>srun</c>).
    /// </summary>
    /// <param name="place">The placeholder with which the command starts.</param>
    /// <param name="command">The replacement.</param>
    /// <remarks>Other lines that contain the round are removed: advance and watch jobs have none.</remarks>
    public ScriptTemplate With(string place, string command)
    {
        var text = Regex.Replace(_text, $@"\{{\{{{place}\}}\}}(?:\\\r?\n|[^\n])*", command);
        return new(_name, string.Join('\n', text.Split('\n').Where(line => !line.Contains("{{round}}", StringComparison.Ordinal))));
    }

    /// <summary>The script with values for its placeholders.</summary>
    /// <param name="values">The values by the names of their placeholders. An empty value needs no placeholder.</param>
    /// <exception cref="BadInputException">The template has an unknown placeholder, or lacks a required one.</exception>
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
