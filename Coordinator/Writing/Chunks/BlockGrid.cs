using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Writing.Chunks;

/// <summary>
/// How a dataset is cut for writing: its chunks, or for a contiguous one pieces of some megabytes. Pieces are numbered in C order.
/// </summary>
internal sealed class BlockGrid
{
    private const long BytesOfPiece = 4 << 20;
    private readonly long[] _shape;
    private readonly long[] _block;
    private readonly long[] _blocks;

    /// <summary>The grid of a dataset.</summary>
    public BlockGrid(DatasetLayout dataset)
    {
        _shape = [.. dataset.Shape];
        _block = dataset.Chunk.Count > 0 ? [.. dataset.Chunk] : Piece(_shape, dataset.Type.Size);
        _blocks = [.. _shape.Select((extent, axis) => (extent + _block[axis] - 1) / _block[axis])];
        Count = _blocks.Aggregate(1L, (product, blocks) => checked(product * blocks));
        Values = checked((int)_block.Aggregate(1L, (product, extent) => checked(product * extent)));
    }

    /// <summary>How many blocks.</summary>
    public long Count { get; }

    /// <summary>Values in a whole block.</summary>
    public int Values { get; }

    /// <summary>Extents of a whole block.</summary>
    public IReadOnlyList<long> Block => _block;

    /// <summary>What a block covers, cut at the dataset's end.</summary>
    public Region this[long number]
    {
        get
        {
            var (origin, extent) = (new long[_shape.Length], new long[_shape.Length]);
            for (var axis = _shape.Length - 1; axis >= 0; axis--)
            {
                origin[axis] = number % _blocks[axis] * _block[axis];
                extent[axis] = Math.Min(_block[axis], _shape[axis] - origin[axis]);
                number /= _blocks[axis];
            }
            return new(origin, extent);
        }
    }

    /// <summary>As many whole innermost runs as fit, so that a piece is one run of the file.</summary>
    private static long[] Piece(long[] shape, int size)
    {
        var piece = new long[shape.Length];
        var left = Math.Max(1, BytesOfPiece / size);
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            piece[axis] = Math.Max(1, Math.Min(shape[axis], left));
            left = Math.Max(1, left / piece[axis]);
        }
        return piece;
    }
}
