using System.CommandLine;
using HpcFit.Coordinator.Advancing;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Launching.Slurm;
using HpcFit.Coordinator.Launching.Slurm.Asking;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Launching.Slurm.Scripts;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit submit …</c>: checks, plans and hands the run to Slurm; it then finishes by itself, merged and written.</summary>
internal static class SubmitCommand
{
    private static readonly TimeSpan DefaultTarget = TimeSpan.FromMinutes(30);

    public static Command Create()
    {
        var (model, target, partition, retries, slurm, common) =
            (new ModelOptions(), new TargetOptions(), new PartitionOptions(), new RetryOptions(), new SlurmOptions(), new CommonOptions());
        var runFolder = new Option<string?>("--run-dir") { Description = "the run directory, where all nodes see it (default: <data>.hpcfit/<run>)" };
        var dryRun = new Option<bool>("--dry-run") { Description = "print the plan, sbatch's command lines and the scripts, and submit nothing" };
        var command = new Command("submit", "Hand a run to a Slurm cluster, where it goes on by itself until its results are written") { runFolder, dryRun };
        model.AddTo(command);
        target.AddTo(command, isNew: true);
        partition.AddTo(command, onCluster: true);
        slurm.AddTo(command);
        retries.AddTo(command);
        common.AddTo(command);
        command.SetAction(line => common.Run(line, (services, token) =>
        {
            var log = services.GetRequiredService<ILoggerFactory>().CreateLogger<SlurmRun>();
            var (spec, cut, output, threads) = (model.ToSpec(line), partition.Read(line), target.Read(line), slurm.Threads(line));
            var (memory, time) = (slurm.Memory(line), slurm.Time(line));
            UndoJournal.RefuseIfPresent(model.Data(line));
            ResultsOfRun.RefuseTarget(output, model.Data(line));
            var commands = new SlurmCommands(new CommandProcesses(), BackOff.Patient, log);
            var limits = new ClusterReader(commands).Read(slurm.Partition(line), token);

            var proposed = ProposedRun.Ask(spec, line.GetValue(runFolder), token);
            var (plan, cutter) = Cut(proposed, cut with { Threads = threads }, limits, token);
            var policy = retries.Limits(line, long.MaxValue);
            var settings = slurm.Over(
                new()
                {
                    Job = ResourceEstimates.OfJob(plan.Forecast, threads, memory, time, limits.Partition),
                    Advance = ResourceEstimates.OfAdvance(proposed.Document.ElementSet().Count, threads, limits.Partition),
                    Retries = policy.Retries,
                    MaxRounds = policy.MaxRounds,
                    Jobs = cutter.Partition.Jobs,
                    ElementsPerJob = cutter.Partition.ElementsPerJob,
                    TargetTime = cutter.Partition.TargetTime,
                    Coordinator = Environment.ProcessPath!,
                    Worker = WorkerProgram.Path,
                    Environment = CarriedEnvironment.Of(Environment.GetEnvironmentVariables()),
                },
                line);
            plan.Print(cutter.Partition);
            var checks = new SubmissionChecks(commands);
            checks.Refuse(settings, limits, token);
            Console.WriteLine($"each job   {string.Join(' ', settings.Job.Options().Concat(settings.Placement()))}");
            if (checks.NodesMayNotSubmit(limits, proposed.Folder, token) is { } note) Console.WriteLine($"note       {note}");
            if (line.GetValue(dryRun))
            {
                foreach (var text in SubmissionPreview.Lines(proposed.Folder, proposed.Document.Digest, new(1), plan.Jobs, settings, limits)) Console.WriteLine(text);
                return ExitCode.Success;
            }

            var run = proposed.Create(output);
            settings.Write(run);
            return ClusterStep.Take(services, run, settings, common.Claims(line), "submit", (step, terms) => step.SubmitAsync(retries.OnError(line), terms, token));
        }));
        return command;
    }

    /// <summary>Cuts as wished, and where nothing is wished into jobs of about half an hour, no more of them than the cluster takes at once.</summary>
    private static (Plan Plan, RoundCutter Cutter) Cut(ProposedRun proposed, Partition wishes, ClusterLimits limits, CancellationToken token)
    {
        var isFree = wishes is { Jobs: null, ElementsPerJob: null };
        var cutter = RoundCutter.Of(proposed.Document.Estimates, isFree ? wishes with { TargetTime = wishes.TargetTime ?? DefaultTarget } : wishes);
        var plan = Plan.Of(proposed, cutter, token);
        var most = Math.Min(limits.MaxJobCount / 2, (limits.MaxSubmitJobs ?? int.MaxValue) - 2);
        if (!isFree || plan.Jobs.Count <= most) return (plan, cutter);
        cutter = RoundCutter.Of(proposed.Document.Estimates, wishes with { TargetTime = null, Jobs = most });
        return (Plan.Of(proposed, cutter, token), cutter);
    }
}
