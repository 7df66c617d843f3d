using System.Diagnostics;
using System.Reflection;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Merging;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Writing;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Runs.Partials;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Running;

/// <summary>How a local run is carried out; nothing here changes a number.</summary>
/// <param name="RunFolder">The run directory; null: beside the data file, named by the digest.</param>
/// <param name="Target">Where the results go.</param>
/// <param name="Partition">How the work is cut.</param>
/// <param name="Retries">Rounds that may be added for elements that failing workers left.</param>
/// <param name="OnError">What a worker does with corrupt chunks.</param>
/// <param name="DryRun">Stop after the plan.</param>
internal sealed record LocalRunOptions(string? RunFolder, OutputTarget Target, Partition Partition, int Retries, OnError OnError, bool DryRun);

/// <summary>One run from probe to file on this machine: probe, plan, workers, merge, write. An identical run that is there is gone on with.</summary>
/// <param name="log">Where what happens is told.</param>
internal sealed partial class LocalRun(ILogger log)
{
    /// <summary>Carries a run out.</summary>
    public async Task<ExitCode> ExecuteAsync(RunSpec spec, LocalRunOptions options, CancellationToken token)
    {
        var clock = Stopwatch.StartNew();
        var document = Describe(spec, Probe.Ask(spec, token));
        var folder = options.RunFolder ?? Path.Combine($"{spec.Data[0].Path}.hpcfit", document.Digest[..12]);
        var probed = clock.Elapsed;
        PrintPlan(document, folder, options);
        if (options.DryRun) return ExitCode.Success;

        var run = RunDirectory.CreateOrOpen(folder, document);
        run.WriteTarget(options.Target);
        using (Claim.Take(run.RoundsClaim, "rounds")) await FitAsync(run, options, token).ConfigureAwait(false);
        var fitted = clock.Elapsed;

        var coverage = Coverage.Read(run, token);
        foreach (var reason in coverage.LeftOut) PartLeftOut(log, reason);
        using var merged = new MergedColumns(coverage, run.Document, options.Target.FullLength);
        using (Claim.Take(run.MergeClaim, "merge"))
            Hdf5Write.Run(
                new()
                {
                    File = options.Target.OutputFile!,
                    NewFile = true,
                    Overwrite = options.Target.Overwrite,
                    Contents = AnalysisContents.Of(document, options.Target.Analysis, merged, Provenance(document)),
                },
                token);
        foreach (var line in UserCodeReport.Lines(run)) Console.WriteLine(line);
        Summarise(merged, options.Target, probed, fitted - probed, clock.Elapsed - fitted);
        return ExitCode.Success;
    }

    private async Task FitAsync(RunDirectory run, LocalRunOptions options, CancellationToken token)
    {
        for (var attempt = 0; ; attempt++)
        {
            var lacking = run.Document.ElementSet().Except(Coverage.Read(run, token).Elements);
            if (lacking.IsEmpty) return;
            var estimates = run.Document.Estimates;
            var cost = new JobCost
            {
                Start = WorkerStart,
                SecondsPerElement = estimates.SecondsPerElement,
                SecondsPerStripe = 0, // a stripe's share is in the element's time
                BytesPerWorker = estimates.BaseBytes,
                BytesPerThread = estimates.BytesPerThread,
            };
            var round = run.CreateRound([.. RoundPlanner.ToRound(default, RoundPlanner.Cut(lacking, new(estimates.ElementsPerStripe), cost, options.Partition), options.OnError).Jobs], options.OnError);
            RoundStarted(log, round.Id, round.Jobs.Count, lacking.Count);
            var failures = new List<JobEnd>();
            await new LocalWorkers(run, options.Partition.Workers, options.Partition.Threads).RunAsync(round, end => { if (!end.Succeeded) failures.Add(end); }, token).ConfigureAwait(false);
            token.ThrowIfCancellationRequested();
            foreach (var failure in failures) JobFailed(log, failure);
            if (failures.Find(end => end.IsRefusal) is { } refusal) throw new IncompleteRunException($"{refusal}\nWhat was fitted is kept in '{run.Root}'; mend this and type the same command again.");
            if (failures.Count > 0 && attempt >= options.Retries)
                throw new IncompleteRunException($"Jobs still fail after {options.Retries} retries. What was fitted is kept in '{run.Root}'; the same command goes on from there.\n{failures[^1]}");
        }
    }

    private static readonly TimeSpan WorkerStart = TimeSpan.FromSeconds(0.2);

    private static RunDocument Describe(RunSpec spec, ProbeAnswer answer) => new()
    {
        Digest = answer.Digest,
        Spec = spec,
        Inputs = answer.Inputs!,
        Layout = answer.Layout!,
        Estimates = answer.Estimates!,
        Files = answer.Files,
        ProgramVersion = Version,
        Created = DateTimeOffset.UtcNow,
    };

    private static string Version => typeof(LocalRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static void PrintPlan(RunDocument document, string folder, LocalRunOptions options)
    {
        var (elements, estimates) = (document.ElementSet().Count, document.Estimates);
        var seconds = elements * estimates.SecondsPerElement / (options.Partition.Workers * options.Partition.Threads);
        Console.WriteLine($"run        {document.Digest[..12]} in {folder}");
        Console.WriteLine($"model      {document.Spec.Model.Engine}  {document.Spec.Model.Formula}");
        Console.WriteLine($"elements   {elements:N0} of {document.Inputs.TotalElements:N0}, {document.Layout.Columns.Count} result columns");
        Console.WriteLine($"missing    {estimates.MissingPatterns:N0} patterns of missing subjects among {estimates.PatternSample:N0} elements looked at");
        Console.WriteLine($"predicted  {seconds:F1} s of fitting with {options.Partition.Workers} workers of {options.Partition.Threads} threads, "
            + $"{(estimates.BaseBytes + (options.Partition.Threads * estimates.BytesPerThread)) / 1e6:N0} MB a worker");
    }

    private static Dictionary<string, string> Provenance(RunDocument document) => new()
    {
        ["hpcfit_version"] = document.ProgramVersion,
        ["hpcfit_run"] = document.Digest,
        ["hpcfit_model"] = document.Spec.Model.Engine,
        ["hpcfit_formula"] = document.Spec.Model.Formula,
        ["hpcfit_date"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ"),
    };

    private static void Summarise(MergedColumns merged, OutputTarget target, TimeSpan probe, TimeSpan fit, TimeSpan write)
    {
        var codes = new ElementStatus[merged.Rows];
        merged.ReadStatus(codes);
        foreach (var group in codes.GroupBy(code => code).OrderBy(group => group.Key)) Console.WriteLine($"{group.Count(),10:N0} {group.Key}");
        Console.WriteLine($"written    /results/{target.Analysis} in {target.OutputFile}");
        Console.WriteLine($"seconds    probe {probe.TotalSeconds:F2}, workers {fit.TotalSeconds:F2}, merge and write {write.TotalSeconds:F2}");
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Round {Round}: {Jobs} jobs over {Elements} elements")]
    private static partial void RoundStarted(ILogger log, RoundId round, int jobs, long elements);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Failure}")]
    private static partial void JobFailed(ILogger log, JobEnd failure);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{Reason}")]
    private static partial void PartLeftOut(ILogger log, string reason);
}
