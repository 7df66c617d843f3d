using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Shared.Runs;

/// <summary>
/// A run's folder with its documents, rounds and stages. Everything in it is written once, appended by one process, or replaced
/// atomically, so that it works on NFS and Lustre without a daemon.
/// </summary>
public sealed class RunDirectory : RunPaths
{
    private readonly Lazy<RunDocument> _document;

    private RunDirectory(string root)
        : base(root) => _document = new(ReadDocument);

    /// <summary>The content of <c>run.json</c>; read once, since it never changes.</summary>
    /// <exception cref="BadInputException">It cannot be read, or is of a newer format.</exception>
    public RunDocument Document => _document.Value;

    /// <summary>What one unit of the work is called, in the singular.</summary>
    public string UnitName => Document.UnitName;

    /// <summary>The paths of a run that need not exist.</summary>
    public static RunDirectory At(string root) => new(root);

    /// <summary>The runs that the rounds of this one fit: those of a batch, otherwise this one itself.</summary>
    /// <exception cref="BadInputException">A run of the batch is missing or is another one.</exception>
    public IReadOnlyList<RunDirectory> Members() =>
        Document.Members.Count == 0 ? [this] : [.. Document.Members.Select(member => Member(member))];

    /// <summary>All stages in their order: the fits of this run or batch, then the further stages of each of its runs.</summary>
    /// <exception cref="BadInputException">A run of the batch or a stage is missing or is another one.</exception>
    public IReadOnlyList<RunDirectory> Stages() => [this, .. Members().SelectMany(member => member.FurtherStages())];

    /// <summary>The stages of this run after its fits.</summary>
    /// <exception cref="BadInputException">One is missing or is another one.</exception>
    public IReadOnlyList<RunDirectory> FurtherStages() => [.. (Document.Stages ?? []).Select(FurtherStage)];

    /// <summary>The folder of a stage, which need not exist.</summary>
    public RunDirectory StageAt(string name) => At(StageFolder(name));

    /// <summary>Opens the folder of an existing run.</summary>
    /// <exception cref="BadInputException">There is no run, or one that this program cannot read.</exception>
    public static RunDirectory Open(string root) =>
        TryOpen(root)
        ?? throw new BadInputException(
            $"'{Path.GetFullPath(root)}' is no run directory: it holds no run.json. Give the folder that 'hpcfit plan' or 'hpcfit "
                + "run' printed."
        );

    /// <summary>Opens the folder of an existing run for a command on the whole run; the folder of a stage is refused.</summary>
    /// <exception cref="BadInputException">There is no run, one that this program cannot read, or a stage of one.</exception>
    public static RunDirectory OpenWhole(string root)
    {
        var run = Open(root);
        return run.Document.Stage is { } stage
            ? throw new BadInputException(
                $"'{run.Root}' is the stage '{stage.Name}' of a run. Give the run directory: "
                    + $"'{Path.GetDirectoryName(Path.GetDirectoryName(run.Root))}'."
            )
            : run;
    }

    /// <summary>Opens the folder of a run; null when there is none.</summary>
    /// <exception cref="BadInputException">There is one that this program cannot read.</exception>
    public static RunDirectory? TryOpen(string root)
    {
        var run = new RunDirectory(root);
        if (!File.Exists(run.DocumentFile))
            return null;
        _ = run.Document;
        return run;
    }

    /// <summary>Opens the folder of a run or a stage; null when there is none.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="document">What it is expected to hold.</param>
    /// <exception cref="BadInputException">It holds another run, or one that this program cannot read.</exception>
    public static RunDirectory? TryOpen(string root, RunDocument document)
    {
        if (TryOpen(root) is not { } run)
            return null;
        run.RefuseOther(document);
        return run;
    }

