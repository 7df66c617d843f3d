namespace HpcFit.Coordinator.Tables;

/// <summary>A column of a table that has one row per element of an analysis.</summary>
/// <param name="name">Its name in headers and expressions.</param>
internal abstract class TableColumn(string name)
{
    /// <summary>Its name in headers and expressions.</summary>
    public string Name { get; } = name;
}

/// <summary>Fills the destination with the values of consecutive rows.</summary>
/// <param name="firstRow">The first row, counted from 0.</param>
/// <param name="destination">One value per row; NaN where there is none.</param>
internal delegate void NumberSource(long firstRow, Span<double> destination);

/// <summary>A column of numbers.</summary>
/// <param name="name">Its name.</param>
/// <param name="isWhole">Whether all its values are whole numbers by definition (codes, indices), which are never missing.</param>
/// <param name="read">Reads consecutive rows.</param>
internal sealed class NumberColumn(string name, bool isWhole, NumberSource read) : TableColumn(name)
{
    /// <summary>Whether all its values are whole numbers by definition (codes, indices), which are never missing.</summary>
    public bool IsWhole { get; } = isWhole;

    /// <summary>Reads consecutive rows.</summary>
    public void Read(long firstRow, Span<double> destination) => read(firstRow, destination);

    /// <summary>
    /// The column with its values in memory: reading single rows of a stored column inflates a whole chunk for each of them.
    /// </summary>
    /// <param name="rows">The number of rows of the table.</param>
    public NumberColumn Hold(long rows)
    {
        var values = new double[rows];
        Read(0, values);
        return new(Name, IsWhole, (first, destination) => values.AsSpan((int)first, destination.Length).CopyTo(destination));
    }

    /// <summary>The value of one row.</summary>
    public double At(long row)
    {
        var value = 0.0;
        read(row, new(ref value));
        return value;
    }
}

/// <summary>A column of texts, such as the names of parcels.</summary>
/// <param name="name">Its name.</param>
/// <param name="textOf">The text of a row, never missing.</param>
internal sealed class TextColumn(string name, Func<long, string> textOf) : TableColumn(name)
{
    /// <summary>The text of a row.</summary>
    public string this[long row] => textOf(row);
}
