using System.IO.Hashing;
using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Writing.Chunks;

/// <summary>One block on its way from its source to the file: pulled by the writing thread, encoded and checksummed by another.</summary>
internal sealed class BlockSlot : IDisposable
{
    private readonly DatasetLayout _layout;
    private readonly ChunkEncoder? _encoder;
    private readonly byte[] _values;
    private Task _work = Task.CompletedTask;

    /// <summary>A slot for blocks of a dataset.</summary>
    /// <param name="layout">The dataset.</param>
    /// <param name="valuesInBlock">Values of a whole block.</param>
    public BlockSlot(DatasetLayout layout, int valuesInBlock)
    {
        _layout = layout;
        _encoder = layout.HasRawChunks ? new(layout) : null;
        _values = _encoder is null ? new byte[checked(valuesInBlock * layout.Type.Size)] : [];
    }

    /// <summary>Which block.</summary>
    public Region Region { get; private set; }

    /// <summary>What goes into the file; valid until the next <see cref="Fill"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>What is remembered of it.</summary>
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
            // A chunk at the dataset's end is stored whole; what lies beyond the end is zero, so that equal values make equal files.
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
        // Another slot's failure is on its way to the user; this one's work must only be over before its buffers go.
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
