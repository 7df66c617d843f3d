namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>An object to write at a path of an HDF5 file. Missing groups on the path are created.</summary>
/// <param name="Path">The object's absolute path, such as <c>/results/lm/results_matrix</c>.</param>
internal abstract record Content(string Path)
{
    /// <summary>Its attributes.</summary>
    public IReadOnlyList<AttributeContent> Attributes { get; init; } = [];

    /// <summary>A file from whose object of the same path attributes are copied as well; null: none.</summary>
    public string? AttributesFrom { get; init; }
}

/// <summary>
/// A group. Needed only if it has attributes, or owns everything below it: with overwrite it is replaced as a whole.
/// </summary>
/// <param name="Path">Its absolute path.</param>
internal sealed record GroupContent(string Path) : Content(Path)
{
    /// <summary>
    /// Whether the group carries the attribute <see cref="HpcFit.Shared.ModelArray.WriteState.Attribute"/>: "writing" from before the first
    /// value to the last byte, then "complete".
    /// </summary>
    public bool IsMarked { get; init; }
}

/// <summary>
/// An object of another file, copied unchanged: its values, filters and attributes and, for a group, everything below it.
/// </summary>
/// <param name="Path">Its absolute path, in both files.</param>
/// <param name="SourceFile">The other file, which must not change during the write.</param>
internal sealed record CopiedContent(string Path, string SourceFile) : Content(Path);

/// <summary>
/// The absence of an object: an existing one is removed with everything below it, which <see cref="WriteRequest.Overwrite"/> must allow.
/// </summary>
/// <param name="Path">Its absolute path.</param>
internal sealed record RemovedContent(string Path) : Content(Path);

/// <summary>A group of the same file that gets another name. Its parent exists.</summary>
/// <param name="Path">The new absolute path.</param>
/// <param name="From">The path that it has.</param>
internal sealed record RenamedContent(string Path, string From) : Content(Path);
