namespace HpcFit.Coordinator.Merging;

/// <summary>
/// A block of result columns, pulled in tiles in any order that suits the dataset's chunks: a new scalar has one column per subject
/// and is never held as a whole. Reading a tile twice gives the same bytes. For use by one thread.
/// </summary>
internal interface IResultTiles
{
    /// <summary>The number of columns: the rows of the dataset.</summary>
    int Columns { get; }

    /// <summary>The number of rows of results: the elements of the dataset.</summary>
    long Rows { get; }

    /// <summary>
    /// Fills <paramref name="destination"/> with columns × rows of the block, column by column; NaN where there is no value. This is
    /// fastest if tiles have many columns and are consecutive along the rows.
    /// </summary>
    /// <param name="firstColumn">The first column, from 0.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="destination">Receives the value of column c and row r at <c>(c - firstColumn) * rows + r - firstRow</c>.</param>
    void Read(int firstColumn, int columns, long firstRow, int rows, Span<double> destination);
}
