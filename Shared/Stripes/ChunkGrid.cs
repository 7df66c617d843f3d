using HpcFit.Shared.Elements;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Shared.Stripes;

/// <summary>The grid of a chunked scalar's chunks, numbered row-major on disk; the last ones may extend beyond the matrix.</summary>
internal sealed class ChunkGrid
{
    /// <summary>The grid of a chunked scalar.</summary>
    public ChunkGrid(ScalarMatrix scalar)
    {
        var (rows, columns) = scalar.DiskShape;
        (ChunkRows, ChunkColumns) = (scalar.Layout.Chunk[0], scalar.Layout.Chunk[1]);
        (Rows, Columns) = (Divide(rows, ChunkRows), Divide(columns, ChunkColumns));
        _isTransposed = scalar.IsTransposed;
        _elements = scalar.Elements;
    }

    private readonly bool _isTransposed;
    private readonly long _elements;

    /// <summary>Matrix rows in a chunk.</summary>
    public long ChunkRows { get; }

    /// <summary>Matrix columns in a chunk.</summary>
    public long ChunkColumns { get; }

    /// <summary>Chunks down the matrix.</summary>
    public long Rows { get; }

    /// <summary>Chunks across the matrix.</summary>
    public long Columns { get; }

    /// <summary>How many chunks cover the matrix.</summary>
    public long Count => Rows * Columns;

    /// <summary>The number of the chunk at a position of the grid.</summary>
    public long Number(long row, long column) => row * Columns + column;

    /// <summary>The matrix row and column at which a chunk begins.</summary>
    public (long Row, long Column) Origin(long number) => (number / Columns * ChunkRows, number % Columns * ChunkColumns);

    /// <summary>The elements a chunk covers.</summary>
    public ElementRange Elements(long number)
    {
        var (row, column) = Origin(number);
        return _isTransposed ? new(row, Math.Min(row + ChunkRows, _elements)) : new(column, Math.Min(column + ChunkColumns, _elements));
    }

    private static long Divide(long extent, long chunk) => (extent + chunk - 1) / chunk;
}
