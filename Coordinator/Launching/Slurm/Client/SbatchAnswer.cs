using System.Globalization;
using System.Text.RegularExpressions;
using HpcFit.Coordinator.Launching.Batch;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>
/// Reads the job id in the output of <c>sbatch --parsable</c>: <c>12</c>, or <c>12;cluster</c>, possibly among other lines printed by
/// plugins and wrappers of a site.
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

    /// <summary>The error for output without a job id, when the queue does not know the job's name either.</summary>
    public static SchedulerException NotUnderstood(string output)
    {
        var text = output.Trim();
        return new(
            $"sbatch succeeded and printed '{(text.Length > MaxQuoted ? text[..MaxQuoted] + "…" : text)}', where one job id "
                + "was expected, "
                + "and the queue has no job of the submitted name. Is 'sbatch' in the path a wrapper of the site? Put "
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
