using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>
/// A matrix subjects × elements on its way from rows (images) to blocks of columns (chunks), kept in a file without a name, so that memory
/// does not grow with it. Rows arrive in batches; within a batch values lie block by block, so that a block of columns is one run of bytes
/// a batch, and those runs one behind the other are the chunk itself.
/// </summary>
internal sealed class RowSpool : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly List<(int First, int Count)> _batches = [];
    private readonly string _folder;
    private Task _writing = Task.CompletedTask;

    /// <summary>Makes an empty one.</summary>
    /// <param name="folder">The folder whose file system holds it. Its name is gone at once; one that a process killed in between left is
    /// removed by the next.</param>
    /// <param name="rows">Subjects.</param>
    /// <param name="layout">How a row's values are cut into blocks.</param>
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
                $"No file for the values on their way can be made in '{folder}': {failure.Message} Choose another folder with "
                    + "--spool-dir.",
                failure
            );
        }
    }

    /// <summary>Subjects.</summary>
    public int Rows { get; }

    /// <summary>How a row's values are cut into blocks.</summary>
    public BlockLayout Layout { get; }

    /// <summary>Adds the next rows. They are written while the caller goes on.</summary>
    /// <param name="count">How many.</param>
    /// <param name="values">Their values, block by block: <see cref="BlockLayout.Place"/>. The caller's again after the next call.</param>
    public void Append(int count, byte[] values)
    {
        var first = _batches.Count == 0 ? 0 : _batches[^1].First + _batches[^1].Count;
        Finish();
        _batches.Add((first, count));
        _writing = Task.Run(() => Write(values.AsSpan(0, checked((int)(count * Layout.RowBytes))), first * Layout.RowBytes));
    }

    /// <summary>Waits until all rows are written.</summary>
    /// <exception cref="IOException">The file system refused.</exception>
    public void Finish() => _writing.GetAwaiter().GetResult();

    /// <summary>Reads a block of columns: all rows, row-major.</summary>
    /// <param name="block">Its number.</param>
    /// <param name="destination">Rows × the block's width × bytes of a value.</param>
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
        // Whether rows arrived matters no more; they must only be on their way no longer.
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
                $"The values on their way ({Rows * Layout.RowBytes:N0} bytes) do not fit into '{_folder}': {full.Message} Choose "
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
