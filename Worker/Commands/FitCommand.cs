using System.CommandLine;
using System.Globalization;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;
using HpcFit.Worker.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Worker.Commands;

/// <summary><c>hpcfit-worker fit</c>: fits one job of a run.</summary>
internal static class FitCommand
{
    private const string ArrayTask = "SLURM_ARRAY_TASK_ID";

    private static readonly Option<string> Run = new("--run") { Description = "The run directory.", Required = true };
    private static readonly Option<int> Round = new("--round") { Description = "The round's number, from 1.", Required = true };
    private static readonly Option<int?> Job = new("--job") { Description = $"The job's number in its round, from 0. Left out: --first-job + ${ArrayTask}." };
    private static readonly Option<int> FirstJob = new("--first-job") { Description = "The job that array task 0 does.", DefaultValueFactory = _ => 0 };
    private static readonly Option<int> Threads = new("--threads") { Description = "Threads that fit. Left out: one a processor this process may use.", DefaultValueFactory = _ => Environment.ProcessorCount };
    private static readonly Option<OnError?> OnError = new("--on-error") { Description = "What happens when a chunk is corrupt or user code fails: stop, or skip those elements. Left out: as the round says." };
    private static readonly Option<bool> StopWithParent = new("--stop-with-parent") { Description = "Stop when standard input ends, as it does when the process that started this one is gone." };
    private static readonly Option<double> HeartbeatSeconds = new("--heartbeat") { Description = "Seconds between progress reports.", DefaultValueFactory = _ => 15 };

    private static readonly Option<double> Timeout = MetadataTimeout.Create(MetadataTimeout.OfJobs);

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command("fit", "Fit one job of a run into a partial file.") { Run, Round, Job, FirstJob, Threads, OnError, StopWithParent, HeartbeatSeconds, Timeout };
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult line)
    {
        var options = Options(line);
        var run = RunDirectory.Open(line.GetRequiredValue(Run));
        var attempt = AttemptId.New(options.Round, options.Job);
        return ProgramHost.Run(run.LogFile(attempt), null, (services, signals) =>
        {
            var stop = line.GetValue(StopWithParent) ? ParentWatch.Start(signals) : signals;
            var log = services.GetRequiredService<ILoggerFactory>().CreateLogger<FitAttempt>();
            return new FitAttempt(run, attempt, options, ModelEngines.Create, log).Run(stop);
        });
    }

    private static FitOptions Options(ParseResult line)
    {
        var (threads, heartbeat) = (line.GetValue(Threads), line.GetValue(HeartbeatSeconds));
        if (threads < 1) throw new UsageException($"--threads is {threads}; 1 or more is expected.");
        if (!(heartbeat is > 0 and <= 86_400)) throw new UsageException($"--heartbeat is {heartbeat}; seconds, more than 0 and at most a day, are expected.");
        return new(new(line.GetRequiredValue(Round)), JobOf(line), threads, line.GetValue(OnError), TimeSpan.FromSeconds(heartbeat), MetadataTimeout.Of(line, Timeout));
    }

    private static JobId JobOf(ParseResult line)
    {
        if (line.GetValue(Job) is { } job) return new(job);
        var task = Environment.GetEnvironmentVariable(ArrayTask);
        return int.TryParse(task, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(line.GetValue(FirstJob) + number)
            : throw new UsageException($"Which job? Give --job, or run as a task of a Slurm array (${ArrayTask} is {(task is null ? "not set" : $"'{task}'")}).");
    }
}
