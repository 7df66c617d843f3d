using System.Buffers.Binary;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Filters;

namespace HpcFit.Coordinator.Writing.Chunks;

/// <summary>
/// Applies a dataset's filters to its chunks: shuffle, gzip, Fletcher-32, in the pipeline's order. Owns its buffers; for use by one thread.
/// </summary>
internal sealed class ChunkEncoder : IDisposable
{
    private readonly DatasetLayout _layout;
    private readonly ZlibEncoder? _zlib;
    private byte[] _from;
    private byte[] _to;

    /// <summary>Creates an encoder for a dataset whose chunks our own threads encode.</summary>
    public ChunkEncoder(DatasetLayout layout)
    {
        _layout = layout;
        // Space for the checksums; gzip is skipped if it does not shrink a chunk, so no other filter adds bytes.
        var capacity = checked((int)layout.ChunkBytes) + (layout.Filters.Count * sizeof(uint));
        _from = GC.AllocateUninitializedArray<byte>(capacity);
        _to = GC.AllocateUninitializedArray<byte>(capacity);
        if (layout.Filters.FirstOrDefault(filter => filter.Id == StoredFilter.Deflate) is { } gzip)
            _zlib = ZlibEncoder.Create(checked((int)gzip.Parameters[0]));
    }

    /// <summary>The buffer for a full chunk's values, to be filled before <see cref="Encode"/>.</summary>
    public Span<byte> Values => _from.AsSpan(0, (int)_layout.ChunkBytes);

    /// <summary>Bit i set: filter i was skipped by the last <see cref="Encode"/>.</summary>
    public uint FilterMask { get; private set; }

    /// <summary>
    /// Encodes <see cref="Values"/>, which are overwritten. The result is valid until the next chunk's values are stored.
    /// </summary>
    public ReadOnlyMemory<byte> Encode()
    {
        FilterMask = 0;
        var length = (int)_layout.ChunkBytes;
        for (var i = 0; i < _layout.Filters.Count; i++)
        {
            switch (_layout.Filters[i].Id)
            {
                case StoredFilter.Shuffle when _layout.Type.Size == 1:
                    break; // a plane of single bytes is the values themselves
                case StoredFilter.Shuffle:
                    Shuffle.Run(_from.AsSpan(0, length), _layout.Type.Size, _to);
                    Swap();
                    break;
                case StoredFilter.Deflate:
                    if (Deflate(length) is var deflated and > 0)
                    {
                        length = deflated;
                        Swap();
                    }
                    else
                    {
                        FilterMask |= 1u << i;
                    }
                    break;
                case StoredFilter.Fletcher32:
                    BinaryPrimitives.WriteUInt32LittleEndian(_from.AsSpan(length), Fletcher32.Compute(_from.AsSpan(0, length)));
                    length += Fletcher32.Length;
                    break;
                default:
                    throw new InvalidOperationException(
                        $"The filter '{_layout.Filters[i]}' of {_layout.Path} is not supported by this encoder."
                    );
            }
        }
        return _from.AsMemory(0, length);
    }

    /// <inheritdoc/>
    public void Dispose() => _zlib?.Dispose();

    /// <summary>The deflated length, or 0 when it would not be shorter.</summary>
    private int Deflate(int length)
    {
        var deflated = _zlib!.Encode(_from.AsSpan(0, length), _to);
        return deflated < length ? deflated : 0;
    }

    private void Swap() => (_from, _to) = (_to, _from);
}
