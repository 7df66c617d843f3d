using System.IO.Compression;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Imaging.Images;

/// <summary>
/// The bytes of an image file from its beginning, inflated if they are gzip (determined by the first two bytes, not by the name). Every
/// read error names the file.
/// </summary>
internal sealed class ImageStream : IDisposable
{
    private const int Unbuffered = 0; // all reads are large, and a buffer per image would be megabytes of garbage per cohort

    /// <summary>The maximum expansion of one byte of deflate data: two bits for each run of 258 bytes (RFC 1951, 3.2.5).</summary>
    public const long LargestExpansion = 1032;

    private readonly string _path;
    private readonly Stream _stream;

    private ImageStream(string path, Stream stream, bool isGzip, long fileBytes) =>
        (_path, _stream, IsGzip, FileBytes) = (path, stream, isGzip, fileBytes);

    /// <summary>Whether the file is compressed.</summary>
    public bool IsGzip { get; }

    /// <summary>The stored size of the file in bytes.</summary>
    public long FileBytes { get; }

    /// <summary>
    /// The maximum inflated size of the file. A header that announces more is wrong, and no memory is allocated for it.
    /// </summary>
    public long MaxBytes => IsGzip ? FileBytes * LargestExpansion : FileBytes;

    /// <summary>The number of bytes read or skipped so far.</summary>
    public long Position { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="BadInputException">It is missing, a folder, a pipe or a device, empty, or may not be read.</exception>
    public static ImageStream Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(RegularFile.OpenRead(path, "an image"), FileAccess.Read, Unbuffered);
            if (file.Length == 0)
                throw new BadInputException($"'{path}' is empty (0 bytes).");
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
    /// <param name="part">The part of the file that is read, for messages: <c>samples</c>, <c>header</c>.</param>
    /// <exception cref="BadInputException">The file is too short, or its gzip data are damaged.</exception>
    public void ReadExactly(Span<byte> buffer, string part)
    {
        var read = ReadUpTo(buffer);
        if (read == buffer.Length)
            return;
        throw new BadInputException(
            $"'{_path}' is truncated: it ends after {Position:N0} bytes{(IsGzip ? " (inflated)" : "")}, in the middle of its {part}. "
                + "Copy it again from its source."
        );
    }

    /// <summary>Reads until the buffer is full or the file ends; returns the number of bytes.</summary>
    public int ReadUpTo(Span<byte> buffer)
    {
        try
        {
            var filled = 0;
            while (filled < buffer.Length)
            {
                var read = _stream.Read(buffer[filled..]);
                if (read == 0)
                    break;
                filled += read;
            }
            Position += filled;
            return filled;
        }
        catch (InvalidDataException damage)
        {
            throw new BadInputException(
                $"'{_path}' is damaged: its gzip data cannot be inflated beyond {Position:N0} bytes ({damage.Message}). Copy it again "
                    + "from its source.",
                damage
            );
        }
        catch (IOException failure)
        {
            throw new BadInputException($"'{_path}' cannot be read beyond {Position:N0} bytes: {failure.Message}", failure);
        }
    }

    /// <summary>Refuses samples that the file cannot contain, before memory is allocated for them.</summary>
    /// <exception cref="BadInputException">The header announces more bytes than there are.</exception>
    public void RequireRoom(ImageHeader image)
    {
        if (image.DataOffset <= MaxBytes && image.ExpectedBytes <= MaxBytes)
            return;
        var announced = $"its header announces {image.ShapeText} samples of {image.Type.Size()} bytes from byte {image.DataOffset:N0} on";
        throw new BadInputException(
            IsGzip
                ? $"'{_path}' is truncated, or its header is damaged: {announced}; a gzip file of {FileBytes:N0} bytes contains at most "
                    + $"{MaxBytes:N0}. Copy it again from its source."
                : $"'{_path}' is truncated, or its header is damaged: it ends after {FileBytes:N0} bytes, in the middle of its "
                    + $"samples; {announced}. Copy it again from its source."
        );
    }

    /// <summary>Reads the number of bytes that the header announces for something other than samples.</summary>
    /// <exception cref="BadInputException">The file cannot contain so many, or is too short.</exception>
    public byte[] ReadBytes(long count, string part)
    {
        if (count > MaxBytes - Position)
            throw new BadInputException(
                $"'{_path}' is truncated, or its header is damaged: it announces {count:N0} bytes of {part} after byte "
                    + $"{Position:N0}; the file has "
                    + $"{FileBytes:N0} bytes{(IsGzip ? $", which inflate to {MaxBytes:N0} at most" : "")}. Copy it again from its source."
            );
        var bytes = new byte[count];
        ReadExactly(bytes, part);
        return bytes;
    }

    /// <summary>Skips bytes.</summary>
    public void Skip(long bytes, string part)
    {
        Span<byte> nothing = stackalloc byte[4096];
        for (var left = bytes; left > 0; left -= nothing.Length)
            ReadExactly(nothing[..(int)Math.Min(left, nothing.Length)], part);
    }

    /// <summary>Reads the rest of the file, which verifies the checksum at the end of a gzip file.</summary>
    public void Drain()
    {
        if (!IsGzip)
            return;
        Span<byte> nothing = stackalloc byte[4096];
        while (ReadUpTo(nothing) == nothing.Length) { }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
