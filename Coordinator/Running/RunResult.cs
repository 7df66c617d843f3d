using System.Text.Json.Serialization;
using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Running;

/// <summary>The state in which <c>hpcfit run</c> left a run.</summary>
internal enum RunResultState
{
    /// <summary>The results were written by this command.</summary>
    Written,

    /// <summary>The results had been written before; nothing was done.</summary>
    AlreadyWritten,

    /// <summary>One of several models, whose results were not written, because no element was fitted.</summary>
    NotWritten,

    /// <summary>Only the plan was made, as <c>--dry-run</c> requests.</summary>
    Planned,
}

/// <summary>The output of <c>hpcfit run --json</c>: docs/formats/run-json.md.</summary>
internal sealed record RunResult
{
    /// <summary>The version of this format: it increases when a field changes its meaning or is removed.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The state.</summary>
    public required RunResultState State { get; init; }

    /// <summary>The run directory; with <see cref="RunResultState.Planned"/> it may not exist.</summary>
    public required string Folder { get; init; }

    /// <summary>The run's digest.</summary>
    public required string Digest { get; init; }

    /// <summary>The engine; null: a batch.</summary>
    public string? Model { get; init; }

    /// <summary>The formula; empty for models without one; null: a batch.</summary>
    public string? Formula { get; init; }

    /// <summary>The file with the results; null: a batch.</summary>
    public string? File { get; init; }

    /// <summary>The analysis; null: a batch.</summary>
    public string? Analysis { get; init; }

    /// <summary>Elements of the run.</summary>
    public required long Elements { get; init; }

    /// <summary>The names of the result columns; null: a batch.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The permutation tests; null: there are none, or a batch.</summary>
    public IReadOnlyList<PermutedTest>? PermutationTests { get; init; }

    /// <summary>Warnings about the model and its files.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The runs of a batch, each as of its own; null: an ordinary run.</summary>
    public IReadOnlyList<RunResult>? Models { get; init; }

    /// <summary>Why the results of this run of a batch were not written; null: they were.</summary>
    public string? NotWritten { get; init; }

    /// <summary>The number of elements per status, by name; only of results that this command wrote.</summary>
    public IReadOnlyDictionary<string, long>? StatusCounts { get; init; }

    /// <summary>Failures of a user's function.</summary>
    public IReadOnlyList<string>? UserCode { get; init; }

    /// <summary>The time that the parts of the command took.</summary>
    public RunSeconds? Seconds { get; init; }

    /// <summary>The plan; only with <see cref="RunResultState.Planned"/>.</summary>
    public PlannedRound? Plan { get; init; }

    /// <summary>The results of a run that were written before.</summary>
    public static RunResult AlreadyWritten(ProposedRun proposed) => Create(proposed, RunResultState.AlreadyWritten);

    /// <summary>A plan.</summary>
    public static RunResult Planned(Plan plan) =>
        Create(plan.Proposed, RunResultState.Planned) with
        {
            Plan = new(
                plan.Jobs.Count,
                plan.Missing.Count,
                plan.Forecast.Stripes,
                plan.Forecast.Total.TotalSeconds,
                plan.Forecast.LongestJob.TotalSeconds,
                plan.Forecast.BytesPerWorker
            )
            {
                Stages = plan.Stages.Count == 0 ? null : [.. plan.Stages.Select(PlannedStage.From)],
            },
        };

