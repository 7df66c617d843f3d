using System.Globalization;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Launching.Slurm.Scripts;

namespace HpcFit.Coordinator.Launching.Slurm.Submission;

/// <summary>
/// The command lines of sbatch. Values go as words of the command line, never into the script's <c>#SBATCH</c> lines, so that a path may
/// hold whatever a path can hold.
/// </summary>
/// <param name="settings">How the run uses the cluster.</param>
internal sealed class SbatchArguments(SlurmSettings settings)
{
    /// <summary>An array, held.</summary>
    /// <param name="array">The array.</param>
    /// <param name="script">The round's script.</param>
    /// <param name="log">The tasks' log, <c>%A</c> and <c>%a</c> in it.</param>
    public IReadOnlyList<string> Array(ArraySubmission array, string script, string log) =>
        [
            "--hold",
            "--job-name=" + array.Name,
            $"--array={array.Tasks}{(array.Throttle is { } most ? string.Create(CultureInfo.InvariantCulture, $"%{most}") : "")}",
            .. Common(array.Request, log),
            script,
            array.FirstJob.ToString(CultureInfo.InvariantCulture),
            array.Request.Threads.ToString(CultureInfo.InvariantCulture),
        ];

    /// <summary>The job that runs when <paramref name="arrays"/> have ended, however they ended.</summary>
    public IReadOnlyList<string> Advance(string name, IEnumerable<int> arrays, string script, string log) =>
        ["--job-name=" + name, "--dependency=afterany:" + string.Join(':', arrays), .. Common(settings.Advance, log), script];

    /// <summary>The job that looks in after a while.</summary>
    public IReadOnlyList<string> Watch(string name, string script, string log) =>
        [
            "--job-name=" + name,
            string.Create(CultureInfo.InvariantCulture, $"--begin=now+{(long)settings.WatchEvery.TotalSeconds}"),
            .. Common(settings.Advance, log),
            script,
        ];

    /// <summary>Asks the cluster whether it would ever take such a job, without submitting one.</summary>
    public IReadOnlyList<string> Test(string script) => ["--test-only", .. Common(settings.Job, "/dev/null"), script];

    private IEnumerable<string> Common(Cluster.JobRequest request, string log) =>
        // The log's folder is made of the run's path, in which a % is only a %.
        [.. request.Options(), "--chdir=/", "--output=" + log, .. settings.Placement()];

    /// <summary>A log's path as sbatch takes it.</summary>
    /// <param name="folder">A folder, in which <c>%</c> means itself.</param>
    /// <param name="pattern">The file's name, in which <c>%A</c> and the like are Slurm's.</param>
    public static string LogPattern(string folder, string pattern) =>
        Path.Combine(folder.Replace("%", "%%", StringComparison.Ordinal), pattern);

    /// <summary>A call of sbatch as one could type it.</summary>
    public static string Line(IEnumerable<string> arguments) => "sbatch " + ShellQuoting.Line(arguments);
}
