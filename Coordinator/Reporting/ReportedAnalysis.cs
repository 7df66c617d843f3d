using System.Globalization;
using HpcFit.Coordinator.Inspection;
using HpcFit.Coordinator.Reporting.Findings;
using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tables.Formats;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Reporting;

/// <summary>An analysis as a report needs it: its table, its record, and what was found.</summary>
internal sealed class ReportedAnalysis : IDisposable
{
    private readonly Lazy<ElementSpace> _space;
    private readonly Lazy<NumberColumn?> _ids;
    private readonly Dictionary<Term, IReadOnlyList<int>> _peaks = new(ReferenceEqualityComparer.Instance);

    private ReportedAnalysis(ResultTable table, AnalysisDetails details, double threshold, StructureSurfaces surfaces)
    {
        (Table, Details, Threshold, Surfaces) = (table, details, threshold, surfaces);
        Terms = Term.ReadAll(table);
        _ids = new(() => (table.TryFind(ResultTable.ElementId) as NumberColumn)?.Hold(table.Rows));
        _space = new(() => ElementSpace.Read(table, surfaces));
    }

    /// <summary>Its values.</summary>
    public ResultTable Table { get; }

    /// <summary>What is stored about the fit.</summary>
    public AnalysisDetails Details { get; }

    /// <summary>The threshold of findings.</summary>
    public double Threshold { get; }

    /// <summary>The terms with p-values.</summary>
    public IReadOnlyList<Term> Terms { get; }

    /// <summary>The surfaces of structures.</summary>
    public StructureSurfaces Surfaces { get; }

    /// <summary>The values of single subjects; null: they are not shown.</summary>
    public SubjectValues? Subjects { get; private init; }

    /// <summary>Where the elements are.</summary>
    public ElementSpace Space => _space.Value;

    /// <summary>The name of one element.</summary>
    public string Element =>
        (Table.Positions.Columns is [var first, ..] ? first.Name : null) switch
        {
            "fixel" => "fixel",
            "i" => "voxel",
            "greyordinate" => "greyordinate",
            "parcel" => "parcel",
            "parcel_from" => "pair of parcels",
            _ => "element",
        };

    /// <summary>The name of several elements.</summary>
    public string Elements => Element == "pair of parcels" ? "pairs of parcels" : Element + "s";

    /// <summary>What a model has one value of per element: observations of a mixed model may be sessions of one subject.</summary>
    public string Rows => Details.Record.Value("model") is "lmm" or "gamm" ? "observations" : "subjects";

    /// <summary>Opens an analysis.</summary>
    /// <exception cref="Shared.Failures.BadInputException">There is no such analysis, or it cannot be read.</exception>
    public static ReportedAnalysis Open(ReportRequest request, string analysis, StructureSurfaces surfaces, CancellationToken token)
    {
        var details = AnalysisDetails.Read(request.File, analysis, token);
        var table = ResultTable.Open(request.File, analysis, request.AllowsExternal, surfaces);
        try
        {
            return new(table, details, request.Threshold, surfaces)
            {
                Subjects = request.WithSubjectValues ? SubjectValues.Open(details.Record, analysis, request.AllowsExternal) : null,
            };
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>The threshold of a term in words: <c>Age.p.value.fdr &lt; 0.05</c>.</summary>
    public string ThresholdOf(Term term) => $"{term.Decisive.Name} < {AlignedTable.Rounded(Threshold)}";

    /// <summary>The peaks of a term, the strongest first; they are sought once.</summary>
    public IReadOnlyList<int> PeaksOf(Term term)
    {
        if (!_peaks.TryGetValue(term, out var peaks))
            _peaks.Add(term, peaks = Peaks.Find(term, Space, Threshold));
        return peaks;
    }

    /// <summary>The number of a row's element.</summary>
    public long ElementOf(int row) => _ids.Value is { } ids ? (long)ids.At(row) : row;

    /// <summary>The id of a row's element.</summary>
    public string IdOf(int row) => _ids.Value is { } ids ? AlignedTable.Cell(ids, row) : row.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Dispose() => Table.Dispose();
}
