using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Submission;

/// <summary>Packs jobs into arrays. All tasks of an array have the same request, and their indices are below the cluster's limit.</summary>
internal static class ArrayCutter
{
    /// <summary>The arrays over <paramref name="jobs"/>, without names: every job in exactly one task.</summary>
    /// <param name="jobs">Jobs with ascending numbers.</param>
    /// <param name="maxArraySize">Array indices stay below this.</param>
    /// <param name="request">The request of a job.</param>
    public static IReadOnlyList<ArraySubmission> Cut(IEnumerable<Job> jobs, int maxArraySize, Func<Job, JobResources> request)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxArraySize, 1);
        var arrays = new List<ArraySubmission>();
        foreach (var window in jobs.Chunk(maxArraySize))
        {
            var first = window[0].Id.Value;
            arrays.AddRange(
                window
                    .GroupBy(request)
                    .Select(group => new ArraySubmission(
                        "",
                        first,
                        TaskIds.Format(group.Select(job => job.Id.Value - first)),
                        group.Count(),
                        group.Key
                    ))
            );
        }
        return arrays;
    }

    /// <summary>Distributes <paramref name="throttle"/> over concurrent arrays in proportion to their sizes, at least one each.</summary>
    public static IReadOnlyList<ArraySubmission> Throttled(IReadOnlyList<ArraySubmission> arrays, int? throttle)
    {
        if (throttle is not { } limit)
            return arrays;
        var total = arrays.Sum(array => array.Count);
        return [.. arrays.Select(array => array with { Throttle = Math.Max(1, (int)((long)limit * array.Count / total)) })];
    }
}
