using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Tables;

/// <summary>
/// An analysis as a table with one row per element: its result columns, the status of the elements, and where they are. Only columns that
/// are used are read. Not thread-safe.
/// </summary>
internal sealed class ResultTable : IDisposable
{
    /// <summary>The column of status codes.</summary>
    public const string StatusCode = "element_status";

    /// <summary>The column of status names.</summary>
    public const string StatusName = "status";

    /// <summary>The column of element ids, counted from 0.</summary>
    public const string ElementId = "element_id";

    private readonly AnalysisColumns _analysis;
    private readonly string _path;
    private readonly Lazy<IReadOnlyList<TableColumn>> _statuses;
    private readonly Lazy<ElementPositions> _positions;
    private readonly Lazy<AnalysisRecord> _record;
    private readonly Lazy<IReadOnlyDictionary<string, TestedSide>> _sides;

    private ResultTable(string path, AnalysisColumns analysis, bool allowsExternal, StructureSurfaces surfaces)
    {
        (_path, _analysis) = (path, analysis);
        Results =
        [
            .. analysis.Summary.ColumnNames.Select(
                (name, index) => new NumberColumn(name, isWhole: false, (first, values) => analysis.Read(index, first, values))
            ),
        ];
        _statuses = new(ReadStatuses);
        _record = new(analysis.ReadRecord);
        _sides = new(ReadSides);
        _positions = new(() => ElementPositions.Read(path, ReadIds(), Rows, allowsExternal, surfaces));
    }

    /// <summary>The name of the analysis.</summary>
    public string Analysis => _analysis.Summary.Name;

    /// <summary>The number of rows: elements of the analysis.</summary>
    public long Rows => _analysis.Summary.Elements;

    /// <summary>The columns of the results matrix, in its order.</summary>
    public IReadOnlyList<NumberColumn> Results { get; }

    /// <summary>Code and name of the elements' statuses; empty if the file has no statuses (other programs write none).</summary>
    public IReadOnlyList<TableColumn> Statuses => _statuses.Value;

    /// <summary>The analysis in its file, for what is stored besides the columns.</summary>
    public AnalysisColumns Stored => _analysis;

    /// <summary>
    /// The side on which the permutation test of a term looks for effects; both where none is recorded, as in files of other programs.
    /// </summary>
    public TestedSide SideOf(string term) => _sides.Value.GetValueOrDefault(term);

    /// <summary>The extrapolated p-values of those columns that may have them.</summary>
    public IReadOnlyList<ExtrapolatedP> Extrapolated(IEnumerable<TableColumn> columns) =>
        [.. columns.Distinct().Select(column => ExtrapolatedP.Find(_record.Value, column.Name)).OfType<ExtrapolatedP>()];

    /// <summary>Where the elements are.</summary>
    public ElementPositions Positions => _positions.Value;

    /// <summary>Opens an analysis; <see cref="Dispose"/> closes the file.</summary>
    /// <param name="path">The HDF5 file.</param>
    /// <param name="analysis">The name under <c>/results</c>.</param>
    /// <param name="allowsExternal">Whether values may be stored outside the folder of the file.</param>
    /// <param name="surfaces">Surfaces that locate the vertices of greyordinates; null: none.</param>
    /// <exception cref="BadInputException">The file or the analysis does not exist, or cannot be read.</exception>
    public static ResultTable Open(string path, string analysis, bool allowsExternal, StructureSurfaces? surfaces = null) =>
        new(path, AnalysisColumns.Open(path, analysis, allowsExternal), allowsExternal, surfaces ?? StructureSurfaces.None);

    /// <summary>
    /// The column of a name: of the results, else of statuses or positions; null: there is none.
    /// </summary>
    public TableColumn? TryFind(string name) =>
        Results.FirstOrDefault(column => column.Name == name)
        ?? (
            name is StatusCode or StatusName ? Statuses.FirstOrDefault(column => column.Name == name)
            : ElementPositions.Names.Contains(name) ? Positions.Columns.FirstOrDefault(column => column.Name == name)
            : null
        );

    /// <summary>The column of a name.</summary>
    /// <exception cref="BadInputException">There is none; similar names are listed.</exception>
    public TableColumn Find(string name) =>
        TryFind(name) ?? throw new BadInputException($"The analysis '{Analysis}' of '{_path}' has no column '{name}'. {Hint(name)}");

    /// <summary>A sentence on the columns that resemble an unknown name.</summary>
    public string Hint(string name) =>
        name is StatusCode or StatusName ? "The file contains no statuses of elements: another program wrote this analysis."
        : ElementPositions.Names.Contains(name)
            ? Positions.Problem
                ?? "The file locates its elements by other columns: "
                    + $"{string.Join(", ", Positions.Columns.Select(column => column.Name))}."
        : NearestNames.Hint(name, Results.Select(column => column.Name));

    /// <inheritdoc/>
    public void Dispose() => _analysis.Dispose();

    private Dictionary<string, TestedSide> ReadSides()
    {
        var record = _record.Value;
        var sides = new Dictionary<string, TestedSide>(StringComparer.Ordinal);
        foreach (var (test, word) in record.Values("permuted_tests").Zip(record.Values("sides")))
            sides[test] = SideWords.Parse(word);
        return sides;
    }

    private double[]? ReadIds() => _analysis.Summary.ColumnNames.Contains(ElementId) ? _analysis.Read(ElementId) : null;

    private IReadOnlyList<TableColumn> ReadStatuses()
    {
        if (_analysis.ReadStatuses() is not { } codes)
            return [];
        return
        [
            new NumberColumn(StatusCode, isWhole: true, (first, values) => codes.AsSpan((int)first, values.Length).CopyTo(values)),
            new TextColumn(StatusName, row => NameOf(codes[row])),
        ];
    }

    private static string NameOf(double code) =>
        code is >= 0 and <= byte.MaxValue && Enum.IsDefined((ElementStatus)code) ? $"{(ElementStatus)code}" : $"{code:F0}";
}
