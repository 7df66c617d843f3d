using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Launching.Slurm.Scripts;
using HpcFit.Coordinator.Launching.Slurm.Submission;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// What <c>--dry-run</c> shows: the command lines and scripts of a submission, with placeholders for job ids and for the random part of
/// names.
/// </summary>
internal static class SubmissionPreview
{
    /// <summary>The lines of the preview.</summary>
    /// <param name="folder">The run directory.</param>
    /// <param name="digest">The run's digest.</param>
    /// <param name="round">The round that would be created.</param>
    /// <param name="jobs">Its jobs.</param>
    /// <param name="settings">How the cluster is used.</param>
    /// <param name="limits">The cluster.</param>
    public static IEnumerable<string> Lines(
        string folder,
        string digest,
        RoundId round,
        IReadOnlyList<Job> jobs,
        SlurmSettings settings,
        ClusterLimits limits
    )
    {
        var (run, sbatch) = (RunDirectory.At(folder), new SbatchArguments(settings));
        var names = new HandoverNames(RoundSubmission.NameFor(digest, round, "RANDOM"), 0);
        var (script, advance) = (run.BatchScript(round), run.AdvanceScript);
        var arrays = ArrayCutter.Throttled(ArrayCutter.Cut(jobs, limits.MaxArraySize, settings.RequestOf), settings.ArrayThrottle);
        foreach (var (array, index) in arrays.Select((array, index) => (array, index)))
            yield return SbatchArguments.Line(sbatch.Array(array with { Name = names.Array(index) }, script, run.TaskOutputPattern(round)));
        yield return SbatchArguments
            .Line(sbatch.Advance(names.Advance, [], advance, run.AdvanceOutputPattern))
            .Replace("afterany:", "afterany:ARRAYS", StringComparison.Ordinal);
        yield return SbatchArguments.Line(sbatch.Watch(names.Watch, advance, run.WatchOutputPattern));
        yield return $"\n--- {script}\n{BatchScripts.Job(folder, round, settings)}";
        yield return $"--- {advance}\n{BatchScripts.Advance(folder, settings)}";
    }
}
