namespace HpcFit.Shared.Runs;

/// <summary>The paths in a run's folder: this is the only type that knows them. They need not exist.</summary>
public abstract class RunPaths
{
    /// <summary>The end of the names of files with what a job printed.</summary>
    public const string OutputSuffix = ".out";

    /// <summary>The paths below a folder.</summary>
    private protected RunPaths(string root) => Root = Path.GetFullPath(root);

    /// <summary>The folder, absolute.</summary>
    public string Root { get; }

    /// <summary>The run's document: what is computed.</summary>
    public string DocumentFile => Path.Combine(Root, "run.json");

    /// <summary>Where the results go.</summary>
    public string TargetFile => Path.Combine(Root, "target.json");

    /// <summary>Folder of the partial files, one per attempt.</summary>
    public string Partials => Path.Combine(Root, "partials");

    /// <summary>Folder of the logs: one per attempt, the coordinator's, and the scheduler's output.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>Folder of the heartbeats, one per attempt.</summary>
    public string Progress => Path.Combine(Root, "progress");

    /// <summary>Folder of the rounds, one subfolder each.</summary>
    public string RoundsFolder => Path.Combine(Root, "rounds");

    /// <summary>Folder of the stages after the fits, one subfolder each, which is a run directory of its own units.</summary>
    public string StagesFolder => Path.Combine(Root, "stages");

    /// <summary>Held by the command that plans and launches rounds.</summary>
    public string RoundsClaim => Path.Combine(Root, "rounds.claim");

    /// <summary>Held by the command that merges.</summary>
    public string MergeClaim => Path.Combine(Root, "merge.claim");

    /// <summary>How the run uses a Slurm cluster.</summary>
    public string ClusterFile => Path.Combine(Root, "slurm.json");

    /// <summary>How the run uses another scheduler.</summary>
    public string SchedulerSettingsFile => Path.Combine(Root, "cluster.json");

    /// <summary>A watch job that was submitted between rounds.</summary>
    public string WatchFile => Path.Combine(Root, "watch.json");

    /// <summary>The state of the input files when they were last compared with those the results were fitted from.</summary>
    public string VerifiedInputsFile => Path.Combine(Root, "inputs.json");

    /// <summary>The record that the results were written.</summary>
    public string WrittenFile => Path.Combine(Root, "written.json");

    /// <summary>The history of the run, for people.</summary>
    public string ReportFile => Path.Combine(Root, "report.txt");

    /// <summary>Notes of the commands that drove the run, one line each, appended.</summary>
    public string NotesFile => Path.Combine(Logs, "notes.txt");

    /// <summary>The batch script of the job that advances the run.</summary>
    public string AdvanceScript => Path.Combine(Root, "advance.sbatch");

    /// <summary>The script of the job that advances the run under another scheduler than Slurm.</summary>
    public string SchedulerAdvanceScript => Path.Combine(Root, "advance.sh");

    /// <summary>The folder of a stage, a run directory of its own units.</summary>
    public string StageFolder(string name) => Path.Combine(StagesFolder, name);

    /// <summary>A round's folder.</summary>
    public string RoundFolder(RoundId round) => Path.Combine(RoundsFolder, round.ToString());

    /// <summary>A round's jobs.</summary>
    public string RoundFile(RoundId round) => Path.Combine(RoundFolder(round), "round.json");

    /// <summary>How a round's jobs ended, as classified by the command that planned the next round.</summary>
    public string OutcomeFile(RoundId round) => Path.Combine(RoundFolder(round), "outcome.json");

    /// <summary>The process that launches a round's jobs on its own machine, and how those that ended did.</summary>
    public string LocalFile(RoundId round) => Path.Combine(RoundFolder(round), "local.json");

    /// <summary>A round's batch script.</summary>
    public string BatchScript(RoundId round) => Path.Combine(RoundFolder(round), "job.sbatch");

    /// <summary>The script of a round's array that another scheduler than Slurm runs.</summary>
    public string BatchScript(RoundId round, int array) => Path.Combine(RoundFolder(round), $"job-{array}.sh");

    /// <summary>What of a round was submitted to another scheduler than Slurm.</summary>
    public string SubmissionFile(RoundId round) => Path.Combine(RoundFolder(round), "submission.json");

    /// <summary>Slurm's ids of a round's jobs.</summary>
    public string SchedulerFile(RoundId round) => Path.Combine(RoundFolder(round), "scheduler.json");

    /// <summary>An attempt's results.</summary>
    public string PartialFile(AttemptId attempt) => Path.Combine(Partials, $"{attempt}.partial");

    /// <summary>An attempt's log, JSON lines.</summary>
    public string LogFile(AttemptId attempt) => Path.Combine(Logs, $"{attempt}.jsonl");

    /// <summary>The log of a command other than an attempt (<c>merge</c>, <c>run</c>), JSON lines, appended.</summary>
    public string LogFile(string command) => Path.Combine(Logs, $"{command}.jsonl");

    /// <summary>What a task of a round's Slurm array printed.</summary>
    /// <param name="round">The round.</param>
    /// <param name="array">The array's job id.</param>
    /// <param name="task">The task's number in the array.</param>
    public string TaskOutputFile(RoundId round, int array, int task) => Path.Combine(Logs, $"{round}-{array}_{task}.out");

    /// <summary>What a job of another scheduler printed.</summary>
    /// <param name="round">The round.</param>
    /// <param name="name">The name of the job or array.</param>
    /// <param name="index">The index of the task; null: no array.</param>
    public string TaskOutputFile(RoundId round, string name, int? index) =>
        Path.Combine(Logs, $"{round}-{name}{(index is { } task ? $"_{task}" : "")}{OutputSuffix}");

    /// <summary>The names of the outputs of tasks as a pattern for sbatch.</summary>
    public string TaskOutputPattern(RoundId round) => OutputPattern($"{round}-%A_%a.out");

    /// <summary>What the jobs that advance the run print, as a pattern for sbatch.</summary>
    public string AdvanceOutputPattern => OutputPattern("advance-%j.out");

    /// <summary>What the jobs that watch the run print, as a pattern for sbatch.</summary>
    public string WatchOutputPattern => OutputPattern("watch-%j.out");

    /// <summary>An attempt's heartbeat.</summary>
    public string ProgressFile(AttemptId attempt) => Path.Combine(Progress, $"{attempt}.json");

    /// <summary>sbatch takes <c>%%</c> for a percent sign, which the folder may contain.</summary>
    private string OutputPattern(string name) => Path.Combine(Logs.Replace("%", "%%", StringComparison.Ordinal), name);
}
