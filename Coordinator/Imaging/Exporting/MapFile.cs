using System.IO.Compression;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>Writes a map under a temporary name and renames it: under its own name it is always whole.</summary>
internal static class MapFile
{
    /// <summary>Float32 of results hardly compresses; a higher level costs time for little.</summary>
    private const int GzipLevel = 4;

    /// <summary>Writes one.</summary>
    public static void Write(string path, byte[] head, byte[] samples, bool compress) =>
        WholeFile.Write(
            path,
            file =>
            {
                using var gzip = compress
                    ? new GZipStream(file, new ZLibCompressionOptions { CompressionLevel = GzipLevel }, leaveOpen: true)
                    : null;
                var stream = gzip ?? file;
                stream.Write(head);
                stream.Write(samples);
            }
        );
}
