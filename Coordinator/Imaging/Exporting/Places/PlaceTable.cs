using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Imaging.Exporting.Places;

/// <summary>
/// A table of a data file that locates the elements, with the grid of its cells: docs/formats/data-file.md.
/// </summary>
internal sealed class PlaceTable
{
    private readonly PositionTable _numbers;

    private PlaceTable(PositionTable numbers, PlaceAttributes attributes) => (_numbers, Attributes) = (numbers, attributes);

    /// <summary>Table and file, for messages.</summary>
    public string Subject => _numbers.Subject;

    /// <summary>The grid of the cells, as far as the file contains it.</summary>
    public PlaceAttributes Attributes { get; }

    /// <summary>The number of rows.</summary>
    public int Rows => _numbers.Rows;

    /// <summary>Reads a table; null if it does not exist or lacks the columns.</summary>
    /// <param name="data">The data file.</param>
    /// <param name="path">The table.</param>
    /// <param name="columns">The required columns, in this order if the file does not name them.</param>
    /// <param name="rows">The expected number of rows; null: any number.</param>
    /// <exception cref="BadInputException">It has another number of rows.</exception>
    public static PlaceTable? Read(Hdf5ReadFile data, string path, IReadOnlyList<string> columns, int? rows = null)
    {
        if (PositionTable.Read(data, path, columns, rows) is not { } numbers)
            return null;
        using var dataset = data.OpenDataset(path);
        return new(numbers, PlaceAttributes.Read(dataset, numbers.Subject));
    }

    /// <summary>One of the requested columns.</summary>
    public double[] Column(string name) => _numbers.Column(name);
}
