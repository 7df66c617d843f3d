namespace HpcFit.Coordinator.Merging;

/// <summary>
/// A block of result columns, pulled a rectangle at a time in whatever order its dataset's chunks want: a new scalar has a column a subject
/// and is never held whole. Reading a tile twice gives the same bytes. Used by one thread.
/// </summary>
internal interface IResultTiles
{
    /// <summary>How many columns: the rows of the dataset.</summary>
    int Columns { get; }

    /// <summary>How many rows of results: the elements of the dataset.</summary>
    long Rows { get; }

    /// <summary>
    /// Fills <paramref name="destination"/> with columns × rows of the block, column after column; NaN where there is no value. Quickest
    /// when tiles hold many columns and follow each other along the rows.
    /// </summary>
    /// <param name="firstColumn">The first column, from 0.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="destination">Value of column c and row r at <c>(c - firstColumn) * rows + r - firstRow</c>.</param>
    void Read(int firstColumn, int columns, long firstRow, int rows, Span<double> destination);
}
