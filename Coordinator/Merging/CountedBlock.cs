using HpcFit.Shared.Partials;

namespace HpcFit.Coordinator.Merging;

/// <summary>Reads one of the counts of a hypothesis, one value per row of the results.</summary>
/// <param name="hypothesis">The hypothesis.</param>
/// <param name="which">Which of its counts.</param>
/// <param name="destination">Receives the counts; NaN where there is none.</param>
internal delegate void CountReader(int hypothesis, int which, Span<double> destination);

/// <summary>
/// The counts of permutation tests that a stage over shuffles has, one column per hypothesis and count. Holds what was read: 4 bytes per
/// column and row.
/// </summary>
/// <param name="columns">The number of columns.</param>
/// <param name="rows">The number of rows.</param>
/// <param name="read">Reads a column.</param>
internal sealed class CountedBlock(int columns, long rows, CountReader read) : IResultTiles
{
    private const uint None = uint.MaxValue;

    private readonly uint[]?[] _held = new uint[]?[columns];

    /// <inheritdoc/>
    public int Columns => columns;

    /// <inheritdoc/>
    public long Rows => rows;

    /// <inheritdoc/>
    public void Read(int firstColumn, int columns, long firstRow, int rows, Span<double> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstColumn + columns, Columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow + rows, Rows);
        for (var column = 0; column < columns; column++)
        {
            var held = _held[firstColumn + column] ??= Read(firstColumn + column);
            for (var row = 0; row < rows; row++)
                destination[(column * rows) + row] = held[firstRow + row] is var count and not None ? count : double.NaN;
        }
    }

    private uint[] Read(int column)
    {
        var counts = new double[rows];
        read(column / EnhancedBlock.Counts, column % EnhancedBlock.Counts, counts);
        return Array.ConvertAll(counts, count => double.IsNaN(count) ? None : (uint)count);
    }
}
