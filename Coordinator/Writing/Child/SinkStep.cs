namespace HpcFit.Coordinator.Writing.Child;

/// <summary>
/// The steps of a write in the pipe to the writing process. Private to one version of the program: both ends run the same file.
/// </summary>
internal enum SinkStep : byte
{
    /// <summary>A path follows.</summary>
    Delete = 1,

    /// <summary>A path follows.</summary>
    CreateGroup,

    /// <summary>A layout follows.</summary>
    CreateDataset,

    /// <summary>Origin, filter mask, bytes.</summary>
    WriteChunk,

    /// <summary>Origin, extent, bytes.</summary>
    WriteRegion,

    /// <summary>Owner, name, type, shape, bytes.</summary>
    WriteAttribute,

    /// <summary>The other file, the path.</summary>
    CopyObject,

    /// <summary>The other file, the path.</summary>
    CopyAttributes,

    /// <summary>The path, the new path.</summary>
    Rename,

    /// <summary>Nothing follows.</summary>
    Flush,

    /// <summary>The last step: close, sync, end. If the pipe ends without it, the parent has ended.</summary>
    Finish,
}
