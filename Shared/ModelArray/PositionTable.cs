using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>
/// The numbers of a table of a data file that locates the elements, written by ModelArrayIO or <c>convert</c>: docs/formats/data-file.md.
/// </summary>
public sealed class PositionTable
{
    private const string ColumnNames = "column_names";
    private readonly IReadOnlyList<string> _names;
    private readonly double[] _values;
    private readonly bool _columnsFirst;

    private PositionTable(string subject, IReadOnlyList<string> names, double[] values, bool columnsFirst) =>
        (Subject, _names, _values, _columnsFirst) = (subject, names, values, columnsFirst);

    /// <summary>Table and file, for messages.</summary>
    public string Subject { get; }

    /// <summary>The number of rows.</summary>
    public int Rows => _values.Length / _names.Count;

    /// <summary>Reads a table; null if it does not exist or lacks the columns.</summary>
    /// <param name="data">The data file.</param>
    /// <param name="path">The table.</param>
    /// <param name="columns">The required columns, in this order if the file does not name them.</param>
    /// <param name="rows">The expected number of rows; null: any number.</param>
    /// <exception cref="BadInputException">It has another number of rows.</exception>
    public static PositionTable? Read(Hdf5ReadFile data, string path, IReadOnlyList<string> columns, int? rows = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(columns);
        if (data.Kind(path) != Hdf5NodeKind.Dataset)
            return null;
        var subject = data.Describe(path);
        using var dataset = data.OpenDataset(path);
        var names = Hdf5Strings.ReadAttribute(dataset.Id, ColumnNames, subject) ?? columns;
        var shape = Hdf5Shape.Read(dataset, subject);
        if (shape.Count != 2 || !columns.All(names.Contains) || (shape[0] != names.Count && shape[1] != names.Count))
            return null;
        var columnsFirst = shape[0] == names.Count; // a square table is read in ModelArrayIO's orientation
        if (rows is not null && shape[columnsFirst ? 1 : 0] != rows)
            throw new BadInputException(
                $"{subject} has {shape[columnsFirst ? 1 : 0]:N0} rows; the given files locate {rows:N0} elements. They do not belong to "
                    + "these data."
            );
        return Hdf5Numbers.Read(dataset, subject) is { } values ? new(subject, names, values, columnsFirst) : null;
    }

    /// <summary>One of the requested columns.</summary>
    public double[] Column(string name)
    {
        var at = _names.Index().First(column => column.Item == name).Index;
        var values = new double[Rows];
        for (var row = 0; row < values.Length; row++)
            values[row] = _values[_columnsFirst ? (at * Rows) + row : (row * _names.Count) + at];
        return values;
    }
}
