using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Imaging.Exporting.Places;

/// <summary>
/// A table of a data file that holds where elements lie, as ModelArrayIO or <c>convert</c> wrote it: docs/formats/data-file.md.
/// </summary>
internal sealed class PlaceTable
{
    private const string ColumnNames = "column_names";
    private readonly IReadOnlyList<string> _names;
    private readonly double[] _values;
    private readonly bool _columnsFirst;

    private PlaceTable(string subject, IReadOnlyList<string> names, double[] values, bool columnsFirst, PlaceAttributes attributes) =>
        (Subject, _names, _values, _columnsFirst, Attributes) = (subject, names, values, columnsFirst, attributes);

    /// <summary>Table and file, as messages name them.</summary>
    public string Subject { get; }

    /// <summary>The grid that cells are counted on, where the file holds it.</summary>
    public PlaceAttributes Attributes { get; }

    /// <summary>How many rows.</summary>
    public int Rows => _values.Length / _names.Count;

    /// <summary>Reads a table; null where there is none, or where it has not the columns.</summary>
    /// <param name="data">The data file.</param>
    /// <param name="path">The table.</param>
    /// <param name="columns">The columns that are needed; in this order where the file does not name them.</param>
    /// <param name="rows">As many rows are expected.</param>
    /// <exception cref="BadInputException">It has another number of rows.</exception>
    public static PlaceTable? Read(Hdf5ReadFile data, string path, IReadOnlyList<string> columns, int rows)
    {
        if (data.Kind(path) != Hdf5NodeKind.Dataset)
            return null;
        var subject = data.Describe(path);
        using var dataset = data.OpenDataset(path);
        var names = Hdf5Strings.ReadAttribute(dataset.Id, ColumnNames, subject) ?? columns;
        var shape = Hdf5Shape.Read(dataset, subject);
        if (shape.Count != 2 || !columns.All(names.Contains) || (shape[0] != names.Count && shape[1] != names.Count))
            return null;
        var columnsFirst = shape[0] == names.Count; // a square table is taken as ModelArrayIO stores it
        if (shape[columnsFirst ? 1 : 0] != rows)
            throw new BadInputException(
                $"{subject} has {shape[columnsFirst ? 1 : 0]:N0} rows; the files that were given place {rows:N0}. They are not those "
                    + "of this data."
            );
        return Hdf5Numbers.Read(dataset, subject) is { } values
            ? new(subject, names, values, columnsFirst, PlaceAttributes.Read(dataset, subject))
            : null;
    }

    /// <summary>One of the columns that it was read for.</summary>
    public double[] Column(string name)
    {
        var at = _names.Index().First(column => column.Item == name).Index;
        var values = new double[Rows];
        for (var row = 0; row < values.Length; row++)
            values[row] = _values[_columnsFirst ? (at * Rows) + row : (row * _names.Count) + at];
        return values;
    }
}
