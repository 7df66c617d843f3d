using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Running;

/// <summary>The next round of a run before it is made.</summary>
/// <param name="Proposed">The run.</param>
/// <param name="Jobs">The jobs; none when all elements have their results.</param>
/// <param name="Lacking">What they fit.</param>
/// <param name="Forecast">What they are expected to cost.</param>
/// <param name="Coverage">What a run that was made before has finished; null: it is new.</param>
internal sealed record Plan(ProposedRun Proposed, IReadOnlyList<Job> Jobs, ElementSet Lacking, Forecast Forecast, Coverage? Coverage)
{
    /// <summary>Cuts what a run lacks; one that was made before has finished some of it.</summary>
    public static Plan Create(ProposedRun proposed, RoundCutter cutter, CancellationToken token)
    {
        var run = proposed.Find();
        var coverage = run is null ? null : Coverage.Read(run, token);
        var history = run is null
            ? new RunHistory(proposed.Document.ElementSet(), ElementSet.Empty, [])
            : RunHistoryReader.Read(run, coverage!.Elements);
        IReadOnlyList<Job> jobs = FailurePolicy.Begin(history, cutter) is StartRound start ? start.Jobs : [];
        return new(
            proposed,
            jobs,
            history.Lacking,
            Forecast.Create(new Round(new(1), jobs), cutter.Grid, cutter.Cost, cutter.Partition),
            coverage
        );
    }

    /// <summary>Tells it.</summary>
    public void Print(TextWriter output, Partition partition)
    {
        foreach (var line in PlanReport.Lines(Proposed.Document, Proposed.Folder, Lacking, Forecast, partition))
            output.WriteLine(line);
    }
}
