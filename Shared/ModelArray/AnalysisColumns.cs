using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>
/// Reads the columns of an analysis in pieces, whichever program wrote it (ModelArray, ModelArrayIO, HpcFit). The file stays open until
/// <see cref="Dispose"/>. Not thread-safe.
/// </summary>
public sealed class AnalysisColumns : IDisposable
{
    private readonly Hdf5ReadFile _file;
    private readonly Hdf5DatasetHandle _matrix;
    private readonly bool _columnsFirst;
    private readonly string _subject;

    private AnalysisColumns(
        Hdf5ReadFile file,
        Hdf5DatasetHandle matrix,
        AnalysisSummary summary,
        bool hasNames,
        bool columnsFirst,
        string subject
    ) => (_file, _matrix, Summary, HasNames, _columnsFirst, _subject) = (file, matrix, summary, hasNames, columnsFirst, subject);

    /// <summary>The analysis: its name, column names and number of elements.</summary>
    public AnalysisSummary Summary { get; }

    /// <summary>
    /// Whether the file contains column names. Otherwise ModelArrayIO's names are used: <c>component001</c>, <c>component002</c>, …
    /// </summary>
    public bool HasNames { get; }

    /// <summary>Opens an analysis.</summary>
    /// <param name="path">The HDF5 file.</param>
    /// <param name="analysis">Its name under <c>/results</c>.</param>
    /// <param name="allowsExternal">Whether its values may lie in files outside the folder of <paramref name="path"/>.</param>
    /// <exception cref="BadInputException">The file or the analysis does not exist (existing analyses are listed), or the numbers of names
    /// and of columns differ.</exception>
    public static AnalysisColumns Open(string path, string analysis, bool allowsExternal = false)
    {
        UndoJournal.RefuseIfPresent(path);
        var file = Hdf5ReadFile.Open(path);
        try
        {
            var analyses = AnalysisMetadata.Read(file, allowsExternal);
            var summary =
                analyses.FirstOrDefault(one => one.Name == analysis)
                ?? throw new BadInputException(
                    analyses.Count == 0
                        ? $"'{path}' contains no analysis: it has no '/results/<name>/results_matrix'. 'hpcfit run' creates one."
                        : $"'{path}' has no analysis '{analysis}'. {NearestNames.Hint(analysis, analyses.Select(one => one.Name))}"
                );
            if (summary.Problem is { } problem)
                throw new BadInputException($"The analysis '{analysis}' of '{path}' cannot be read: {problem}");
            var hasNames = summary.ColumnNames.Count > 0;
            if (!hasNames)
                summary = summary with
                {
                    ColumnNames = [.. Enumerable.Range(1, checked((int)summary.Columns)).Select(number => $"component{number:000}")],
                };
            if (summary.ColumnNames.Count != summary.Columns)
                throw new BadInputException(
                    $"The analysis '{analysis}' of '{path}' has {summary.Columns} columns and {summary.ColumnNames.Count} column "
                        + "names; as many were expected. Fit it again, or write its 'column_names'."
                );
            var dataset = $"/results/{analysis}/results_matrix";
            var matrix = file.OpenDataset(dataset);
            var shape = Hdf5Shape.Read(matrix, file.Describe(dataset));
            return new(file, matrix, summary, hasNames, shape[0] == summary.Columns, file.Describe(dataset));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>What is stored about the fit.</summary>
    public AnalysisRecord ReadRecord() => AnalysisRecord.Read(_file, Summary.Name);

    /// <summary>The index of a column.</summary>
    /// <exception cref="BadInputException">No column has that name; the nearest names are listed.</exception>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Summary.ColumnNames.Count; i++)
        {
            if (Summary.ColumnNames[i] == name)
                return i;
        }
        throw new BadInputException(
            $"The analysis '{Summary.Name}' of '{_file.Path}' has no column '{name}'. {NearestNames.Hint(name, Summary.ColumnNames)}"
        );
    }

    /// <summary>
    /// Fills <paramref name="destination"/> with consecutive rows (elements) of one column, converted to double if stored in another type.
    /// </summary>
    public void Read(int column, long firstRow, Span<double> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow + destination.Length, Summary.Elements);
        if (destination.IsEmpty)
            return;
        var rows = (ulong)destination.Length;
        if (_columnsFirst)
            Hdf5Slab.Read(_matrix, _subject, [(ulong)column, (ulong)firstRow], [1, rows], destination);
        else
            Hdf5Slab.Read(_matrix, _subject, [(ulong)firstRow, (ulong)column], [rows, 1], destination);
    }

