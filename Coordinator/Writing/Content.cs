namespace HpcFit.Coordinator.Writing;

/// <summary>One thing to write at a path of an HDF5 file. Groups on the way are made where they are missing.</summary>
/// <param name="Path">The object's absolute path, such as <c>/results/lm/results_matrix</c>.</param>
internal abstract record Content(string Path)
{
    /// <summary>Its attributes.</summary>
    public IReadOnlyList<AttributeContent> Attributes { get; init; } = [];
}

/// <summary>A group. Needed only where it carries attributes, or owns everything below it: with overwrite it is replaced as a whole.</summary>
/// <param name="Path">Its absolute path.</param>
internal sealed record GroupContent(string Path) : Content(Path);
