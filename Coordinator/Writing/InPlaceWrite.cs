using HpcFit.Coordinator.Writing.Child;
using HpcFit.Coordinator.Writing.Chunks;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Coordinator.Writing.Library;
using HpcFit.Shared.Claims;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing;

/// <summary>
/// Adds contents to an existing file, so that a write that is killed at any byte can be undone to the exact old bytes. The method is
/// described in docs/decisions/hdf5-write.md.
/// </summary>
internal static class InPlaceWrite
{
    /// <summary>Performs the write.</summary>
    public static WriteReport Run(WriteRequest request, CancellationToken token)
    {
        var file = RealPath.Resolve(request.File);
        using var claim = WriteClaim.Take(file, request.Turn, token);
        var held = claim.Held;
        var recovered = Recovery.Run(held, force: false).Outcome == RecoveryOutcome.Restored;
        held.Refresh();
        RequirePossible(file);

        using var reader = ChildReader.Start(request);
        using var process = ChildProcess.Start(); // starts while the file is read
        var plan = InPlacePlan.From(reader.Survey(held, request, token), file, held.Status, request);
        held.RequireInPlace(); // the survey opened the file by its path
        var path = UndoJournal.PathFor(file);
        JournalWriter.Write(path, JournalHeader.From(held, claim.Holder, plan.Saved), held.Descriptor, plan.Saved, token);
        using var journal = Journal.Open(path);
        var written = Protected(journal, held, plan, request, reader, process, token);
        return new(
            file,
            written.Sum(dataset => dataset.Layout.Bytes),
            written.Sum(dataset => dataset.StoredBytes),
            plan.SavedBytes,
            recovered
        );
    }

    /// <summary>Refuses a file that no journal can protect, whatever is written. Reads only its first bytes.</summary>
    /// <exception cref="BadInputException">It has several hard links, is one of several files of one HDF5 file, or is marked as open for
    /// writing.</exception>
    public static void RequirePossible(string file)
    {
        if (FileStatus.Read(file).Links is > 1 and var names)
            throw new BadInputException(
                $"'{file}' has {names} names (hard links). Its undo journal would not be found under the others, so it is not written "
                    + "in place. Copy it, or write into a new file with --output."
            );
        Superblock.RequireOrdinary(file);
    }

    /// <summary>From here on the file changes: on any failure the old bytes are restored.</summary>
    private static IReadOnlyList<WrittenDataset> Protected(
        Journal journal,
        HeldFile held,
        InPlacePlan plan,
        WriteRequest request,
        ChildReader reader,
        ChildProcess process,
        CancellationToken token
    )
    {
        try
        {
            using var beat = new JournalHeartbeat(journal.Path);
            IReadOnlyList<WrittenDataset> written;
            using (var child = ChildWriter.Open(process, held, journal.Path, request))
            {
                written = child.Run(
                    sink =>
                    {
                        foreach (var path in plan.Replaced)
                            sink.Delete(path);
                        return new ContentWriter(sink, token).Write(request.Contents);
                    },
                    token
                );
            }
            held.RequireInPlace();
            reader.Verify(held.Path, held.Status.Identity, request.Contents, written, token);
            held.RequireInPlace();
            journal.Commit();
            journal.Remove();
            return written;
        }
        catch (Exception failure) when (!journal.IsCommitted)
        {
            RollBack(journal, held, failure);
            if (!held.IsInPlace && failure is not FileReplacedException)
                throw new FileReplacedException(held.Path, failure);
            throw;
        }
    }

    private static void RollBack(Journal journal, HeldFile file, Exception failure)
    {
        try
        {
            Recovery.RollBack(journal, file);
        }
        catch (IOException refusal)
        {
            throw new NotRestoredException(file.Path, failure, refusal);
        }
    }
}

/// <summary>A write failed, and restoring the old bytes failed too. The journal is kept.</summary>
/// <param name="file">The file.</param>
/// <param name="failure">Why the write failed.</param>
/// <param name="refusal">Why the old bytes could not be restored.</param>
internal sealed class NotRestoredException(string file, Exception failure, Exception refusal)
    : HpcFitException(
        $"The write into '{file}' failed, and its old bytes could not be restored: {refusal.Message} They are kept in its undo journal. "
            + $"Repair the disk, then restore them with: {TypedCommand.Line("recover", file)}\nThe write failed because of this: "
            + $"{failure.Message}",
        refusal
    )
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.FileSystem;
}
