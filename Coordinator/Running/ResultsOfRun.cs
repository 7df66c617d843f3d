using HpcFit.Coordinator.Merging;
using HpcFit.Coordinator.Provenance;
using HpcFit.Coordinator.Reading;
using HpcFit.Coordinator.Records;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Running;

/// <summary>The last step of every run, for all launchers: merges its blocks and writes the analysis, once.</summary>
internal static class ResultsOfRun
{
    /// <summary>
    /// Refuses a target that cannot be written, before any element is fitted: its folder is not writable, or it is the data file itself.
    /// </summary>
    /// <param name="target">Where the results will go.</param>
    /// <param name="spec">The computation and its data files.</param>
    /// <exception cref="BadInputException">The message explains what to do.</exception>
    public static void RefuseTarget(OutputTarget target, RunSpec spec)
    {
        var dataFile = spec.Data[0].Path;
        var file = target.OutputFile ?? RealPath.Resolve(dataFile);
        if (Directory.Exists(file))
        {
            var expected = target.OutputFile is null
                ? "--data needs an HDF5 file"
                : $"--output needs the name of a new file, such as {Path.Combine(file, "results.h5")}";
            throw new BadInputException($"'{file}' is a folder; {expected}.");
        }
        RefuseFolder(file, target.OutputFile ?? dataFile, isInPlace: target.OutputFile is null);
        if (target.OutputFile is not null && File.Exists(file) && RealPath.Resolve(file) == RealPath.Resolve(dataFile))
            throw new BadInputException(
                $"--output names the data file '{dataFile}' itself, which a new file would replace. Leave --output out: the results "
                    + "are then added to it."
            );
        // While another process writes it, HDF5 marks it as open; the write itself waits and checks again.
        if (target.OutputFile is null && File.Exists(file) && !File.Exists(UndoJournal.PathFor(file)))
            InPlaceWrite.RequirePossible(file);
    }

    /// <summary>
    /// Waits for another writer of the data file. If a write was interrupted and the results go into that file, restores the old bytes, so
    /// that a repeated command continues. A command that writes elsewhere only reads the file, and refuses it.
    /// </summary>
    /// <param name="target">Where the results will go.</param>
    /// <param name="spec">The computation and its data files.</param>
    /// <param name="claims">How claims are taken.</param>
    /// <param name="token">Stops waiting.</param>
    /// <exception cref="BusyException">A writer works for too long, or was interrupted.</exception>
    /// <exception cref="BadInputException">Another program has changed the file since.</exception>
    public static void RestoreInterrupted(OutputTarget target, RunSpec spec, ClaimRequest claims, CancellationToken token)
    {
        var file = spec.Data[0].Path;
        if (target.OutputFile is not null || !UndoJournal.IsInterrupted(file, UndoJournal.Patience, token))
        {
            UndoJournal.WaitForWriter(file, UndoJournal.Patience, token);
            return;
        }
        if (
            RecoverFile.Before(new(claims.What, UndoJournal.Patience, claims.TakeOver, claims.Jobs), file, force: false, token) is
            { Outcome: RecoveryOutcome.Restored, Header: { } header }
        )
            Console.Error.WriteLine(
                $"WRN The write into '{file}' by {header.Holder} was interrupted. Its old bytes are restored: {header.Length:N0}."
            );
    }

    /// <summary>
    /// Refuses a target as <see cref="RefuseTarget(OutputTarget, RunSpec)"/> does, and names that exist, when no probe has read the
    /// data file: a child process reads it.
    /// </summary>
    /// <param name="target">Where the results will go.</param>
    /// <param name="spec">The computation and its data files.</param>
    /// <param name="metadataTimeout">How long a call into the HDF5 library may take.</param>
    /// <param name="token">Stops it.</param>
    /// <exception cref="BadInputException">The message explains what to do.</exception>
    public static void RefuseTarget(OutputTarget target, RunSpec spec, TimeSpan metadataTimeout, CancellationToken token)
    {
        RefuseTarget(target, spec);
        RefuseNames(target, spec, target.OutputFile is null ? ReadingChild.Names(spec.Data[0].Path, metadataTimeout, token) : new([], []));
        RefuseLoss(target, metadataTimeout, token);
    }

    /// <summary>
    /// Refuses to replace a file that holds scalars: <c>--overwrite</c> allows to replace results, and <c>--output</c> replaces a whole
    /// file, which may be the only copy of another study.
    /// </summary>
    /// <param name="target">Where the results will go.</param>
    /// <param name="metadataTimeout">How long a call into the HDF5 library may take.</param>
    /// <param name="token">Stops it.</param>
    /// <exception cref="BadInputException">The file holds scalars, or cannot be read as HDF5.</exception>
    public static void RefuseLoss(OutputTarget target, TimeSpan metadataTimeout, CancellationToken token)
    {
        if (target is not { OutputFile: { } file, Overwrite: true } || !File.Exists(file))
            return;
        using var child = new ReadingChild(metadataTimeout);
        var there = UndoJournal.ReadBetweenWrites(file, UndoJournal.Patience, () => child.MetadataOfAny(file, token), token);
        if (there.Scalars is [var scalar, ..])
            throw new BadInputException(
                $"'{file}' exists and holds the scalar '{scalar.Name}', so it is a data file, which --output would "
                    + "replace as a whole. Choose another --output; results are added to the file of --data when --output is left out."
            );
    }