    /// <summary>
    /// Creates the run, or opens it if it exists: the same digest means the same numbers, so the run is resumed.
    /// </summary>
    /// <exception cref="BadInputException">The folder holds another run, or cannot be created.</exception>
    public static RunDirectory CreateOrOpen(string root, RunDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var run = new RunDirectory(root);
        try
        {
            foreach (var folder in new[] { run.Root, run.Partials, run.Logs, run.Progress, run.RoundsFolder })
                Directory.CreateDirectory(folder);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(
                $"The run directory '{run.Root}' cannot be created: {refusal.Message} Choose another place with --run-dir.",
                refusal
            );
        }

        if (JsonFile.TryCreate(run.DocumentFile, document, RunJson.Default.RunDocument))
            return run;
        run.RefuseOther(document);
        if (IsOnTheSameTerms(run.Document.Spec, document.Spec))
            return run;
        // The same run with moved files, or with other time or memory limits of its function: none of these is part of the digest.
        var spec = run.Document.Spec with
        {
            Data = document.Spec.Data,
            BatchMemory = document.Spec.BatchMemory,
            AllowExternal = document.Spec.AllowExternal,
            Model = run.Document.Spec.Model with { Custom = document.Spec.Model.Custom },
        };
        JsonFile.Replace(run.DocumentFile, run.Document with { Spec = spec, Checksums = document.Checksums }, RunJson.Default.RunDocument);
        return new(root);
    }

    private void RefuseOther(RunDocument document)
    {
        if (Document.Digest == document.Digest && Document.Stage == document.Stage)
            return;
        throw new BadInputException(
            $"'{Root}' holds another run ({Document.Digest[..12]}, formula '{Document.Spec.Model.Formula}'), not {document.Digest[..12]}. "
                + $"Different: {RunDifferences.Describe(Document, document)}. Choose another --run-dir, or omit it."
        );
    }

    private static bool IsOnTheSameTerms(RunSpec one, RunSpec other) =>
        one.Data.SequenceEqual(other.Data)
        && one.BatchMemory == other.BatchMemory
        && one.AllowExternal == other.AllowExternal
        && (one.Model.Custom?.Function, one.Model.Custom?.ElementTimeoutSeconds, one.Model.Custom?.FunctionMemoryBytes)
            == (other.Model.Custom?.Function, other.Model.Custom?.ElementTimeoutSeconds, other.Model.Custom?.FunctionMemoryBytes);

    /// <summary>All partial files, ordered by name.</summary>
    public IReadOnlyList<string> PartialFiles() => Files(Partials, "*.partial");

    /// <summary>All partial files of this run and of its stages, whether or not the stages can be read.</summary>
    public IReadOnlyList<string> PartialFilesOfStages() =>
        Directory.Exists(StagesFolder)
            ? [.. PartialFiles(), .. Directory.EnumerateDirectories(StagesFolder).Order().SelectMany(folder => At(folder).PartialFiles())]
            : PartialFiles();

    /// <summary>All attempts that have reported, ordered by name.</summary>
    public IReadOnlyList<AttemptId> ReportedAttempts() =>
        [.. Files(Progress, "*.json").Select(path => AttemptId.Parse(Path.GetFileNameWithoutExtension(path))).OfType<AttemptId>()];

    /// <summary>
    /// An attempt's last heartbeat; null before the first, and if it cannot be read: heartbeats are for display only.
    /// </summary>
    public ProgressReport? ReadProgress(AttemptId attempt) => JsonFile.TryRead(ProgressFile(attempt), RunJson.Default.ProgressReport);

    /// <summary>The last report of every attempt of a round, by job, ordered by the times of their files.</summary>
    public IReadOnlyDictionary<JobId, IReadOnlyList<ProgressReport>> LastReports(RoundId round) =>
        ReportedAttempts()
            .Where(attempt => attempt.Round == round)
            .Select(attempt => (attempt.Job, Written: File.GetLastWriteTimeUtc(ProgressFile(attempt)), Report: ReadProgress(attempt)))
            .Where(one => one.Report is not null)
            .GroupBy(one => one.Job)
            .ToDictionary(
                group => group.Key,
                group => (IReadOnlyList<ProgressReport>)[.. group.OrderBy(one => one.Written).Select(one => one.Report!)]
            );

    /// <summary>The rounds whose jobs have been written, ascending. A folder without a jobs file was claimed by a command that
    /// died.</summary>
    public IReadOnlyList<RoundId> Rounds() =>
        [.. RoundNumbers().Select(number => new RoundId(number)).Where(round => File.Exists(RoundFile(round)))];

    /// <summary>A round's jobs.</summary>
    public Round ReadRound(RoundId round) =>
        File.Exists(RoundFile(round))
            ? JsonFile.Read(RoundFile(round), RunJson.Default.Round)
            : throw new BadInputException($"'{Root}' has no round {round}. Rounds: {string.Join(", ", Rounds())}.");

