using System.Globalization;
using System.Text.RegularExpressions;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>
/// Reads the id in what <c>sbatch --parsable</c> answers: <c>12</c>, or <c>12;cluster</c>, with whatever else plugins and wrappers of a
/// site print around it.
/// </summary>
internal static partial class SbatchAnswer
{
    private const int MaxQuoted = 300;

    /// <summary>The job's id; null when there is none, or more than one.</summary>
    public static int? JobId(string output)
    {
        var lines = output.Split('\n').Select(line => line.Trim()).ToList();
        return Only(lines.Select(line => Parsable().Match(line))) ?? Only(lines.Select(line => Sentence().Match(line)));
    }

    /// <summary>The refusal of an answer without an id, when the queue does not know the job's name either.</summary>
    public static SchedulerException NotUnderstood(string output)
    {
        var said = output.Trim();
        return new(
            $"sbatch ended with success and answered '{(said.Length > MaxQuoted ? said[..MaxQuoted] + "…" : said)}', where one job id "
                + "was expected, "
                + "and the queue knows no job of the name that was submitted. Is 'sbatch' in the path a wrapper of the site? Put "
                + "Slurm's own program first."
        );
    }

    private static int? Only(IEnumerable<Match> matches)
    {
        var ids = matches.Where(match => match.Success).Select(match => match.Groups[1].Value).Distinct().ToList();
        return ids.Count == 1 && int.TryParse(ids[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;
    }

    [GeneratedRegex(@"^(\d+)(;[\w.-]+)?$")]
    private static partial Regex Parsable();

    [GeneratedRegex(@"^(?:sbatch: )?Submitted batch job (\d+)(?: on cluster \S+)?$")]
    private static partial Regex Sentence();
}
