using System.Globalization;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Submission;

/// <summary>
/// The command lines of sbatch. Values are arguments of the command, never part of the script's <c>#SBATCH</c> lines, so that paths may
/// contain any character.
/// </summary>
/// <param name="settings">How the run uses the cluster.</param>
internal sealed class SbatchArguments(SlurmSettings settings)
{
    /// <summary>Submits an array, held.</summary>
    /// <param name="array">The array.</param>
    /// <param name="script">The round's script.</param>
    /// <param name="log">The log of the tasks, with <c>%A</c> and <c>%a</c>.</param>
    public IReadOnlyList<string> Array(ArraySubmission array, string script, string log) =>
        [
            "--hold",
            "--job-name=" + array.Name,
            $"--array={array.Tasks}{(array.Throttle is { } limit ? string.Create(CultureInfo.InvariantCulture, $"%{limit}") : "")}",
            .. Common(array.Request, log),
            script,
            array.FirstJob.ToString(CultureInfo.InvariantCulture),
            (array.Request.Threads ?? 1).ToString(CultureInfo.InvariantCulture),
        ];

    /// <summary>Submits the job that runs when <paramref name="arrays"/> have ended, in whatever way.</summary>
    public IReadOnlyList<string> Advance(string name, IEnumerable<int> arrays, string script, string log) =>
        ["--job-name=" + name, "--dependency=afterany:" + string.Join(':', arrays), .. Common(settings.Advance, log), script];

    /// <summary>Submits the watch job.</summary>
    public IReadOnlyList<string> Watch(string name, string script, string log) =>
        [
            "--job-name=" + name,
            string.Create(CultureInfo.InvariantCulture, $"--begin=now+{(long)settings.WatchEvery.TotalSeconds}"),
            .. Common(settings.Advance, log),
            script,
        ];

    /// <summary>Has the cluster check whether such a job could ever start, without submitting one.</summary>
    public IReadOnlyList<string> Test(string script) => ["--test-only", .. Common(settings.Job, "/dev/null"), script];

    private IEnumerable<string> Common(JobResources request, string log) =>
        // The log's folder is part of the run's path, in which % stands for itself.
        [.. SlurmSettings.Request(request), "--chdir=/", "--output=" + log, .. settings.Placement()];

    /// <summary>A call of sbatch that can be pasted into a shell.</summary>
    public static string Line(IEnumerable<string> arguments) => "sbatch " + ShellQuoting.Line(arguments);
}
