using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Writing.Chunks;

/// <summary>
/// The blocks in which a dataset is written: its chunks or, for a contiguous dataset, pieces of some megabytes, numbered in C order.
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

    /// <summary>The number of blocks.</summary>
    public long Count { get; }

    /// <summary>Number of values in a full block.</summary>
    public int Values { get; }

    /// <summary>The region of a block, clipped at the end of the dataset.</summary>
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

    /// <summary>As many full innermost runs as fit, so that a piece is contiguous in the file.</summary>
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
