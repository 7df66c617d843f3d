using HpcFit.Coordinator.Writing.Child;
using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Writing;

/// <summary>The single door to writing HDF5: results, curves, scalars and images all come through here.</summary>
internal static class Hdf5Write
{
    /// <summary>
    /// Carries a write out. When this returns everything is on the disk and was read back; when it throws, the file is what it was.
    /// </summary>
    /// <param name="request">What goes where.</param>
    /// <param name="token">Stops between two blocks, and leaves nothing behind.</param>
    /// <param name="ready">Processes that wait already; null: the write starts its own.</param>
    public static WriteReport Run(WriteRequest request, CancellationToken token, ReadyChild? ready = null)
    {
        CheckContents(request.Contents);
        return request.NewFile ? NewFileWrite.Run(request, ready, token) : InPlaceWrite.Run(request, ready, token);
    }

    private static void CheckContents(IReadOnlyList<Content> contents)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var content in contents)
        {
            var isRoot = content is GroupContent { Path: "/" }; // to give the file itself attributes
            if (!isRoot && (!content.Path.StartsWith('/') || content.Path.EndsWith('/')))
                throw new ArgumentException($"'{content.Path}' is no absolute path of an HDF5 object.", nameof(contents));
            if (!paths.Add(content.Path))
                throw new ArgumentException($"'{content.Path}' is written twice.", nameof(contents));
            if (content is DatasetContent dataset && dataset.Chunk.Count != 0 && dataset.Chunk.Count != dataset.Shape.Count)
                throw new ArgumentException(
                    $"'{content.Path}' has {dataset.Shape.Count} axes, its chunks {dataset.Chunk.Count}.",
                    nameof(contents)
                );
        }
    }
}
