using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Running;

/// <summary>The next round of a stage after the fits, before it is created.</summary>
/// <param name="Stage">The stage; its document need not be on disk.</param>
/// <param name="Document">Its document.</param>
/// <param name="Jobs">The jobs; none when all units have results.</param>
/// <param name="Missing">The units without a result.</param>
/// <param name="Cutter">How it is cut.</param>
internal sealed record StagePlan(RunDirectory Stage, RunDocument Document, IReadOnlyList<Job> Jobs, ElementSet Missing, RoundCutter Cutter)
{
    /// <summary>What the round is expected to cost.</summary>
    public Forecast Forecast { get; } = Forecast.Create(new Round(new(1), Jobs), Cutter.Grid, Cutter.Cost, Cutter.Partition);

    /// <summary>Plans a stage; an existing one, or an earlier one that it continues, may have finished some units.</summary>
    /// <param name="stage">Where the stage is to be.</param>
    /// <param name="document">Its document.</param>
    /// <param name="ofRun">How the elements of the run are cut.</param>
    /// <param name="token">Stops it.</param>
    public static StagePlan Create(RunDirectory stage, RunDocument document, RoundCutter ofRun, CancellationToken token)
    {
        var cutter = RoundCutter.OfStage(document, ofRun);
        var known = RunDirectory.TryOpen(stage.Root, document);
        var history = known is null
            ? new RunHistory(document.ElementSet(), CoveredBefore(stage, document, token), [])
            : RunHistoryReader.Read(known, RunCoverage.Read(known, token).Elements);
        IReadOnlyList<Job> jobs = FailurePolicy.Begin(history, cutter) is StartRound start ? start.Jobs : [];
        return new(stage, document, jobs, history.Missing, cutter);
    }

    private static ElementSet CoveredBefore(RunDirectory stage, RunDocument document, CancellationToken token) =>
        EarlierStage.Find(stage, document) is { } earlier ? RunCoverage.Read(earlier, token).Elements : ElementSet.Empty;

    /// <summary>The lines of the plan.</summary>
    public IEnumerable<string> Lines() => PlanReport.StageLines(Document, Missing, Forecast, Cutter.Partition);
}
