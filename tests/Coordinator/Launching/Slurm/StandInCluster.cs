using System.Globalization;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Tests.Launching.Slurm;

/// <summary>What goes wrong with one command of the stand-in.</summary>
internal enum Trouble
{
    None,

    /// <summary>It is done, and the caller hears of a time-out.</summary>
    TimesOutButIsDone,

    /// <summary>It is not done, and the caller hears of a time-out.</summary>
    TimesOutUndone,

    /// <summary>It is done after a while: right before the next command but one.</summary>
    IsDoneLater,

    /// <summary>The calling command dies before it is done.</summary>
    CallerDiesBefore,

    /// <summary>It is done, and the calling command dies.</summary>
    CallerDiesAfter,
}

/// <summary>The death of the command under test.</summary>
internal sealed class CallerDiedException : Exception;

/// <summary>A job of the stand-in's queue.</summary>
internal sealed class StandInJob
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Task number to state and reason; a job that is no array has the task -1.</summary>
    public required Dictionary<int, (string State, string Reason)> Tasks { get; init; }

    public bool IsHeld { get; set; }

    /// <summary>The user's number; null: the one who runs the test.</summary>
    public uint? User { get; init; }

    public bool IsOver => Tasks.Values.All(task => task.State is not ("PENDING" or "RUNNING"));
}

/// <summary>
/// Slurm's programs as far as a submission needs them, with the words and formats of 22.05. Each call can be given a trouble by its number.
/// </summary>
internal sealed class StandInCluster : ICommandRunner
{
    public const string TimeOutWords = "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation";

    private readonly List<(int Call, Action Do)> _later = [];
    private int _nextId = 100;

    public int MaxArraySize { get; init; } = 1001;

    public int? MaxSubmitJobs { get; init; }

    public string Partition { get; init; } =
        "PartitionName=main AllowGroups=ALL AllocNodes=ALL Default=YES MaxTime=UNLIMITED MaxMemPerNode=UNLIMITED State=UP TotalCPUs=16\n"
        + "PartitionName=short AllowGroups=ALL AllocNodes=login1 Default=NO MaxTime=00:01:00 MaxMemPerNode=2000 State=DOWN TotalCPUs=16\n";

    /// <summary>The trouble of the call of this number, from 0.</summary>
    public Func<int, string, Trouble> Troubles { get; set; } = (_, _) => Trouble.None;

    /// <summary>Whether squeue is a wrapper that shows every job, whatever it is asked for.</summary>
    public bool IgnoresFilters { get; init; }

    /// <summary>What sbatch answers, of the job's id.</summary>
    public Func<int, string> SbatchAnswer { get; init; } = id => $"{id}\n";

    /// <summary>What sbatch says instead of taking a job; null: it takes it.</summary>
    public Func<IReadOnlyList<string>, string?> Refusal { get; set; } = _ => null;

    public List<StandInJob> Jobs { get; } = [];

    public List<(string Program, IReadOnlyList<string> Arguments)> Calls { get; } = [];

    /// <summary>The first array.</summary>
    public StandInJob Array => Jobs.First(job => job.Tasks.Keys.All(task => task >= 0));

    public IEnumerable<StandInJob> Live => Jobs.Where(job => !job.IsOver);

    /// <summary>The first job whose name holds a word.</summary>
    public StandInJob Companion(string word) => Jobs.First(job => job.Name.Contains(word, StringComparison.Ordinal));

