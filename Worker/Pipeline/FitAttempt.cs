using System.Diagnostics;
using System.Runtime.InteropServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
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
        var round = _run.ReadRound(_options.Round);
        var job =
            round.Jobs.FirstOrDefault(one => one.Id == _options.Job)
            ?? throw new BadInputException(
                $"Round {round.Id} of '{_run.Root}' has no job {_options.Job}; its jobs are 0 to {round.Jobs.Count - 1}."
            );
        using var heartbeat = new Heartbeat(_run.ProgressFile(Id), job.Elements.Count, Counters, _options.Heartbeat, _log);
        var ended = ExitCode.InternalError;
        try
        {
            return ended = Fit(job, _options.OnError ?? round.OnError, heartbeat, stop);
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

    private RunModel Open(CancellationToken stop)
    {
        using var watch = LibraryWatch.Begin(_options.MetadataTimeout, stop);
        return RunModel.Open(_run.Document.Spec, _engines, Counters, _run.Document.Layout);
    }

    private ExitCode Fit(Job job, OnError onError, Heartbeat heartbeat, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        using var model = Open(stop);
        ChangedInputs.Refuse(_run.Document, model);
        if (model.Engine is IRunsUserCode user)
        {
            user.Journal.ForwardTo(line => FitLog.Printed(_log, line), failure => FitLog.UserCodeFailed(_log, failure));
            heartbeat.Watch(user.Journal);
        }
        using var partial = PartialWriter.Create(
            _run.PartialFile(Id),
            PartialHeader.Create(_run.Document.Digest, Id, Environment.MachineName, model.Engine.Layout)
        );
        FitLog.Environment(
            _log,
            Hdf5Library.Version,
            Hdf5Library.Path,
            Hdf5Library.IsThreadSafe,
            Environment.ProcessId,
            Environment.MachineName,
            RuntimeInformation.FrameworkDescription
        );
        FitLog.Started(_log, Id, job.Elements.Count, _options.Threads);
        var fitting = Stopwatch.GetTimestamp();
        var processorBefore = Environment.CpuUsage.TotalTime;
        JobFitOutcome outcome;
        try
        {
            outcome = JobFit.Run(model, job.Elements, _options.Threads, onError, Publish, stop);
        }
        finally
        {
            // Also when a chunk or an element failed: the blocks that other threads have finished are valid.
            var syncing = Stopwatch.GetTimestamp();
            var processor = Math.Round((Environment.CpuUsage.TotalTime - processorBefore).TotalSeconds, 4);
            partial.Complete();
            FitLog.Finished(
                _log,
                Id,
                heartbeat.ElementsDone,
                job.Elements.Count,
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

        void Publish(ResultBlock block, StripeDigest read)
        {
            partial.Append(block, read);
            heartbeat.Published(block.Count);
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
