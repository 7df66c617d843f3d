using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Starting;

/// <summary>
/// The part that <c>submit</c> and <c>resume</c> share for every batch scheduler: check a run against the limits of the cluster, print its
/// plan, submit it.
/// </summary>
/// <typeparam name="TSettings">How a run uses the scheduler.</typeparam>
/// <typeparam name="TLimits">The limits of the cluster.</typeparam>
/// <param name="line">The command line.</param>
/// <param name="resources">The resources of jobs.</param>
/// <param name="retries">The handling of failures.</param>
/// <param name="common">The conditions for taking claims.</param>
internal abstract class BatchSubmission<TSettings, TLimits>(
    ParseResult line,
    SlurmOptions resources,
    RetryOptions retries,
    RunVerbOptions common
)
    where TSettings : BatchSettings
{
    /// <summary>How long a job is meant to take where the user does not say.</summary>
    protected static readonly TimeSpan DefaultTarget = TimeSpan.FromMinutes(30);

    /// <summary>The command line.</summary>
    protected ParseResult Line => line;

    /// <summary>The resources of jobs.</summary>
    protected SlurmOptions Resources => resources;

    /// <summary>The handling of failures.</summary>
    protected RetryOptions Retries => retries;

    /// <summary>The partition that the user requested; where nothing was requested, that of the run's earlier submission.</summary>
    protected static Partition Requested(Partition typed, TSettings? recorded) =>
        recorded is not null && typed is { Jobs: null, ElementsPerJob: null, TargetTime: null } ? recorded.Cut() : typed;

    /// <summary>Prints the plan, checks and prints what its jobs request, and submits it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cutter">How its jobs are cut.</param>
    /// <param name="requested">The partition into jobs that was requested.</param>
    /// <param name="settings">How the run uses the scheduler.</param>
    /// <param name="limits">The limits of the cluster.</param>
    /// <param name="isDryRun">Only print what would be submitted.</param>
    /// <param name="clock">Measures the time since the command began.</param>
    /// <param name="token">Cancels the submission.</param>
    protected ExitCode Submit(
        Plan plan,
        RoundCutter cutter,
        Partition requested,
        TSettings settings,
        TLimits limits,
        bool isDryRun,
        Stopwatch clock,
        CancellationToken token
    )
    {
        var proposed = plan.Proposed;
        plan.Print(Console.Out, cutter.Partition);
        foreach (var unmet in UnmetRequest.Lines(requested, plan.Jobs, cutter))
            Console.Error.WriteLine($"WRN {unmet}");
        foreach (var warning in Warnings())
            Console.Error.WriteLine($"WRN {warning}");
        Refuse(settings, limits, token);
        foreach (var text in Requests(settings))
            Console.WriteLine(text);
        foreach (var stage in plan.Stages)
        {
            var own = OfStage(settings, stage, RunDirectory.At(proposed.Folder), limits);
            Refuse(own, limits, token);
            Console.WriteLine($"each job   of stage {stage.Document.Stage!.Name}: {StageRequest(own)}");
        }
        foreach (var note in Notes(proposed, limits, token))
            Console.WriteLine($"note       {note}");
        if (isDryRun)
        {
            foreach (var text in Preview(plan, settings, limits))
                Console.WriteLine(text);
            return ExitCode.Success;
        }

        var run = proposed.Create();
        foreach (var stage in plan.Stages)
            Write(OfStage(settings, stage, run, limits), stage.Stage);
        if (plan.Coverage is { IsEmpty: false })
            foreach (var member in run.Members())
                InputFiles.RefuseChanged(member, common.Claims(line), token);
        Write(settings, run);
        return RunDrivers.Print(Driver(run, settings).BeginAsync(proposed.Targets, known: null, retries.OnError(line), clock, token));
    }

    /// <summary>Warnings that do not depend on the plan.</summary>
    protected virtual IEnumerable<string> Warnings() => [];

    /// <summary>Refuses jobs that could never start.</summary>
    protected abstract void Refuse(TSettings settings, TLimits limits, CancellationToken token);

    /// <summary>The lines that state what each job requests.</summary>
    protected abstract IEnumerable<string> Requests(TSettings settings);

    /// <summary>What each job of a stage requests.</summary>
    protected abstract string StageRequest(TSettings settings);

    /// <summary>What a job of a stage requests, of what was forecast for it.</summary>
    protected abstract JobResources Estimate(Forecast forecast, int threads, TLimits limits);

    /// <summary>What the user should know before the jobs run.</summary>
    protected virtual IEnumerable<string> Notes(ProposedRun proposed, TLimits limits, CancellationToken token) => [];

    /// <summary>What <c>--dry-run</c> shows of the submission.</summary>
    protected abstract IEnumerable<string> Preview(Plan plan, TSettings settings, TLimits limits);

    /// <summary>Stores the settings of a run or stage.</summary>
    protected abstract void Write(TSettings settings, RunDirectory run);

    /// <summary>The driver of the run.</summary>
    protected abstract RunDriver Driver(RunDirectory run, TSettings settings);

    /// <summary>The settings of a stage: those of the run, with what its own jobs are expected to need.</summary>
    private TSettings OfStage(TSettings ofRun, StagePlan stage, RunDirectory run, TLimits limits) =>
        ofRun with
        {
            Job = Estimate(stage.Forecast, ofRun.Job.Threads ?? 1, limits),
            Advances = run.Root,
            ElementsPerJob = null,
        };
}
