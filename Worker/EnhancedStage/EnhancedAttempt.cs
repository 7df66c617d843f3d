using System.Diagnostics;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Worker.Enhancing;
using HpcFit.Worker.Models;
using HpcFit.Worker.Pipeline;
using Microsoft.Extensions.Logging;

namespace HpcFit.Worker.EnhancedStage;

/// <summary>Creates the enhancement of a run.</summary>
/// <param name="model">The run's model, whose data file has the positions of the elements.</param>
internal delegate IEnhancement EnhancementFactory(RunModel model);

/// <summary>
/// One attempt at a job of the enhanced stage: computes the maps of its shuffles batch by batch, enhances them, and appends extremes and
/// counts to its own partial file.
/// </summary>
/// <param name="stage">The stage's directory.</param>
/// <param name="id">The attempt's name.</param>
/// <param name="options">Round, job and threads.</param>
/// <param name="engines">Creates the engine.</param>
/// <param name="enhancements">Creates the enhancement.</param>
/// <param name="log">The log.</param>
internal sealed class EnhancedAttempt(
    RunDirectory stage,
    AttemptId id,
    FitOptions options,
    EngineFactory engines,
    EnhancementFactory enhancements,
    ILogger log
)
{
    private readonly ReadCounters _counters = new();

    /// <summary>Does the job.</summary>
    /// <param name="stop">When cancelled, the current batch is abandoned.</param>
    /// <returns><see cref="ExitCode.Success"/>, or <see cref="ExitCode.Cancelled"/> when shuffles are missing.</returns>
    /// <exception cref="HpcFitException">The job cannot be done; what was published before is kept.</exception>
    public ExitCode Run(CancellationToken stop)
    {
        var (round, job) = FitAttempt.Find(stage, options);
        using var heartbeat = new Heartbeat(stage.ProgressFile(id), job.Elements.Count, _counters, options.Heartbeat, log);
        var ended = ExitCode.InternalError;
        try
        {
            return ended = Compute(job, options.OnError ?? round.OnError, heartbeat, stop);
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

    private ExitCode Compute(Job job, OnError onError, Heartbeat heartbeat, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        using var model = Open(stop);
        ChangedInputs.Refuse(stage.Document, model);
        var shuffled = ShuffledModels.Require(model.Engine);
        using var partial = PartialWriter.Create(
            stage.PartialFile(id),
            PartialHeader.Create(stage.Document.Digest, id, Environment.MachineName, stage.Document.Layout)
        );
        FitLog.Started(log, id, job.Elements.Count, stage.Document.UnitName, options.Threads);
        var prepared = Stopwatch.GetTimestamp();
        try
        {
            Compute(model, shuffled, job, onError, partial, heartbeat, stop);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            FitLog.Stopped(log);
            return ExitCode.Cancelled;
        }
        finally
        {
            // Also after a failure: the batches before it are valid.
            partial.Complete();
            FitLog.Finished(
                log,
                id,
                heartbeat.ElementsDone,
                job.Elements.Count,
                stage.Document.UnitName,
                _counters.Stripes,
                _counters.BytesRead,
                _counters.BytesInflated
            );
            var (prepare, fit) = (Seconds(started, prepared), Seconds(prepared, Stopwatch.GetTimestamp()));
            FitLog.Took(log, prepare, fit, 0, 0);
        }

        static double Seconds(long from, long to) => Math.Round(Stopwatch.GetElapsedTime(from, to).TotalSeconds, 4);
    }

    private RunModel Open(CancellationToken stop)
    {
        using var watch = LibraryWatch.Begin(options.MetadataTimeout, stop);
        return RunModel.Open(stage.Document.Spec, engines, _counters, stage.Document.Layout);
    }

    private void Compute(
        RunModel model,
        IShuffledModel shuffled,
        Job job,
        OnError onError,
        PartialWriter partial,
        Heartbeat heartbeat,
        CancellationToken stop
    )
    {
        var (hypotheses, elements) = (shuffled.Hypotheses.Count, checked((int)model.Inputs.TotalElements));
        var seconds = stage.Document.Estimates.SecondsPerElement / options.Threads;
        var plan = new BatchPlan(job.Elements, hypotheses, elements, model.Spec.BatchMemory ?? BatchPlan.DefaultBytes, seconds);
        List<StatisticMaps> maps =
        [
            .. Enumerable
                .Range(0, plan.MostTogether)
                .Select(_ => new StatisticMaps(hypotheses, elements, plan.LargestBatch, shuffled.CountsStatistics)),
        ];
        var unpermuted = new StatisticMaps(hypotheses, elements, 1);
        var width = new EnhancedBlock(hypotheses, elements, shuffled.CountsStatistics).Columns;
        var columns = new double[width * plan.LargestBatch];
        using var pass = new MapPass(model, shuffled, options.Threads, onError);
        EnhancedBatch? enhanced = null;
        try
        {
            foreach (var some in plan.Passes)
            {
                for (var one = 0; one < some.Count; one++)
                    maps[one].Begin(some[one]);
                if (enhanced is null)
                    unpermuted.Begin(new(0, 1));
                // The first pass computes the unpermuted maps as well, with which all others are compared.
                var filled = maps.Take(some.Count);
                var read = pass.Fit([.. enhanced is null ? filled.Prepend(unpermuted) : filled], stop);
                enhanced ??= new(enhancements(model), unpermuted, shuffled.CountsStatistics, options.Threads, stop);
                foreach (var (one, batch) in some.Index())
                {
                    enhanced.Count(maps[one], columns, stop);
                    var count = (int)batch.Count;
                    partial.AppendWhole(new(batch, columns.AsMemory(0, width * count), new ElementStatus[count]), enhanced.Bytes, read);
                    heartbeat.Published(count);
                }
            }
        }
        finally
        {
            enhanced?.Dispose();
        }
    }
}
