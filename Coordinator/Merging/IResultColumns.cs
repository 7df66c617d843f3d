using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// The results of a complete run, pulled a column at a time: the merge holds a few columns, the writer asks for the next one, and nobody
/// holds them all. Reading a column twice gives the same bytes. Used by one thread.
/// </summary>
internal interface IResultColumns
{
    /// <summary>How many columns, <c>element_id</c> included.</summary>
    int Columns { get; }

    /// <summary>How many rows: the elements of the run in the user's order, or all elements of the file for <c>--full-length</c>.</summary>
    long Rows { get; }

    /// <summary>
    /// Fills <paramref name="destination"/> (<see cref="Rows"/> long) with one column; NaN where there is no value. Ascending order is the
    /// quickest.
    /// </summary>
    void ReadColumn(int column, Span<double> destination);

    /// <summary>Fills <paramref name="destination"/> (<see cref="Rows"/> long) with one status code a row.</summary>
    void ReadStatus(Span<ElementStatus> destination);
}