    /// <summary>Reads a whole column, one value per element.</summary>
    public double[] Read(string name)
    {
        var values = new double[Summary.Elements];
        Read(IndexOf(name), 0, values);
        return values;
    }

    /// <summary>The names of the groups or datasets in a group of the analysis; empty: there is no such group.</summary>
    /// <param name="group">The group's path below the analysis.</param>
    public IReadOnlyList<string> Names(string group)
    {
        var path = $"/results/{Summary.Name}/{group}";
        return _file.Kind(path) == Hdf5NodeKind.Group ? _file.Children(path) : [];
    }

    /// <summary>The values of a list that is the same for all elements; null: there is no such dataset.</summary>
    /// <param name="name">The dataset's path below the analysis.</param>
    public double[]? ReadList(string name)
    {
        var path = $"/results/{Summary.Name}/{name}";
        if (_file.Kind(path) != Hdf5NodeKind.Dataset)
            return null;
        using var dataset = _file.OpenDataset(path);
        return Hdf5Numbers.Read(dataset, _file.Describe(path));
    }

    /// <summary>One element's values in a block of columns (columns x elements); null: there is no such dataset.</summary>
    /// <param name="name">The dataset's path below the analysis.</param>
    /// <param name="row">The row of the element.</param>
    public double[]? ReadBlock(string name, long row)
    {
        var path = $"/results/{Summary.Name}/{name}";
        if (_file.Kind(path) != Hdf5NodeKind.Dataset)
            return null;
        using var dataset = _file.OpenDataset(path);
        var subject = _file.Describe(path);
        if (Hdf5Shape.Read(dataset, subject) is not [var columns, var rows] || rows != Summary.Elements)
            return null;
        var values = new double[columns];
        Hdf5Slab.Read(dataset, subject, [0, (ulong)row], [(ulong)columns, 1], values);
        return values;
    }

    /// <summary>The datasets and groups of the analysis itself.</summary>
    public IReadOnlyList<string> Names() => _file.Children($"/results/{Summary.Name}");

    /// <summary>An array that does not have one value per element; null: there is no such dataset, or it has no numbers.</summary>
    /// <param name="name">Its name in the analysis.</param>
    /// <param name="labels">An attribute that names what is along one of its axes.</param>
    /// <returns>Its values in C order, its extents, and the labels; empty: there are none.</returns>
    public (double[] Values, IReadOnlyList<long> Shape, IReadOnlyList<string> Labels)? ReadArray(string name, string labels)
    {
        var path = $"/results/{Summary.Name}/{name}";
        if (_file.Kind(path) != Hdf5NodeKind.Dataset)
            return null;
        using var dataset = _file.OpenDataset(path);
        var subject = _file.Describe(path);
        return Hdf5Numbers.Read(dataset, subject) is { } values
            ? (values, Hdf5Shape.Read(dataset, subject), Hdf5Strings.ReadAttribute(dataset.Id, labels, subject) ?? [])
            : null;
    }

    /// <summary>
    /// The status codes of the elements (docs/formats/results.md), one per row; null if the file contains none, or another number of them.
    /// </summary>
    public double[]? ReadStatuses()
    {
        var path = $"/results/{Summary.Name}/element_status";
        if (_file.Kind(path) != Hdf5NodeKind.Dataset)
            return null;
        using var dataset = _file.OpenDataset(path);
        return Hdf5Shape.Read(dataset, _file.Describe(path)) is [var rows] && rows == Summary.Elements
            ? Hdf5Numbers.Read(dataset, _file.Describe(path))
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _matrix.Dispose();
        _file.Dispose();
    }
}
