using HpcFit.Shared.Claims;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>What goes into which file. One request is one write: all of it arrives, or nothing does.</summary>
internal sealed record WriteRequest
{
    /// <summary>1 GiB.</summary>
    public const long DefaultMaxJournalBytes = 1L << 30;

    /// <summary>The HDF5 file.</summary>
    public required string File { get; init; }

    /// <summary>
    /// Whether a new file is made (under a temporary name beside, synced, renamed). Otherwise the contents are added to the file that is
    /// there, under an undo journal.
    /// </summary>
    public required bool NewFile { get; init; }

    /// <summary>
    /// What is written. A content below no other content's path is a target of its own: nothing may be there yet, and with
    /// <see cref="Overwrite"/> what is there goes, with all that is below it.
    /// </summary>
    public required IReadOnlyList<Content> Contents { get; init; }

    /// <summary>Whether targets, or a new file of that name, may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The digest of the run that writes: what it has written itself, in the same place, it may replace. Null: nothing.</summary>
    public string? ReplacesRun { get; init; }

    /// <summary>The most the undo journal may hold; beyond, the write is refused.</summary>
    public long MaxJournalBytes { get; init; } = DefaultMaxJournalBytes;

    /// <summary>The user's word that whoever claimed this write is dead.</summary>
    public bool TakeOver { get; init; }

    /// <summary>The scheduler's word about claim holders on other nodes; null: none.</summary>
    public IJobLiveness? Jobs { get; init; }

    /// <summary>The command, as the claim tells others.</summary>
    public string What { get; init; } = "hpcfit";

    /// <summary>How long a call into the HDF5 library may take where the file is read; one that writes ten times as long.</summary>
    public TimeSpan MetadataTimeout { get; init; } = LibraryWatch.DefaultLimit;

    /// <summary>How long it waits for another writer to end.</summary>
    public TimeSpan Patience { get; init; } = UndoJournal.Patience;

    /// <summary>How it waits for its turn.</summary>
    public WriteTurn Turn => new(What, Patience, TakeOver, Jobs);

    /// <summary>The objects that must not be there, or are replaced: contents below no other content.</summary>
    public IReadOnlyList<string> Targets() =>
        [
            .. Contents
                .Select(content => content.Path)
                .Where(path => !Contents.Any(other => path.StartsWith(other.Path + "/", StringComparison.Ordinal))),
        ];
}
