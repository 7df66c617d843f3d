using HpcFit.Coordinator.Merging;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Running;

/// <summary>The results of one run, alone or in a batch.</summary>
/// <param name="Run">The run.</param>
/// <param name="Target">Where its results go.</param>
/// <param name="Statuses">How many elements ended with each status.</param>
internal sealed record MemberResults(RunDirectory Run, OutputTarget Target, IReadOnlyDictionary<ElementStatus, long> Statuses)
{
    /// <summary>The merged columns, until they are written.</summary>
    public MergedColumns? Merged { get; init; }

    /// <summary>How many elements of each status are outside the maximum of permutation tests, because no test has a statistic.</summary>
    public IReadOnlyDictionary<ElementStatus, long> OutsideMaximum { get; init; } = new Dictionary<ElementStatus, long>();

    /// <summary>The columns of p-values by a fitted tail for which no distribution fits.</summary>
    public IReadOnlyList<string> WithoutTail { get; init; } = [];

    /// <summary>How far the shuffles support the p-values by a fitted tail.</summary>
    public IReadOnlyList<TailLimit> TailLimits { get; init; } = [];

    /// <summary>Warnings about the results that are known since they were merged.</summary>
    public IEnumerable<string> Warnings => TailLimits.Select(limit => limit.Warning).OfType<string>();

    /// <summary>Changes of the inputs that the user accepted.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];

    /// <summary>Why nothing was written: no element was fitted. Null: the results were written.</summary>
    public string? NotWritten { get; init; }

    /// <summary>The file that the results go into.</summary>
    public string File => Target.OutputFile ?? Run.Document.Spec.Data[0].Path;
}
