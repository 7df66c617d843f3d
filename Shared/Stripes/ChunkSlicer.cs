using System.IO.Compression;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Filters;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// Streams a rectangle out of a chunk that is too large for memory: the whole chunk is inflated, only the rectangle is kept. Slow, and
/// repeated for each slice; the stripe plan counts and reports it. A Fletcher-32 checksum is not verified here; gzip's own is.
/// </summary>
internal sealed class ChunkSlicer(StripeSource source, ChunkGrid grid)
{
    private readonly byte[] _discarded = new byte[1 << 16];
    private byte[] _slice = [];
    private byte[] _run = [];

    /// <summary>The rectangle's values, unshuffled and in disk order, or null when the chunk was never written.</summary>
    public StoredBlock? Slice(long number, int row, int rows, int column, int columns)
    {
        var location = source.Index![number];
        if (!location.IsStored)
            return null;
        var size = source.Scalar.Type.Size;
        var bytes = checked(rows * columns * size);
        if (_slice.Length < bytes)
            _slice = GC.AllocateUninitializedArray<byte>(bytes);
        using var section = new FileSection(
            source.Data,
            location.Address,
            location.Size - (IsApplied(StoredFilter.Fletcher32, location) ? Fletcher32.Length : 0)
        );
        var deflated = IsApplied(StoredFilter.Deflate, location);
        using var values = deflated ? new ZLibStream(section, CompressionMode.Decompress) : (Stream)section;
        try
        {
            if (IsApplied(StoredFilter.Shuffle, location) && size > 1)
                ReadPlanes(values, row, rows, column, columns, size);
            else
                ReadRows(values, row, rows, column, columns, size);
        }
        catch (Exception damage) when (damage is InvalidDataException or EndOfStreamException)
        {
            throw source.Corrupt(
                $"Chunk ({number / grid.Columns}, {number % grid.Columns})",
                grid.Elements(number),
                "its data end early or are damaged.",
                damage
            );
        }
        source.Counters.AddChunk(section.BytesRead);
        if (deflated)
            source.Counters.AddInflated(source.ChunkBytes);
        return new(_slice.AsMemory(0, bytes), columns, rows * (long)columns, IsShuffled: false);
    }

    private bool IsApplied(int filter, ChunkLocation location)
    {
        var filters = source.Scalar.Layout.Filters;
        for (var i = 0; i < filters.Count; i++)
        {
            if (filters[i].Id == filter)
                return (location.FilterMask >> i & 1) == 0;
        }
        return false;
    }

    private void ReadRows(Stream values, int row, int rows, int column, int columns, int size)
    {
        long at = 0;
        for (var i = 0; i < rows; i++)
            ReadAt(values, ref at, (((row + i) * grid.ChunkColumns) + column) * size, _slice.AsSpan(i * columns * size, columns * size));
        Skip(values, source.ChunkBytes - at);
    }

    private void ReadPlanes(Stream values, int row, int rows, int column, int columns, int size)
    {
        if (_run.Length < columns)
            _run = new byte[columns];
        long at = 0;
        for (var b = 0; b < size; b++)
        {
            for (var i = 0; i < rows; i++)
            {
                ReadAt(
                    values,
                    ref at,
                    (b * grid.ChunkRows * grid.ChunkColumns) + ((row + i) * grid.ChunkColumns) + column,
                    _run.AsSpan(0, columns)
                );
                for (var j = 0; j < columns; j++)
                    _slice[(((i * columns) + j) * size) + b] = _run[j];
            }
        }
        Skip(values, source.ChunkBytes - at);
    }

    private void ReadAt(Stream values, ref long at, long position, Span<byte> destination)
    {
        Skip(values, position - at);
        values.ReadExactly(destination);
        at = position + destination.Length;
    }

    private void Skip(Stream values, long bytes)
    {
        if (values is FileSection section)
        {
            section.Skip(bytes);
            return;
        }
        for (; bytes > 0; bytes -= Math.Min(bytes, _discarded.Length))
            values.ReadExactly(_discarded.AsSpan(0, (int)Math.Min(bytes, _discarded.Length)));
    }

    /// <summary>A part of a file as a stream, by positional reads.</summary>
    private sealed class FileSection(SafeFileHandle file, long start, long length) : Stream
    {
        private long _position;

        public long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public void Skip(long bytes) => _position += bytes;

        public override int Read(Span<byte> buffer)
        {
            var read = RandomAccess.Read(file, buffer[..(int)Math.Clamp(length - _position, 0, buffer.Length)], start + _position);
            _position += read;
            BytesRead += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