    public CommandAnswer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken token)
    {
        var call = Calls.Count;
        Calls.Add((program, arguments));
        foreach (var (_, late) in _later.Where(one => one.Call <= call).ToList())
            late();
        _later.RemoveAll(one => one.Call <= call);
        switch (Troubles(call, program))
        {
            case Trouble.TimesOutButIsDone:
                Do(program, arguments);
                return new(CommandEnding.Ended, 1, "", TimeOutWords);
            case Trouble.TimesOutUndone:
                return new(CommandEnding.TimedOut, -1, "", "no answer within 100 s");
            case Trouble.IsDoneLater:
                _later.Add((call + 2, () => Do(program, arguments)));
                return new(CommandEnding.TimedOut, -1, "", "no answer within 100 s");
            case Trouble.CallerDiesBefore:
                throw new CallerDiedException();
            case Trouble.CallerDiesAfter:
                Do(program, arguments);
                throw new CallerDiedException();
            default:
                return Do(program, arguments);
        }
    }

    /// <summary>Ends all tasks that run or wait, as the cluster would in time.</summary>
    public void EndTasks(string state = "COMPLETED")
    {
        foreach (var job in Jobs.Where(job => !job.IsHeld && job.Tasks.Keys.All(task => task >= 0)))
        {
            foreach (var task in job.Tasks.Keys.ToList())
                job.Tasks[task] = (state, "None");
        }
    }

    private CommandAnswer Do(string program, IReadOnlyList<string> arguments) =>
        program switch
        {
            "sbatch" => Sbatch(arguments),
            "squeue" when Value(arguments, "-O") is not null => Answer(string.Concat(Chosen(arguments, "-j").SelectMany(Lines))),
            "squeue" when Value(arguments, "-n") is { } names => Answer(
                string.Concat(Jobs.Where(job => IgnoresFilters || names.Split(',').Contains(job.Name)).Select(Line))
            ),
            "squeue" when Value(arguments, "-j") is not null => Answer(
                string.Concat(Jobs.Where(job => IgnoresFilters || Chosen(arguments, "-j").Contains(job)).Select(Line))
            ),
            "squeue" => Answer(string.Concat(Live.SelectMany(job => job.Tasks.Keys.Select(task => $"{job.Id}_{task}\n")))),
            "scontrol" when arguments[0] == "release" => Release(arguments[1]),
            "scontrol" when arguments.Contains("config") => Answer(
                $"Configuration data as of 2026-11-21T07:39:58\nMaxArraySize            = {MaxArraySize}\nMaxJobCount             = 20000\n"
            ),
            "scontrol" => Answer(Partition),
            "sinfo" => Answer("4000|4\n8000|8\n"),
            "sacctmgr" when arguments.Contains("assoc") => MaxSubmitJobs is { } most
                ? Answer($"{most}||normal\n")
                : new(CommandEnding.NotFound, -1, "", "'sacctmgr' is not in the path."),
            "sacctmgr" => Answer("normal||\n"),
            "scancel" => Scancel(arguments),
            _ => new(CommandEnding.NotFound, -1, "", $"'{program}' is not in the path."),
        };

    private CommandAnswer Sbatch(IReadOnlyList<string> arguments)
    {
        if (Refusal(arguments) is { } words)
            return new(CommandEnding.Ended, 1, "", "sbatch: error: " + words);
        var array = arguments.FirstOrDefault(one => one.StartsWith("--array=", StringComparison.Ordinal));
        var isHeld = arguments.Contains("--hold");
        var reason =
            isHeld ? "JobHeldUser"
            : arguments.Any(one => one.StartsWith("--dependency", StringComparison.Ordinal)) ? "Dependency"
            : "BeginTime";
        Jobs.Add(
            new()
            {
                Id = _nextId,
                Name = arguments.Single(one => one.StartsWith("--job-name=", StringComparison.Ordinal))["--job-name=".Length..],
                Arguments = arguments,
                Tasks = (array is null ? [-1] : TaskIds.Parse(array["--array=".Length..])).ToDictionary(
                    task => task,
                    _ => ("PENDING", reason)
                ),
                IsHeld = isHeld,
            }
        );
        return Answer(SbatchAnswer(_nextId++));
    }

    private CommandAnswer Release(string ids)
    {
        foreach (var job in Jobs.Where(job => ids.Split(',').Contains($"{job.Id}") && job.IsHeld))
        {
            job.IsHeld = false;
            foreach (var task in job.Tasks.Keys.ToList())
                job.Tasks[task] = ("RUNNING", "None");
        }
        return Answer("");
    }

    private CommandAnswer Scancel(IReadOnlyList<string> arguments)
    {
        foreach (var id in arguments.Where(one => !one.StartsWith('-')))
        {
            var parts = id.Split('_');
            foreach (var job in Jobs.Where(job => $"{job.Id}" == parts[0]))
            {
                foreach (var task in job.Tasks.Keys.Where(task => parts.Length == 1 || $"{task}" == parts[1]).ToList())
                {
                    if (
                        job.Tasks[task].State == "PENDING"
                        || (job.Tasks[task].State == "RUNNING" && !arguments.Contains("--state=PENDING"))
                    )
                        job.Tasks[task] = ("CANCELLED", "None");
                }
            }
        }
        return Answer("");
    }

    private static string Line(StandInJob job) => $"{job.Id}|{job.User ?? Posix.User}|{job.Name}\n";

    private IEnumerable<StandInJob> Chosen(IReadOnlyList<string> arguments, string option) =>
        Jobs.Where(job => Value(arguments, option)!.Split(',').Contains($"{job.Id}"));

    private static IEnumerable<string> Lines(StandInJob job) =>
        job.Tasks.Select(task =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{job.Id, -12}{(task.Key < 0 ? "N/A" : task.Key), -12}{task.Value.State, -24}{task.Value.Reason, -48}"
                    + $"{(task.Value.State == "PENDING" ? "" : "n1"), -64}{0, -8}{0, -12}\n"
            )
        );

    private static string? Value(IReadOnlyList<string> arguments, string option)
    {
        var at = arguments.ToList().IndexOf(option);
        return at < 0 ? null : arguments[at + 1];
    }

    private static CommandAnswer Answer(string output) => new(CommandEnding.Ended, 0, output, "");
}
