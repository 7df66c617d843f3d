using System.IO.Compression;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>Writes a map under a temporary name and renames it: under its own name it is always whole.</summary>
internal static class MapFile
{
    /// <summary>Float32 of results hardly compresses; a higher level costs time for little.</summary>
    private const int GzipLevel = 4;

    /// <summary>Writes one.</summary>
    public static void Write(string path, byte[] head, byte[] samples, bool compress)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                using var stream = compress ? new GZipStream(file, new ZLibCompressionOptions { CompressionLevel = GzipLevel }) : (Stream)file;
                stream.Write(head);
                stream.Write(samples);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
