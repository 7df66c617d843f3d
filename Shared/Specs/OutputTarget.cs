namespace HpcFit.Shared.Specs;

/// <summary>
/// Where a run's results go. No part of the run: an identical later command may name another target, so it is kept beside
/// <c>run.json</c>, in <c>target.json</c>, and the merge reads it.
/// </summary>
public sealed record OutputTarget
{
    /// <summary>The analysis: results lie under <c>/results/&lt;analysis&gt;/</c>.</summary>
    public required string Analysis { get; init; }

    /// <summary>A new file to write instead of the data file; null: into the data file.</summary>
    public string? OutputFile { get; init; }

    /// <summary>All elements of the file, NaN where the subset has none.</summary>
    public bool FullLength { get; init; }

    /// <summary>Replace an analysis of that name.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The most that the undo journal of a write into the data file may hold; null: the default (1 GiB).</summary>
    public long? MaxJournalBytes { get; init; }
}
