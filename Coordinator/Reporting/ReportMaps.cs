using HpcFit.Coordinator.Reporting.Maps;
using HpcFit.Coordinator.Reporting.Markup;
using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tables.Formats;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Reporting;

/// <summary>The maps sections of a report, one per analysis, with the script and style that they share.</summary>
internal sealed class ReportMaps
{
    /// <summary>Statistics of so many terms are mapped unless others are requested.</summary>
    private const int DefaultTerms = 3;

    /// <summary>The standard normal score of a test by permutation.</summary>
    private const string Score = "z";

    /// <summary>Bytes of default maps; those that exceed it are left out.</summary>
    private const long DefaultBytes = 10_000_000;

    /// <summary>A report with more is refused: browsers would hardly open it.</summary>
    private const long MaxBytes = 30_000_000;

    private const int MaxPeaks = 10;

    private readonly List<string> _sections = [];

    private ReportMaps() { }

    /// <summary>CSS of the maps; empty: there are none.</summary>
    public string Style { get; private set; } = "";

    /// <summary>The viewer; empty: there are no maps.</summary>
    public string Script { get; private set; } = "";

    /// <summary>The size of all maps in bytes of the page.</summary>
    public long Bytes { get; private set; }

    /// <summary>Makes the maps of a report.</summary>
    /// <param name="request">What to report.</param>
    /// <param name="analyses">The analyses.</param>
    /// <exception cref="BadInputException">A requested column does not exist, or the maps are too large.</exception>
    public static ReportMaps Create(ReportRequest request, IReadOnlyList<ReportedAnalysis> analyses)
    {
        var maps = new ReportMaps();
        foreach (var analysis in analyses)
            maps.Add(request, analysis);
        return maps.Bytes <= MaxBytes
            ? maps
            : throw new BadInputException(
                $"The maps take {maps.Bytes / 1e6:N0} MB; a report has at most {MaxBytes / 1e6:N0} MB of them. Request fewer with "
                    + "--maps, or report fewer analyses at once."
            );
    }

    /// <summary>The markup of an analysis' section.</summary>
    public string HtmlOf(int analysis) => _sections[analysis];

    private void Add(ReportRequest request, ReportedAnalysis analysis)
    {
        var table = analysis.Table;
        var places = MapPlaces.Read(
            request.File,
            table.Positions,
            table.TryFind(ResultTable.ElementId) is NumberColumn ids ? Values(ids, table.Rows) : null,
            table.Rows,
            request.Template,
            analysis.Surfaces,
            out var problem
        );
        if (!places.CanDraw)
        {
            AddNone(problem ?? "There are no maps of these elements.");
            return;
        }
        var columns = request.Maps is { } names ? names.Select(name => Column(analysis, table.Find(name))).ToList() : Defaults(analysis);
        if (columns.Count == 0)
        {
            AddNone("The analysis has no statistic to map; --maps names other columns.");
            return;
        }
        var section = MapSection.Create(places, columns, Peaks(analysis));
        while (request.Maps is null && section.Bytes > DefaultBytes && columns.Count > 1)
        {
            columns.RemoveAt(columns.Count - 1);
            section = MapSection.Create(places, columns, Peaks(analysis));
        }
        _sections.Add(section.Html);
        (Style, Script, Bytes) = (MapSection.Style, MapSection.Script, Bytes + section.Bytes);
    }

    private void AddNone(string why)
    {
        var text = new StringWriter();
        new HtmlWriter(text).Element("p", why);
        _sections.Add(text.ToString());
    }

    /// <summary>The statistic of the first terms, or the first columns if the analysis has no statistics, and the statuses.</summary>
    private static List<MapColumn> Defaults(ReportedAnalysis analysis)
    {
        var names = analysis.Table.Results.Select(column => (Column: column, Name: StatisticName.FromColumn(column.Name))).ToList();
        var statistics = names.Where(one => one.Name is { Statistic: "statistic", IsOfEffect: true }).Take(DefaultTerms);
        var enhanced = names.Where(one => one.Name is { IsEnhanced: true, IsOfEffect: true }).Take(DefaultTerms);
        var permuted = names.Where(one => one.Name.Statistic == Score && FamilyWiseOf(analysis, one.Name) is not null).Take(DefaultTerms);
        var effects = statistics.Concat(permuted).Concat(enhanced).Select(one => one.Column).ToList();
        var columns =
            effects.Count > 0 ? effects : analysis.Table.Results.Where(column => column.Name != ResultTable.ElementId).Take(DefaultTerms);
        return
        [
            .. columns
                .Cast<TableColumn>()
                .Concat(analysis.Table.Statuses.OfType<NumberColumn>())
                .Select(column => Column(analysis, column)),
        ];
    }

