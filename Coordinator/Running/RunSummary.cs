using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Running;

/// <summary>The report of a completed run.</summary>
/// <param name="Statuses">How many elements ended with each status.</param>
/// <param name="Warnings">Warnings about the model from before the run.</param>
/// <param name="UserCode">Failures of a user's function; none for other models.</param>
/// <param name="Target">Where the results are.</param>
/// <param name="DataFile">The data file.</param>
/// <param name="Prepare">Time until the run directory existed: mostly the probe.</param>
/// <param name="Fit">Time of the workers.</param>
/// <param name="Write">Time of merge and write.</param>
internal sealed record RunSummary(
    IReadOnlyDictionary<ElementStatus, long> Statuses,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> UserCode,
    OutputTarget Target,
    string DataFile,
    TimeSpan Prepare,
    TimeSpan Fit,
    TimeSpan Write
) : RunStep
{
    /// <summary>The launcher's report of the run's rounds; empty if the log has shown it.</summary>
    public IReadOnlyList<string> Report { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Lines());

    /// <inheritdoc/>
    public override IEnumerable<string> Lines()
    {
        foreach (var (status, count) in Statuses.OrderBy(pair => pair.Key))
            yield return $"{count, 10:N0} {status}";
        foreach (var warning in Warnings)
            yield return $"warning    {warning}";
        foreach (var line in UserCode)
            yield return line;
        yield return $"written    /results/{Target.Analysis} in {Target.OutputFile ?? DataFile}";
        yield return $"seconds    probe {Prepare.TotalSeconds:F2}, workers {Fit.TotalSeconds:F2}, merge and write {Write.TotalSeconds:F2}";
        foreach (var line in Report)
            yield return line;
    }
}
