using System.IO.Compression;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>Writes a map under a temporary name and renames it, so that under its own name it is always complete.</summary>
internal static class MapFile
{
    /// <summary>Float32 results hardly compress; a higher level would cost time for little benefit.</summary>
    private const int GzipLevel = 4;

    /// <summary>Writes a map.</summary>
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
