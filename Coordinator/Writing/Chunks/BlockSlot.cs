using System.IO.Hashing;
using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Writing.Chunks;

/// <summary>Buffers for one block between source and file: pulled by the writing thread, encoded and checksummed by another.</summary>
internal sealed class BlockSlot : IDisposable
{
    private readonly DatasetLayout _layout;
    private readonly ChunkEncoder? _encoder;
    private readonly byte[] _values;
    private Task _work = Task.CompletedTask;

    /// <summary>A slot for blocks of a dataset.</summary>
    /// <param name="layout">The dataset.</param>
    /// <param name="valuesInBlock">Number of values in a full block.</param>
    public BlockSlot(DatasetLayout layout, int valuesInBlock)
    {
        _layout = layout;
        _encoder = layout.HasRawChunks ? new(layout) : null;
        _values = _encoder is null ? new byte[checked(valuesInBlock * layout.Type.Size)] : [];
    }

    /// <summary>The number of the block.</summary>
    public Region Region { get; private set; }

    /// <summary>The bytes for the file; valid until the next <see cref="Fill"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>The record for the verification.</summary>
    public BlockRecord Record { get; private set; }

    /// <summary>Pulls a block and starts its encoding.</summary>
    public void Fill(Region region, RegionSource source, byte[] cut)
    {
        Region = region;
        var length = checked((int)(region.Count * _layout.Type.Size));
        if (_encoder is null)
        {
            source(region, _values.AsSpan(0, length));
            Bytes = _values.AsMemory(0, length);
        }
        else if (length == _encoder.Values.Length)
        {
            source(region, _encoder.Values);
        }
        else
        {
            // A chunk at the end of the dataset is stored completely; values beyond the end are zero, so that equal values give equal
            // files.
            source(region, cut.AsSpan(0, length));
            _encoder.Values.Clear();
            Rectangle.Place(cut.AsSpan(0, length), region.Extent, _layout.Type.Size, _layout.Chunk, _encoder.Values);
        }
        _work = Task.Run(Encode);
    }

    /// <summary>Waits for the encoding.</summary>
    public void Wait() => _work.GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose()
    {
        // If another slot failed, that error is being reported; here it is only necessary that the work has ended before its buffers are
        // freed.
        ((IAsyncResult)_work).AsyncWaitHandle.WaitOne();
        _encoder?.Dispose();
    }

    private void Encode()
    {
        if (_encoder is not null)
            Bytes = _encoder.Encode();
        Record = new(Bytes.Length, _encoder?.FilterMask ?? 0, XxHash3.HashToUInt64(Bytes.Span));
    }
}