    /// <summary>
    /// Refuses names that exist in the target file, unless the results replace them or go into a new file, and a
    /// file with an obstacle at their paths.
    /// </summary>
    /// <param name="target">Where the results will go.</param>
    /// <param name="spec">The computation and its data files.</param>
    /// <param name="taken">The names in that file.</param>
    /// <exception cref="BadInputException">The message explains what to do.</exception>
    public static void RefuseNames(OutputTarget target, RunSpec spec, TakenNames taken)
    {
        if (target.OutputFile is null)
            RefuseObstacles(target, spec, taken.Obstacles);
        if (target.Overwrite)
            return;
        if (target.OutputFile is not null)
        {
            if (File.Exists(target.OutputFile))
                throw new BadInputException($"'{target.OutputFile}' exists. Choose another --output, or replace it with --overwrite.");
            return;
        }
        var (file, newScalar) = (spec.Data[0].Path, spec.Model.Custom?.WriteScalar);
        if (taken.Analyses.Contains(target.Analysis))
            throw new BadInputException(
                $"'{file}' holds an analysis '{target.Analysis}' already. Choose another --analysis, or replace it with --overwrite."
            );
        if (newScalar is not null && taken.Scalars.Contains(newScalar))
            throw new BadInputException(
                $"'{file}' holds a scalar '{newScalar}' already. Choose another --write-scalar, or replace it with --overwrite."
            );
    }

    private static void RefuseObstacles(OutputTarget target, RunSpec spec, IReadOnlyList<Obstacle> obstacles)
    {
        string[] paths = spec.Model.Custom?.WriteScalar is { } scalar
            ? [$"/results/{target.Analysis}", $"/scalars/{scalar}"]
            : [$"/results/{target.Analysis}"];
        foreach (var path in paths)
        {
            if (
                obstacles.FirstOrDefault(one => path == one.Path || path.StartsWith(one.Path + "/", StringComparison.Ordinal)) is
                { } obstacle
            )
                throw new BadInputException($"'{path}' cannot be written: {obstacle.Why}");
        }
    }

    /// <summary>Merges a complete run, or all runs of a batch, and writes the results: one write per file.</summary>
    /// <param name="run">The run.</param>
    /// <param name="targets">Where the results of each of its members go.</param>
    /// <param name="coverage">The run's coverage if it was read already; null: it is read.</param>
    /// <param name="claims">How the merge is claimed.</param>
    /// <param name="token">Stops it; the target stays unchanged.</param>
    /// <param name="metadataTimeout">How long a call into the HDF5 library may take.</param>
    /// <returns>What was written, per member; one in which no element was fitted is not written, and has the reason instead.</returns>
    /// <exception cref="IncompleteRunException">Elements have no result yet.</exception>
    /// <exception cref="BadInputException">No element was fitted in any member.</exception>
    public static IReadOnlyList<MemberResults> Write(
        RunDirectory run,
        IReadOnlyList<OutputTarget> targets,
        RunCoverage? coverage,
        ClaimRequest claims,
        TimeSpan metadataTimeout,
        CancellationToken token
    )
    {
        using var held = new DisposableStack();
        var members = run.Members();
        foreach (var root in members.Prepend(run).Select(member => member.MergeClaim).Distinct())
            held.Push(claims.Take(root));
        var accepted = members.Select(member => InputFiles.RefuseChanged(member, claims, token)).ToList();
        coverage ??= RunCoverage.Read(run, token);
        var results = new List<MemberResults>();
        foreach (var (index, (member, target)) in members.Zip(targets).Index())
        {
            var enhanced = EnhancedOf(member, token);
            var merged = held.Push(new MergedColumns(coverage.Members[index], member.Document, target.FullLength, enhanced));
            var statuses = CountStatuses(merged);
            var refusal = NothingFitted.Find(statuses, member.Document);
            results.Add(
                new(member, target, statuses)
                {
                    Merged = merged,
                    OutsideMaximum = CountOutsideMaximum(merged),
                    WithoutTail = [.. merged.ColumnsWithoutTail()],
                    TailLimits = [.. merged.TailLimits()],
                    Accepted = accepted[index],
                    NotWritten = refusal?.Message,
                }
            );
            if (refusal is not null && members.Count == 1)
                throw refusal;
        }
        foreach (var file in results.Where(one => one.NotWritten is null).GroupBy(one => one.File).Select(group => group.ToList()))
            WriteFile(file, claims, metadataTimeout, token);
        return results.Exists(one => one.NotWritten is null) ? results : throw new BadInputException(results[0].NotWritten!);
    }

