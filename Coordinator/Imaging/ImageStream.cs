using System.IO.Compression;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging;

/// <summary>
/// The bytes of an image file from its beginning on, inflated where they are gzip (told by the first two bytes, not by the name). Every
/// failure to read names the file.
/// </summary>
internal sealed class ImageStream : IDisposable
{
    private const int Unbuffered = 0; // all reads are large, and a buffer an image is garbage of megabytes a cohort
    private readonly string _path;
    private readonly Stream _stream;

    private ImageStream(string path, Stream stream, bool isGzip, long fileBytes) => (_path, _stream, IsGzip, FileBytes) = (path, stream, isGzip, fileBytes);

    /// <summary>Whether the file is compressed.</summary>
    public bool IsGzip { get; }

    /// <summary>Bytes of the file as it is stored.</summary>
    public long FileBytes { get; }

    /// <summary>How many bytes were read or skipped so far.</summary>
    public long Position { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="BadInputException">It is missing, a folder, empty, or may not be read.</exception>
    public static ImageStream Open(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException($"'{path}' is a folder; an image file is wanted.");
        if (!File.Exists(path)) throw new BadInputException($"There is no file '{path}'. Check the path; relative paths start at "
            + $"'{Environment.CurrentDirectory}' unless --relative-root says otherwise.");
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Unbuffered, FileOptions.SequentialScan);
            if (file.Length == 0) throw new BadInputException($"'{path}' is empty (0 bytes).");
            var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            var opened = new ImageStream(path, isGzip ? new GZipStream(file, CompressionMode.Decompress) : file, isGzip, file.Length);
            file = null;
            return opened;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"'{path}' cannot be read: {failure.Message}", failure);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Reads until the buffer is full.</summary>
    /// <param name="buffer">Filled.</param>
    /// <param name="part">What is read, for messages: <c>samples</c>, <c>header</c>.</param>
    /// <exception cref="BadInputException">The file ends before, or its gzip data are damaged.</exception>
    public void ReadExactly(Span<byte> buffer, string part)
    {
        var read = ReadUpTo(buffer);
        if (read == buffer.Length) return;
        throw new BadInputException($"'{_path}' is truncated: it ends after {Position:N0} bytes{(IsGzip ? " (inflated)" : "")}, in the middle of its {part}. "
            + "Copy it again from its source.");
    }

    /// <summary>Reads until the buffer is full or the file ends; returns how many bytes.</summary>
    public int ReadUpTo(Span<byte> buffer)
    {
        try
        {
            var filled = 0;
            while (filled < buffer.Length)
            {
                var read = _stream.Read(buffer[filled..]);
                if (read == 0) break;
                filled += read;
            }
            Position += filled;
            return filled;
        }
        catch (InvalidDataException damage)
        {
            throw new BadInputException($"'{_path}' is damaged: its gzip data cannot be inflated beyond {Position:N0} bytes ({damage.Message}) Copy it again "
                + "from its source.", damage);
        }
        catch (IOException failure)
        {
            throw new BadInputException($"'{_path}' cannot be read beyond {Position:N0} bytes: {failure.Message}", failure);
        }
    }

    /// <summary>Reads over bytes.</summary>
    public void Skip(long bytes, string part)
    {
        Span<byte> nothing = stackalloc byte[4096];
        for (var left = bytes; left > 0; left -= nothing.Length) ReadExactly(nothing[..(int)Math.Min(left, nothing.Length)], part);
    }

    /// <summary>Reads what is left: in a gzip file the checksum at the end is verified by that.</summary>
    public void Drain()
    {
        if (!IsGzip) return;
        Span<byte> nothing = stackalloc byte[4096];
        while (ReadUpTo(nothing) == nothing.Length)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
