namespace HpcFit.Shared.Specs;

/// <summary>
/// Where a run's results go. Not part of the run: an identical later command may name another target, so it is kept in <c>target.json</c>
/// next to <c>run.json</c>, where the merge reads it.
/// </summary>
public sealed record OutputTarget
{
    /// <summary>The analysis: results lie under <c>/results/&lt;analysis&gt;/</c>.</summary>
    public required string Analysis { get; init; }

    /// <summary>A new file to write instead of the data file; null: into the data file.</summary>
    public string? OutputFile { get; init; }

    /// <summary>One row per element of the file, NaN outside the subset.</summary>
    public bool FullLength { get; init; }

    /// <summary>Replace an existing analysis of that name.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Write a report of the results next to their file when they are written.</summary>
    public bool Report { get; init; }

    /// <summary>The maximum size of the undo journal of a write into the data file, in bytes; null: the default (1 GiB).</summary>
    public long? MaxJournalBytes { get; init; }
}
