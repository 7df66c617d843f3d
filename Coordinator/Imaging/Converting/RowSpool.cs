using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>
/// A matrix subjects × elements that is converted from rows (images) to blocks of columns (chunks), stored in an unnamed file so that
/// memory use does not depend on its size. Rows arrive in batches. Within a batch, values are stored block by block, so that a block of
/// columns is one range of bytes per batch, and the concatenation of these ranges is the chunk.
/// </summary>
internal sealed class RowSpool : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly List<(int First, int Count)> _batches = [];
    private readonly string _folder;
    private Task _writing = Task.CompletedTask;

    /// <summary>Creates an empty spool.</summary>
    /// <param name="folder">The folder whose file system holds it. Its name is removed at once; a name left by a process that was killed in
    /// between is removed by the next one.</param>
    /// <param name="rows">Number of subjects.</param>
    /// <param name="layout">The division of a row's values into blocks.</param>
    public RowSpool(string folder, int rows, BlockLayout layout)
    {
        (_folder, Rows, Layout) = (folder, rows, layout);
        var spool = Path.Combine(folder, ".hpcfit-spool");
        var path = TemporaryFile.NameFor(spool);
        try
        {
            TemporaryFile.RemoveAbandoned(spool);
            _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(
                $"The file for temporary storage of values cannot be created in '{folder}': {failure.Message} Choose another folder with "
                    + "--spool-dir.",
                failure
            );
        }
    }

    /// <summary>Number of subjects.</summary>
    public int Rows { get; }

    /// <summary>The division of a row's values into blocks.</summary>
    public BlockLayout Layout { get; }

    /// <summary>Adds the next rows, which are written asynchronously.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="values">Their values, block by block: <see cref="BlockLayout.Place"/>. In use until the next call.</param>
    public void Append(int count, byte[] values)
    {
        var first = _batches.Count == 0 ? 0 : _batches[^1].First + _batches[^1].Count;
        Finish();
        _batches.Add((first, count));
        _writing = Task.Run(() => Write(values.AsSpan(0, checked((int)(count * Layout.RowBytes))), first * Layout.RowBytes));
    }

    /// <summary>Waits until all rows are written.</summary>
    /// <exception cref="IOException">A file system error.</exception>
    public void Finish() => _writing.GetAwaiter().GetResult();

    /// <summary>Reads a block of columns: all rows, row-major.</summary>
    /// <param name="block">Its number.</param>
    /// <param name="destination">Rows × the block's width × bytes per value.</param>
    public void Read(int block, Span<byte> destination)
    {
        var width = Layout.Width(block) * Layout.ValueSize;
        foreach (var (first, count) in _batches)
        {
            var at = (first * Layout.RowBytes) + ((long)block * Layout.BlockElements * Layout.ValueSize * count);
            ReadExactly(destination.Slice(first * width, count * width), at);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // It no longer matters whether the rows arrive, only that writing has ended.
        ((IAsyncResult)_writing).AsyncWaitHandle.WaitOne();
        _file.Dispose();
    }

    private void Write(ReadOnlySpan<byte> values, long at)
    {
        try
        {
            RandomAccess.Write(_file, values, at);
        }
        catch (IOException full)
        {
            throw new IOException(
                $"The temporary storage of values ({Rows * Layout.RowBytes:N0} bytes) does not fit into '{_folder}': {full.Message} Choose "
                    + "another folder with "
                    + "--spool-dir.",
                full
            );
        }
    }

    private void ReadExactly(Span<byte> destination, long at)
    {
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(_file, destination, at);
            if (read == 0)
                throw new EndOfStreamException($"The spool in '{_folder}' ends at byte {at:N0}.");
            destination = destination[read..];
            at += read;
        }
    }
}
