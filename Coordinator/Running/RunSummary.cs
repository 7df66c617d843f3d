using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Running;

/// <summary>The report of a completed run.</summary>
/// <param name="Results">The results of the run, or of the runs of a batch.</param>
/// <param name="Warnings">Warnings about the model from before the run.</param>
/// <param name="UserCode">Failures of a user's function; none for other models.</param>
/// <param name="Prepare">Time until the run directory existed: mostly the probe.</param>
/// <param name="Fit">Time of the workers.</param>
/// <param name="Write">Time of merge and write.</param>
internal sealed record RunSummary(
    IReadOnlyList<MemberResults> Results,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> UserCode,
    TimeSpan Prepare,
    TimeSpan Fit,
    TimeSpan Write
) : RunStep
{
    /// <summary>The launcher's report of the run's rounds; empty if the log has shown it.</summary>
    public IReadOnlyList<string> Report { get; init; } = [];

    /// <summary>From this share of elements outside the maximum on, there is a warning.</summary>
    private const double MostOutside = 0.05;

    /// <summary>Files with results, and where in them each analysis was written.</summary>
    public IEnumerable<(string File, OutputTarget Target)> Written =>
        Results.Where(one => one.NotWritten is null).Select(one => (one.File, one.Target));

    /// <inheritdoc/>
    public override ExitCode ExitCode => Results.Any(one => one.NotWritten is not null) ? ExitCode.BadInput : ExitCode.Success;

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Lines());

    /// <inheritdoc/>
    public override IEnumerable<string> Lines()
    {
        if (Results is [var only])
        {
            foreach (var (status, count) in only.Statuses.OrderBy(pair => pair.Key))
                yield return $"{count, 10:N0} {status}";
        }
        foreach (var line in Results.SelectMany(Permutations).Distinct())
            yield return line;
        foreach (var warning in Warnings)
            yield return $"warning    {warning}";
        foreach (var line in UserCode)
            yield return line;
        foreach (var one in Results)
            yield return Line(one);
        yield return $"seconds    probe {Prepare.TotalSeconds:F2}, workers {Fit.TotalSeconds:F2}, merge and write {Write.TotalSeconds:F2}";
        foreach (var line in Report)
            yield return line;
    }

    private static IEnumerable<string> Permutations(MemberResults one)
    {
        if (one.Run.Document.Layout.Permutation is not { } tests)
            yield break;
        foreach (var line in PermutationReport.Lines(tests))
            yield return line;
        if (one.WithoutTail.Count > 0)
            yield return $"tail       no generalised Pareto distribution fits; fractions of shuffles are in "
                + string.Join(", ", one.WithoutTail);
        foreach (var warning in one.Warnings)
            yield return $"warning    {warning}";
        if (one.OutsideMaximum.Count == 0)
            yield break;
        var (outside, all) = (one.OutsideMaximum.Values.Sum(), one.Run.Document.ElementSet().Count);
        yield return $"outside    {CountText.Format(outside, "element")} outside the maximum, without p-values: "
            + string.Join(", ", one.OutsideMaximum.Select(pair => $"{pair.Value:N0} {pair.Key}"));
        if (outside > MostOutside * all)
            yield return $"warning    {100.0 * outside / all:F1} % of the elements are outside the maximum, and family-wise p-values are "
                + "corrected for the others only; --subset can leave out subjects with missing values";
    }

    private string Line(MemberResults one)
    {
        if (one.NotWritten is { } reason)
            return $"not written   /results/{one.Target.Analysis}: {reason}";
        var written = $"written    /results/{one.Target.Analysis} in {one.File}";
        return Results.Count == 1
            ? written
            : $"{written}: {string.Join(", ", one.Statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value:N0} {pair.Key}"))}";
    }
}
