using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Running;

/// <summary>The next round of a run before it is created.</summary>
/// <param name="Proposed">The run.</param>
/// <param name="Jobs">The jobs; none when all elements have results.</param>
/// <param name="Missing">The elements without a result, which they fit.</param>
/// <param name="Forecast">What they are expected to cost.</param>
/// <param name="Coverage">Coverage of a run that already exists; null: the run is new.</param>
internal sealed record Plan(ProposedRun Proposed, IReadOnlyList<Job> Jobs, ElementSet Missing, Forecast Forecast, RunCoverage? Coverage)
{
    /// <summary>The stages after the fits.</summary>
    public IReadOnlyList<StagePlan> Stages { get; private init; } = [];

    /// <summary>Cuts the missing elements of a run into jobs; an existing run may have finished some.</summary>
    public static Plan Create(ProposedRun proposed, RoundCutter cutter, CancellationToken token)
    {
        var run = proposed.Find();
        var coverage = run is null ? null : RunCoverage.Read(run, token);
        var history = run is null
            ? new RunHistory(proposed.Document.ElementSet(), ElementSet.Empty, [])
            : RunHistoryReader.Read(run, coverage!.Elements);
        IReadOnlyList<Job> jobs = FailurePolicy.Begin(history, cutter) is StartRound start ? start.Jobs : [];
        return new(
            proposed,
            jobs,
            history.Missing,
            Forecast.Create(new Round(new(1), jobs), cutter.Grid, cutter.Cost, cutter.Partition),
            coverage
        )
        {
            Stages = [.. proposed.AllStages().Select(one => StagePlan.Create(one.Folder, one.Document, cutter, token))],
        };
    }

    /// <summary>Of a batch: the runs that miss any of these elements; null: all.</summary>
    public IReadOnlyList<int>? Members => Coverage?.MembersWithout(Missing);

    /// <summary>Prints the plan.</summary>
    public void Print(TextWriter output, Partition partition)
    {
        foreach (var line in PlanReport.Lines(Proposed.Document, Models(), Proposed.Folder, Missing, Forecast, partition))
            output.WriteLine(line);
        foreach (var line in Stages.SelectMany(stage => stage.Lines()))
            output.WriteLine(line);
    }

    private IReadOnlyList<(RunDocument Run, string Analysis)> Models() =>
        [.. Proposed.Models.Zip(Proposed.Targets, (run, target) => (run, target.Analysis))];
}