    private static MapColumn Column(ReportedAnalysis analysis, TableColumn column)
    {
        if (column is not NumberColumn numbers)
            throw new BadInputException($"'{column.Name}' contains texts; --maps needs columns of numbers.");
        var values = Values(numbers, analysis.Table.Rows);
        if (column.Name == ResultTable.StatusCode)
            return new(column.Name, "status of the fit", values, IsSigned: false) { Words = StatusNames(values) };
        var name = StatisticName.FromColumn(column.Name);
        var threshold = ThresholdOf(analysis, name, values);
        // The findings of one side have one sign: those of the other, however large, are hidden.
        var side = double.IsNaN(threshold) ? TestedSide.Both : analysis.Table.SideOf(name.Term);
        var isSigned = side == TestedSide.Both && Array.Exists(values, value => value < 0);
        var title =
            name.Statistic == Score && FamilyWiseOf(analysis, name) is { } corrected ? $"{column.Name} by {corrected.Name}" : column.Name;
        if (ExtrapolatedP.Find(analysis.Details.Record, column.Name) is { Elements: > 0 } p)
            title += $" ({p.OfColumn} extrapolated)";
        return new(column.Name, title, values, isSigned) { Threshold = threshold, HidesAbove = side == TestedSide.Lower };
    }

    /// <summary>Statistics are shown from that of the weakest finding on, so that the map shows the findings first.</summary>
    private static double ThresholdOf(ReportedAnalysis analysis, StatisticName name, double[] values)
    {
        if (
            !(name.Statistic is "statistic" or Score || name.IsEnhanced)
            || analysis.Terms.FirstOrDefault(one => one.Name == name.Term) is not { } term
        )
            return double.NaN;
        var decisions = FamilyWiseOf(analysis, name)?.Values;
        var found = Enumerable
            .Range(0, values.Length)
            .Where(row => decisions is null ? term.IsBelow(row, analysis.Threshold) : decisions[row] < analysis.Threshold)
            .Select(row => Math.Abs(values[row]));
        var weakest = found.DefaultIfEmpty(double.NaN).Min();
        return term.Side == TestedSide.Lower ? -weakest : weakest;
    }

    /// <summary>
    /// The p-values by the largest statistic that belong to an enhanced statistic, or to z; null: there are none. What neighbours support
    /// has p-values of its own.
    /// </summary>
    private static (string Name, double[] Values)? FamilyWiseOf(ReportedAnalysis analysis, StatisticName name)
    {
        if (!(name.Statistic == Score || name.IsEnhanced) || analysis.Terms.FirstOrDefault(one => one.Name == name.Term) is not { } term)
            return null;
        var wanted = $"{name.Term}.p.value.fwe{(name.IsEnhanced ? $".{name.Statistic}" : "")}";
        var found = term.FamilyWise.FirstOrDefault(one => one.Name == wanted);
        return found.Values is not null ? found
            : term.Decisive.Name == wanted ? (wanted, term.Decisions)
            : null;
    }

    private static Dictionary<int, string> StatusNames(double[] codes) =>
        codes
            .Where(double.IsFinite)
            .Select(code => (int)code)
            .Distinct()
            .ToDictionary(code => code, code => $"{(ElementStatus)code}: {StatusWords.For((ElementStatus)code)}");

    /// <summary>The peaks of the terms, to which readers can go.</summary>
    private static IReadOnlyList<RowDetail> Peaks(ReportedAnalysis analysis) =>
        [
            .. analysis
                .Terms.Where(term => term.Name != "model")
                .SelectMany(term =>
                    analysis
                        .PeaksOf(term)
                        .Where(row => term.IsBelow(row, analysis.Threshold))
                        .Take(MaxPeaks)
                        .Select(row => new RowDetail(
                            row,
                            $"{term.Name}: {analysis.Element} {analysis.IdOf(row)}, "
                                + $"{term.Decisive.Name} {AlignedTable.Rounded(term.Decisions[row])}"
                        ))
                ),
        ];

    private static double[] Values(NumberColumn column, long rows)
    {
        var values = new double[rows];
        column.Read(0, values);
        return values;
    }
}
