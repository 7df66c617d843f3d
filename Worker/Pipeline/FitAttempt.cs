using System.Diagnostics;
using System.Runtime.InteropServices;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Models;
using Microsoft.Extensions.Logging;

namespace HpcFit.Worker.Pipeline;

/// <summary>One attempt at a job of a run: fits its elements into its own partial file and reports progress.</summary>
internal sealed class FitAttempt
{
    private readonly RunDirectory _run;
    private readonly FitOptions _options;
    private readonly EngineFactory _engines;
    private readonly ILogger _log;

    /// <summary>Prepares an attempt, which <see cref="Run"/> starts.</summary>
    public FitAttempt(RunDirectory run, AttemptId id, FitOptions options, EngineFactory engines, ILogger log) =>
        (_run, Id, _options, _engines, _log) = (run, id, options, engines, log);

    /// <summary>Its name.</summary>
    public AttemptId Id { get; }

    /// <summary>The cost of reading so far.</summary>
    public ReadCounters Counters { get; } = new();

    /// <summary>Fits the job.</summary>
    /// <param name="stop">When cancelled, the current blocks are finished and published.</param>
    /// <returns><see cref="ExitCode.Success"/>, or <see cref="ExitCode.Cancelled"/> when elements are missing.</returns>
    /// <exception cref="HpcFitException">The job cannot be done; what was published before is kept.</exception>
    public ExitCode Run(CancellationToken stop)
    {
        var (round, job) = Find(_run, _options);
        using var heartbeat = new Heartbeat(_run.ProgressFile(Id), job.Elements.Count, Counters, _options.Heartbeat, _log);
        var ended = ExitCode.InternalError;
        try
        {
            return ended = Fit(Members(round), job, _options.OnError ?? round.OnError, heartbeat, stop);
        }
        catch (HpcFitException failure)
        {
            ended = failure.ExitCode;
            throw;
        }
        finally
        {
            heartbeat.End(ended);
        }
    }

    /// <summary>A job and its round.</summary>
    /// <exception cref="BadInputException">There is no such round or job.</exception>
    public static (Round Round, Job Job) Find(RunDirectory run, FitOptions options)
    {
        var round = run.ReadRound(options.Round);
        var job = round.Jobs.FirstOrDefault(one => one.Id == options.Job);
        return job is not null
            ? (round, job)
            : throw new BadInputException(
                $"Round {round.Id} of '{run.Root}' has no job {options.Job}; its jobs are 0 to {round.Jobs.Count - 1}."
            );
    }

    /// <summary>The runs whose models are fitted.</summary>
    private IReadOnlyList<RunDirectory> Members(Round round)
    {
        var all = _run.Members();
        return round.Members is { } some ? [.. some.Select(index => all[index])] : all;
    }

    private RunModels Open(IReadOnlyList<RunDirectory> members, CancellationToken stop)
    {
        using var watch = LibraryWatch.Begin(_options.MetadataTimeout, stop);
        return RunModels.Open(
            [.. members.Select(member => (member.Document.Spec, (ResultLayout?)member.Document.Layout))],
            _engines,
            Counters
        );
    }

    private ExitCode Fit(IReadOnlyList<RunDirectory> members, Job job, OnError onError, Heartbeat heartbeat, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        using var opened = Open(members, stop);
        foreach (var (member, model) in members.Zip(opened.Models))
            ChangedInputs.Refuse(member.Document, model);
        var userCode = opened.Models.Select(model => model.Engine).OfType<IRunsUserCode>().Select(engine => engine.Journal).ToList();
        foreach (var journal in userCode)
            journal.ForwardTo(line => FitLog.Printed(_log, line), failure => FitLog.UserCodeFailed(_log, failure));
        heartbeat.Watch(userCode);
        using var partials = PartialWriters.Create(Id, members, opened.Models);
        FitLog.Environment(
            _log,
            Hdf5Library.Version,
            Hdf5Library.Path,
            Hdf5Library.IsThreadSafe,
            Environment.ProcessId,
            Environment.MachineName,
            RuntimeInformation.FrameworkDescription
        );
        FitLog.Started(_log, Id, job.Elements.Count, "element", _options.Threads);
        var fitting = Stopwatch.GetTimestamp();
        var processorBefore = Environment.CpuUsage.TotalTime;
        var outcome = new JobFitOutcome(IsComplete: true, []);
        try
        {
            var passes = ModelPass.Group(opened.Models);
            heartbeat.Passes = passes.Count;
            foreach (var pass in passes.TakeWhile(_ => outcome.IsComplete))
                outcome = outcome.And(Fit(pass, passes.Count));
        }
        finally
        {
            // Also when a chunk or an element failed: the blocks that other threads have finished are valid.
            var syncing = Stopwatch.GetTimestamp();
            var processor = Math.Round((Environment.CpuUsage.TotalTime - processorBefore).TotalSeconds, 4);
            partials.Complete();
            FitLog.Finished(
                _log,
                Id,
                heartbeat.ElementsDone,
                job.Elements.Count,
                "element",
                Counters.Stripes,
                Counters.BytesRead,
                Counters.BytesInflated
            );
            var (prepare, fit, sync) = (Seconds(started, fitting), Seconds(fitting, syncing), Seconds(syncing, Stopwatch.GetTimestamp()));
            FitLog.Took(_log, prepare, fit, processor, sync);
        }
        foreach (var damage in outcome.Skipped)
            FitLog.LeftOut(_log, damage.Message);
        if (outcome.IsComplete)
            return ExitCode.Success;
        FitLog.Stopped(_log);
        return ExitCode.Cancelled;

        static double Seconds(long from, long to) => Math.Round(Stopwatch.GetElapsedTime(from, to).TotalSeconds, 4);

        JobFitOutcome Fit(ModelPass pass, int passes)
        {
            var sinks = pass.Models.Select(model => (BlockSink)partials[model].Append).ToList();
            var last = sinks[^1];
            // All models have fitted a block when the last one's results arrive.
            sinks[^1] = (block, read) =>
            {
                last(block, read);
                heartbeat.Published(block.Count);
            };
            var seconds = _run.Document.Estimates.SecondsPerElement / passes;
            return JobFit.Run(pass, job.Elements, _options.Threads, onError, sinks, seconds, stop);
        }
    }
}

/// <summary>The options of one attempt, from the command line.</summary>
/// <param name="Round">The round.</param>
/// <param name="Job">The job in the round.</param>
/// <param name="Threads">The number of fitting threads.</param>
/// <param name="OnError">What happens when a chunk is corrupt; null: the round's setting.</param>
/// <param name="Heartbeat">Time between reports.</param>
/// <param name="MetadataTimeout">How long a call into the HDF5 library may take while metadata is read.</param>
internal sealed record FitOptions(RoundId Round, JobId Job, int Threads, OnError? OnError, TimeSpan Heartbeat, TimeSpan MetadataTimeout);