    /// <summary>Refuses fits of which <see cref="Write"/> would write nothing, before a further stage computes for them.</summary>
    /// <param name="run">The run.</param>
    /// <param name="coverage">Its coverage, complete.</param>
    /// <exception cref="BadInputException">No element was fitted in any member.</exception>
    public static void RefuseNothingFitted(RunDirectory run, RunCoverage coverage)
    {
        var refusals = new List<BadInputException>();
        foreach (var (member, ofMember) in run.Members().Zip(coverage.Members))
        {
            using var merged = new MergedColumns(ofMember, member.Document, fullLength: false);
            if (NothingFitted.Find(CountStatuses(merged), member.Document) is not { } refusal)
                return;
            refusals.Add(refusal);
        }
        throw refusals[0];
    }

    /// <summary>The results of a run's enhanced stage; null: it has none.</summary>
    private static EnhancedResults? EnhancedOf(RunDirectory member, CancellationToken token) =>
        member.FurtherStages() is [var stage] ? new(Coverage.Read(stage, token), stage.Document, member.Document.Layout.Permutation) : null;

    /// <summary>Writes the results that go into one file, with the records before and after it.</summary>
    private static void WriteFile(List<MemberResults> results, ClaimRequest claims, TimeSpan metadataTimeout, CancellationToken token)
    {
        var (document, target) = (results[0].Run.Document, results[0].Target);
        var before = target.OutputFile is null ? FileFacts.Read(results[0].File) : null;
        using var reading = new ReadingChild(metadataTimeout);
        using var tables = SourceTables.From(document, target, reading, token);
        Action write = () =>
            Hdf5Write.Run(
                new()
                {
                    File = results[0].File,
                    NewFile = target.OutputFile is not null,
                    Overwrite = target.Overwrite,
                    ReplacesRuns = [.. results.Select(one => one.Run.Document.Digest)],
                    Contents =
                    [
                        .. results.SelectMany(one =>
                            AnalysisContents.Create(
                                one.Run.Document,
                                one.Target.Analysis,
                                one.Merged!,
                                FitRecord.Create(one.Run, one.Statuses, one.OutsideMaximum, one.TailLimits, one.Accepted),
                                file => reading.MetadataAnywhere(file, token)
                            )
                        ),
                        .. tables.Contents,
                    ],
                    TakeOver = claims.TakeOver,
                    Jobs = claims.Jobs,
                    MaxJournalBytes = target.MaxJournalBytes ?? WriteRequest.DefaultMaxJournalBytes,
                    What = claims.What,
                    MetadataTimeout = metadataTimeout,
                },
                token
            );
        foreach (var one in results)
        {
            var inner = write;
            write = () => WriteRecord.Around(one.Run, one.Target, [.. one.Warnings], inner);
        }
        write();
        if (before is null)
            return;
        foreach (var one in results)
            InputFiles.RecordOwnWrite(one.Run, before);
    }

    /// <summary>How many elements ended with each status.</summary>
    private static Dictionary<ElementStatus, long> CountStatuses(MergedColumns merged)
    {
        var codes = new ElementStatus[merged.Rows];
        merged.ReadStatus(codes);
        return Count(codes);
    }

    /// <summary>How many elements of each status have no statistic of any permutation test; empty without permutation tests.</summary>
    private static Dictionary<ElementStatus, long> CountOutsideMaximum(MergedColumns merged)
    {
        if (merged.Maximum is not { } maximum)
            return [];
        var (codes, isInside, statistic) = (new ElementStatus[merged.Rows], new bool[merged.Rows], new double[merged.Rows]);
        merged.ReadStatus(codes);
        for (var hypothesis = 0; hypothesis < maximum.Hypotheses.Count; hypothesis++)
        {
            merged.ReadStatistic(hypothesis, statistic);
            for (var row = 0; row < statistic.Length; row++)
                isInside[row] |= !double.IsNaN(statistic[row]);
        }
        return Count(codes.Where((code, row) => !isInside[row] && code != ElementStatus.NotInRun));
    }

    private static Dictionary<ElementStatus, long> Count(IEnumerable<ElementStatus> codes)
    {
        var counts = new long[byte.MaxValue + 1];
        foreach (var code in codes)
            counts[(byte)code]++;
        var byStatus = new Dictionary<ElementStatus, long>();
        for (var code = 0; code < counts.Length; code++)
        {
            if (counts[code] > 0)
                byStatus.Add((ElementStatus)code, counts[code]);
        }
        return byStatus;
    }

    /// <summary>
    /// Tries to create and open files: permission bits are not conclusive (root, access lists, read-only mounts, quotas), and neither is
    /// the length of a name.
    /// </summary>
    private static void RefuseFolder(string path, string file, bool isInPlace)
    {
        // The longest name that the write creates.
        var trial = TemporaryFile.NameFor(UndoJournal.ClaimFor(path));
        try
        {
            using (File.Create(trial, 1, FileOptions.DeleteOnClose)) { }
            if (isInPlace)
                File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(
                $"Results cannot be written to '{file}': it is not writable, or no file can be created in its folder ({refusal.Message}). "
                    + "Correct the permission or the name, or write elsewhere with --output.",
                refusal
            );
        }
    }
}
