using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;
using HpcFit.Worker.Engines;
using HpcFit.Worker.EnhancedStage;
using HpcFit.Worker.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Worker.Commands;

/// <summary><c>hpcfit-worker fit</c>: fits one job of a run.</summary>
internal static class FitCommand
{
    private const int MaxThreads = 1024;

    private static readonly Option<string> Run = TextOption.Required("--run", TextOption.Folder, "the run directory");
    private static readonly Option<long> Round = CountOption.Required("--round", "the round's number, from 1", max: int.MaxValue);
    private static readonly Option<long?> Job = CountOption.Optional(
        "--job",
        "the job's number in its round, from 0 (default: --first-job plus the task of the array: Slurm, Grid Engine, PBS, LSF)",
        min: 0,
        max: int.MaxValue
    );
    private static readonly Option<int> FirstJob = CountOption.Create("--first-job", "the job of the array's first task", 0, min: 0);
    private static readonly Option<int> FirstTask = CountOption.Create("--first-task", "the index of the array's first task", 0, min: 0);
    private static readonly Option<long?> Threads = CountOption.Optional(
        "--threads",
        "threads that fit (default: one per processor that this process may use)",
        max: MaxThreads
    );
    private static readonly Option<string?> OnError = ChoiceOption.Optional(
        "--on-error",
        "what a corrupt chunk or failing user code does: stop, or skip its elements (default: the round's setting)",
        "stop",
        "skip"
    );
    private static readonly Option<bool> StopWithParent = SwitchOption.Create(
        "--stop-with-parent",
        "stop when standard input ends, as it does when the parent process has ended"
    );
    private static readonly Option<double> HeartbeatSeconds = NumberOption.Create(
        "--heartbeat",
        "seconds between progress reports",
        15,
        seconds => seconds is > 0 and <= 86_400,
        "a number of seconds, above 0 and at most a day,"
    );

    private static readonly Option<double> Timeout = MetadataTimeoutArgument.Create(MetadataTimeoutArgument.JobDefault);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command("fit", "Fit one job of a run into a partial file.")
        {
            Run,
            Round,
            Job,
            FirstJob,
            FirstTask,
            Threads,
            OnError,
            StopWithParent,
            HeartbeatSeconds,
            Timeout,
        };
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult line)
    {
        var options = Options(line);
        var run = RunDirectory.Open(line.GetRequiredValue(Run));
        var attempt = AttemptId.New(options.Round, options.Job);
        return ProgramHost.Run(
            run.LogFile(attempt),
            null,
            (services, signals) =>
            {
                var stop = line.GetValue(StopWithParent) ? ParentWatch.Start(signals) : signals;
                var log = services.GetRequiredService<ILoggerFactory>().CreateLogger<FitAttempt>();
                return run.Document.Stage is null
                    ? new FitAttempt(run, attempt, options, ModelEngines.Create, log).Run(stop)
                    : new EnhancedAttempt(run, attempt, options, ModelEngines.Create, Enhancements.Create, log).Run(stop);
            }
        );
    }

    private static FitOptions Options(ParseResult line) =>
        new(
            new((int)line.GetRequiredValue(Round)),
            JobOf(line),
            (int)(line.GetValue(Threads) ?? Environment.ProcessorCount),
            line.GetValue(OnError) is { } word ? Enum.Parse<OnError>(word, ignoreCase: true) : null,
            TimeSpan.FromSeconds(line.GetValue(HeartbeatSeconds)),
            MetadataTimeoutArgument.Read(line, Timeout)
        );

    private static JobId JobOf(ParseResult line)
    {
        if (line.GetValue(Job) is { } job)
            return new((int)job);
        var (variable, task) = ArrayTask.Find(Environment.GetEnvironmentVariable);
        var number = line.GetValue(FirstJob) + (task - line.GetValue(FirstTask));
        return number >= 0
            ? new(number)
            : throw new UsageException(
                $"${variable} is {task}, less than --first-task {line.GetValue(FirstTask)}. Give the index of the array's first task."
            );
    }
}