    /// <summary>A run whose results were written, by this command or by another one meanwhile.</summary>
    public static RunResult From(ProposedRun proposed, RunStep step)
    {
        if (step is not RunSummary summary)
            return AlreadyWritten(proposed);
        var result = Create(proposed, RunResultState.Written) with
        {
            UserCode = summary.UserCode,
            Seconds = new(summary.Prepare.TotalSeconds, summary.Fit.TotalSeconds, summary.Write.TotalSeconds),
        };
        return result.Models is { } models
            ? result with
            {
                Models =
                [
                    .. models.Zip(
                        summary.Results,
                        (model, one) =>
                            model with
                            {
                                State = one.NotWritten is null ? model.State : RunResultState.NotWritten,
                                NotWritten = one.NotWritten,
                                StatusCounts = Counts(one),
                                Warnings = [.. model.Warnings, .. one.Warnings],
                            }
                    ),
                ],
            }
            : result with
            {
                StatusCounts = Counts(summary.Results[0]),
                Warnings = [.. result.Warnings, .. summary.Results[0].Warnings],
            };
    }

    private static Dictionary<string, long> Counts(MemberResults results) =>
        results.Statuses.OrderBy(pair => pair.Key).ToDictionary(pair => pair.Key.ToString(), pair => pair.Value);

    private static RunResult Create(ProposedRun proposed, RunResultState state)
    {
        var (document, target) = (proposed.Document, proposed.Targets[0]);
        var result = new RunResult
        {
            State = state,
            Folder = proposed.Folder,
            Digest = document.Digest,
            Elements = document.ElementSet().Count,
            Warnings = document.Warnings,
        };
        return proposed.Members.Count > 0
            ? result with
            {
                Models = [.. proposed.Members.Select(member => Create(member, state))],
            }
            : result with
            {
                Model = document.Spec.Model.Engine,
                Formula = document.Spec.Model.Formula,
                File = target.OutputFile ?? document.Spec.Data[0].Path,
                Analysis = target.Analysis,
                Columns = [.. document.Layout.Columns.Select(column => column.Name)],
                PermutationTests = PermutedTest.From(document.Layout.Permutation),
            };
    }
}

/// <summary>The time that the parts of a run took, in seconds.</summary>
/// <param name="Probe">Until the run directory existed.</param>
/// <param name="Workers">Fitting.</param>
/// <param name="Write">Merge and write.</param>
internal sealed record RunSeconds(double Probe, double Workers, double Write);

/// <summary>The next round of a run, before it is started.</summary>
/// <param name="Jobs">Its jobs.</param>
/// <param name="Elements">The elements that have no result yet.</param>
/// <param name="Stripes">The stripes that are read.</param>
/// <param name="Seconds">The predicted time of all jobs.</param>
/// <param name="LongestJobSeconds">The predicted time of the longest job.</param>
/// <param name="BytesPerWorker">The predicted memory of a worker.</param>
internal sealed record PlannedRound(int Jobs, long Elements, long Stripes, double Seconds, double LongestJobSeconds, long BytesPerWorker)
{
    /// <summary>The stages after the fits; null: none.</summary>
    public IReadOnlyList<PlannedStage>? Stages { get; init; }
}

/// <summary>The next round of a stage after the fits.</summary>
/// <param name="Name">The stage.</param>
/// <param name="Axis">What its units are.</param>
/// <param name="Jobs">Its jobs.</param>
/// <param name="Units">The units that have no result yet.</param>
/// <param name="Seconds">The predicted time of all jobs.</param>
/// <param name="LongestJobSeconds">The predicted time of the longest job.</param>
/// <param name="BytesPerWorker">The predicted memory of a worker.</param>
internal sealed record PlannedStage(
    string Name,
    StageAxis Axis,
    int Jobs,
    long Units,
    double Seconds,
    double LongestJobSeconds,
    long BytesPerWorker
)
{
    /// <summary>The plan of a stage.</summary>
    public static PlannedStage From(StagePlan plan) =>
        new(
            plan.Document.Stage!.Name,
            plan.Document.Stage.Axis,
            plan.Jobs.Count,
            plan.Missing.Count,
            plan.Forecast.Total.TotalSeconds,
            plan.Forecast.LongestJob.TotalSeconds,
            plan.Forecast.BytesPerWorker
        );
}

/// <summary>Camel case; fields without a value are omitted.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(RunResult))]
internal sealed partial class RunResultJson : JsonSerializerContext;