    /// <summary>Claims the next round by creating its folder, and writes its jobs.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="onError">What workers do with elements that cannot be fitted.</param>
    /// <param name="isRetry">Whether the failure policy makes it.</param>
    /// <param name="members">Of a batch: which of its runs miss any of these elements; null: all.</param>
    public Round CreateRound(
        IReadOnlyList<Job> jobs,
        OnError onError = OnError.Stop,
        bool isRetry = false,
        IReadOnlyList<int>? members = null
    )
    {
        var id = new RoundId(RoundNumbers().DefaultIfEmpty(0).Max() + 1);
        while (!Posix.MakeFolder(RoundFolder(id)))
            id = new(id.Value + 1);
        var round = new Round(id, jobs, onError, isRetry, members);
        JsonFile.Replace(RoundFile(id), round, RunJson.Default.Round);
        return round;
    }

    /// <summary>Where the results go; null until a command has recorded it.</summary>
    public OutputTarget? ReadTarget() => File.Exists(TargetFile) ? JsonFile.Read(TargetFile, RunJson.Default.OutputTarget) : null;

    /// <summary>
    /// The state of the input files when they were last known to match the results: when the run was created, or when they were compared.
    /// </summary>
    public IReadOnlyList<FileFacts> ReadVerifiedInputs() =>
        File.Exists(VerifiedInputsFile) ? JsonFile.Read(VerifiedInputsFile, RunJson.Default.VerifiedInputs).Files : Document.Files;

    /// <summary>Records the state of input files that match the results.</summary>
    public void WriteVerifiedInputs(VerifiedInputs inputs) => JsonFile.Replace(VerifiedInputsFile, inputs, RunJson.Default.VerifiedInputs);

    /// <summary>Where the results of each of <see cref="Members"/> go; null until a command has recorded it for all of them.</summary>
    public IReadOnlyList<OutputTarget>? ReadTargets()
    {
        var targets = Members().Select(member => member.ReadTarget()).OfType<OutputTarget>().ToList();
        return targets.Count == Members().Count ? targets : null;
    }

    /// <summary>Records where the results of each of <see cref="Members"/> go.</summary>
    public void WriteTargets(IReadOnlyList<OutputTarget> targets)
    {
        foreach (var (member, target) in Members().Zip(targets))
            member.WriteTarget(target);
    }

    /// <summary>Records where the results go.</summary>
    public void WriteTarget(OutputTarget target) => JsonFile.Replace(TargetFile, target, RunJson.Default.OutputTarget);

    private static IReadOnlyList<string> Files(string folder, string pattern) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal)] : [];

    private IEnumerable<int> RoundNumbers() =>
        Directory.Exists(RoundsFolder)
            ? Directory
                .EnumerateDirectories(RoundsFolder)
                .Select(path => int.TryParse(Path.GetFileName(path), out var number) ? number : 0)
                .Where(number => number > 0)
                .Order()
            : [];

    private RunDirectory FurtherStage(RunStage stage)
    {
        var folder = StageAt(stage.Name);
        if (!File.Exists(folder.DocumentFile))
            throw new BadInputException(
                $"The run '{Root}' has a stage '{stage.Name}', and '{folder.Root}' holds no run.json. Restore the folder, or repeat the "
                    + "command that started the run."
            );
        return folder.Document.Digest == RunDigest.ComputeStage(Document.Spec, Document.Inputs, stage)
            ? folder
            : throw new BadInputException(
                $"'{folder.Root}' belongs to another run than '{Root}'. Restore the former folder, or start the run again in another one."
            );
    }

    private RunDirectory Member(RunMember member)
    {
        var run = Open(member.Folder);
        return run.Document.Digest == member.Digest
            ? run
            : throw new BadInputException(
                $"'{member.Folder}' holds the run {run.Document.Digest[..12]}, and the batch '{Root}' fits {member.Digest[..12]} there. "
                    + "Restore the former folder, or start the models again."
            );
    }

    private RunDocument ReadDocument()
    {
        // The format first: other formats have other members.
        var head = JsonFile.Read(DocumentFile, DocumentHeadJson.Default.DocumentHead);
        if (head.Format is not { } format || format == RunDocument.CurrentFormat)
            return JsonFile.Read(DocumentFile, RunJson.Default.RunDocument);
        throw new BadInputException(
            $"'{DocumentFile}' has format {format}, written by HpcFit {head.ProgramVersion}; this program reads format "
                + $"{RunDocument.CurrentFormat}. Its results cannot be distinguished from "
                + "outdated ones, so it is neither resumed nor merged. Finish it with the version that made it, or fit again with another "
                + "--run-dir."
        );
    }
}
