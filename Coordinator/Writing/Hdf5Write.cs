using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Writing;

/// <summary>The single entry point for writing HDF5: results, curves, scalars and images.</summary>
internal static class Hdf5Write
{
    /// <summary>
    /// Performs a write. On return everything is on disk and was read back; on an exception the file is unchanged.
    /// </summary>
    /// <param name="request">The contents and their target.</param>
    /// <param name="token">Cancels the write between two blocks, leaving nothing behind.</param>
    public static WriteReport Run(WriteRequest request, CancellationToken token)
    {
        CheckContents(request.Contents);
        return request.NewFile ? NewFileWrite.Run(request, token) : InPlaceWrite.Run(request, token);
    }

    private static void CheckContents(IReadOnlyList<Content> contents)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var content in contents)
        {
            var isRoot = content is GroupContent { Path: "/" }; // to give the file itself attributes
            if (!isRoot && (!content.Path.StartsWith('/') || content.Path.EndsWith('/')))
                throw new ArgumentException($"'{content.Path}' is not an absolute path of an HDF5 object.", nameof(contents));
            if (!paths.Add(content.Path))
                throw new ArgumentException($"'{content.Path}' is written twice.", nameof(contents));
            if (content is DatasetContent dataset && dataset.Chunk.Count != 0 && dataset.Chunk.Count != dataset.Shape.Count)
                throw new ArgumentException(
                    $"'{content.Path}' has {dataset.Shape.Count} axes, but its chunks have {dataset.Chunk.Count}.",
                    nameof(contents)
                );
        }
    }
}

/// <summary>The cost of a write.</summary>
/// <param name="File">The file that contains the contents now.</param>
/// <param name="RawBytes">Bytes of all values.</param>
/// <param name="StoredBytes">Their stored size in the file, compressed.</param>
/// <param name="JournalBytes">Bytes the undo journal saved; 0 for a new file.</param>
/// <param name="Recovered">Whether an interrupted earlier write was undone first.</param>
internal sealed record WriteReport(string File, long RawBytes, long StoredBytes, long JournalBytes, bool Recovered);
