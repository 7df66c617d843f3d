using System.Runtime.InteropServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Partials;

/// <summary>
/// Reads columns of verified blocks, a slice at a time: a merge holds only the column it works on. Not thread-safe. A bounded number of
/// files stays open between calls.
/// </summary>
public sealed class PartialColumns : IDisposable
{
    private const int MaxOpenFiles = 128;

    private readonly Dictionary<string, SafeFileHandle> _files = [];

    /// <summary>Reads one column of a slice; <paramref name="destination"/> takes one value per element of the slice.</summary>
    /// <exception cref="IOException">The file ends early: it was changed since it was verified.</exception>
    public void ReadColumn(CoveredSlice slice, int column, Span<double> destination)
    {
        var (block, elements) = slice;
        var offset = block.ColumnsOffset + (sizeof(double) * ((column * block.Elements.Count) + elements.First - block.Elements.First));
        Read(block, offset, MemoryMarshal.AsBytes(destination[..checked((int)elements.Count)]));
    }

    /// <summary>
    /// Reads consecutive columns of all elements of a block, which are contiguous in the file: as many as <paramref name="destination"/>
    /// holds.
    /// </summary>
    /// <exception cref="IOException">The file ends early: it was changed since it was verified.</exception>
    public void ReadColumns(PartialBlock block, int firstColumn, Span<double> destination) =>
        Read(block, block.ColumnsOffset + (sizeof(double) * firstColumn * block.Elements.Count), MemoryMarshal.AsBytes(destination));

    /// <summary>Reads bytes that a block carries after its columns.</summary>
    /// <param name="block">The block.</param>
    /// <param name="columns">How many columns it has.</param>
    /// <param name="skip">Bytes to skip.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <exception cref="IOException">The file ends early: it was changed since it was verified.</exception>
    public void ReadBytes(PartialBlock block, int columns, long skip, Span<byte> destination) =>
        Read(block, block.ColumnsOffset + (sizeof(double) * columns * block.Elements.Count) + skip, destination);

    /// <summary>Reads the status codes of a slice.</summary>
    /// <exception cref="IOException">The file ends early: it was changed since it was verified.</exception>
    public void ReadStatus(CoveredSlice slice, Span<ElementStatus> destination)
    {
        var (block, elements) = slice;
        Read(
            block,
            block.StatusOffset + elements.First - block.Elements.First,
            MemoryMarshal.AsBytes(destination[..checked((int)elements.Count)])
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values)
            file.Dispose();
        _files.Clear();
    }

    private void Read(PartialBlock block, long offset, Span<byte> bytes)
    {
        var file = Open(block.Path);
        for (var done = 0; done < bytes.Length; )
        {
            var read = RandomAccess.Read(file, bytes[done..], offset + done);
            if (read == 0)
                throw new IOException($"'{block.Path}' ends at a block that was whole when it was verified; it was changed meanwhile.");
            done += read;
        }
    }

    private SafeFileHandle Open(string path)
    {
        if (_files.TryGetValue(path, out var file))
            return file;
        if (_files.Count >= MaxOpenFiles)
            Dispose();
        return _files[path] = RegularFile.OpenRead(path, "a partial file");
    }
}
