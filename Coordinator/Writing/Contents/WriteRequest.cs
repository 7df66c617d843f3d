using HpcFit.Shared.Claims;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>The contents of one write and their target file. A write is atomic: all contents arrive, or none.</summary>
internal sealed record WriteRequest
{
    /// <summary>1 GiB.</summary>
    public const long DefaultMaxJournalBytes = 1L << 30;

    /// <summary>The HDF5 file.</summary>
    public required string File { get; init; }

    /// <summary>
    /// Whether a new file is created (under a temporary name in the same folder, synced, renamed). Otherwise the contents are added to the
    /// existing file, under an undo journal.
    /// </summary>
    public required bool NewFile { get; init; }

    /// <summary>
    /// The contents to write. A content that is not below another content's path is a target: it must not exist yet or, with
    /// <see cref="Overwrite"/>, is replaced together with everything below it.
    /// </summary>
    public required IReadOnlyList<Content> Contents { get; init; }

    /// <summary>Whether existing targets, or an existing file of the new file's name, may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The digests of the runs that write: their own earlier results in the same places may be replaced.</summary>
    public IReadOnlyList<string> ReplacesRuns { get; init; } = [];

    /// <summary>The maximum size of the undo journal; a larger one refuses the write.</summary>
    public long MaxJournalBytes { get; init; } = DefaultMaxJournalBytes;

    /// <summary>Whether the user declares that the holder of this write's claim is dead.</summary>
    public bool TakeOver { get; init; }

    /// <summary>The scheduler's information on claim holders on other nodes; null: none.</summary>
    public IJobLiveness? Jobs { get; init; }

    /// <summary>The command, as shown to others in the claim.</summary>
    public string What { get; init; } = "hpcfit";

    /// <summary>The time limit of a call into the HDF5 library that reads; a call that writes may take ten times as long.</summary>
    public TimeSpan MetadataTimeout { get; init; } = LibraryWatch.DefaultLimit;

    /// <summary>How long to wait for another writer.</summary>
    public TimeSpan Patience { get; init; } = UndoJournal.Patience;

    /// <summary>The conditions for waiting and for taking the claim.</summary>
    public WriteTurn Turn => new(What, Patience, TakeOver, Jobs);

    /// <summary>The objects that must not exist or are replaced: contents that are not below another content.</summary>
    public IReadOnlyList<string> Targets() =>
        [
            .. Contents
                .Select(content => content.Path)
                .Where(path => !Contents.Any(other => path.StartsWith(other.Path + "/", StringComparison.Ordinal))),
        ];
}

/// <summary>How a command waits for other writers.</summary>
/// <param name="What">The command, as shown to others in the claim.</param>
/// <param name="Patience">How long to wait for another writer.</param>
/// <param name="TakeOver">Whether the user declares that the holder of the claim is dead.</param>
/// <param name="Jobs">The scheduler's information on claim holders on other nodes; null: none.</param>
internal sealed record WriteTurn(string What, TimeSpan Patience, bool TakeOver = false, IJobLiveness? Jobs = null);
