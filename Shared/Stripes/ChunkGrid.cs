using HpcFit.Shared.Elements;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Shared.Stripes;

/// <summary>The grid of a chunked scalar's chunks, numbered row-major on disk; the last ones may extend beyond the matrix.</summary>
internal sealed class ChunkGrid
{
    private readonly bool _isTransposed;
    private readonly (long Subjects, long Elements) _shape;

    /// <summary>The grid of a chunked scalar.</summary>
    public ChunkGrid(ScalarMatrix scalar)
    {
        var (rows, columns) = scalar.DiskShape;
        (ChunkRows, ChunkColumns) = (scalar.Layout.Chunk[0], scalar.Layout.Chunk[1]);
        (Rows, Columns) = (Divide(rows, ChunkRows), Divide(columns, ChunkColumns));
        _isTransposed = scalar.IsTransposed;
        _shape = (scalar.Subjects, scalar.Elements);
    }

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
        return _isTransposed
            ? new(row, Math.Min(row + ChunkRows, _shape.Elements))
            : new(column, Math.Min(column + ChunkColumns, _shape.Elements));
    }

    /// <summary>The numbers of the chunks that overlap a range of elements, in order; enumerating them allocates nothing.</summary>
    public ChunkNumbers Numbers(ElementRange range) => new(this, _isTransposed, range);

    /// <summary>The part of a chunk that lies in a range of elements.</summary>
    public ChunkPart Part(long number, ElementRange range)
    {
        var elements = Elements(number).Intersect(range);
        var (row, column) = Origin(number);
        var (element, subject, chunkSubjects) = _isTransposed ? (row, column, ChunkColumns) : (column, row, ChunkRows);
        return new(
            (int)(elements.First - element),
            (int)elements.Count,
            (int)subject,
            (int)Math.Min(chunkSubjects, _shape.Subjects - subject),
            (int)(elements.First - range.First)
        );
    }

    private static long Divide(long extent, long chunk) => (extent + chunk - 1) / chunk;
}

/// <summary>The part of a chunk that lies in a range of elements.</summary>
/// <param name="First">Its first element, counted in the chunk.</param>
/// <param name="Count">Its elements.</param>
/// <param name="Subject">The chunk's first subject.</param>
/// <param name="Subjects">The chunk's subjects.</param>
/// <param name="Offset">Its first element, counted in the range.</param>
internal readonly record struct ChunkPart(int First, int Count, int Subject, int Subjects, int Offset);

/// <summary>The numbers of the chunks that overlap a range of elements: all chunks of the first elements, then those of the next.</summary>
internal readonly struct ChunkNumbers(ChunkGrid grid, bool isTransposed, ElementRange range)
{
    /// <summary>Enumerates them.</summary>
    public Enumerator GetEnumerator() => new(grid, isTransposed, range);

    /// <summary>The position in the grid.</summary>
    internal struct Enumerator
    {
        private readonly ChunkGrid _grid;
        private readonly bool _isTransposed;
        private readonly long _end;
        private readonly long _down;
        private long _along;
        private long _at;

        /// <summary>Before the first chunk.</summary>
        public Enumerator(ChunkGrid grid, bool isTransposed, ElementRange range)
        {
            var (elementsInChunk, chunks, down) = isTransposed
                ? (grid.ChunkRows, grid.Rows, grid.Columns)
                : (grid.ChunkColumns, grid.Columns, grid.Rows);
            (_grid, _isTransposed, _down) = (grid, isTransposed, down);
            _end = Math.Min(chunks, (range.End + elementsInChunk - 1) / elementsInChunk);
            (_along, _at) = (range.First / elementsInChunk, -1);
        }

        /// <summary>The chunk's number.</summary>
        public readonly long Current => _isTransposed ? _grid.Number(_along, _at) : _grid.Number(_at, _along);

        /// <summary>Goes to the next chunk.</summary>
        public bool MoveNext()
        {
            if (++_at == _down)
                (_along, _at) = (_along + 1, 0);
            return _along < _end;
        }
    }
}
