using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs.Variables;

namespace HpcFit.Coordinator.Inspection;

/// <summary>The output of <c>inspect --json</c>: docs/formats/inspect-json.md.</summary>
internal sealed record Inspected
{
    /// <summary>The version of this format: it increases when a field changes its meaning or is removed.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The file, as it was given.</summary>
    public required string File { get; init; }

    /// <summary>Its length.</summary>
    public long? Bytes { get; init; }

    /// <summary>Its scalars; null if one analysis was requested.</summary>
    public IReadOnlyList<InspectedScalar>? Scalars { get; init; }

    /// <summary>Its analyses; null if one was requested.</summary>
    public IReadOnlyList<InspectedAnalysis>? Analyses { get; init; }

    /// <summary>The analysis that was requested.</summary>
    public InspectedAnalysis? Analysis { get; init; }

    /// <summary>Other datasets, such as tables of the elements' positions.</summary>
    public IReadOnlyList<InspectedTable>? Tables { get; init; }

    /// <summary>What prevents writing results, and which tables are not read.</summary>
    public IReadOnlyList<string>? Advice { get; init; }

    /// <summary>A whole file.</summary>
    public static Inspected From(ModelArrayFile file, IReadOnlyDictionary<string, AnalysisRecord> records) =>
        new()
        {
            File = file.Path,
            Bytes = file.Length,
            Scalars = [.. file.Scalars.Select(InspectedScalar.From)],
            Analyses =
            [
                .. file.Analyses.Select(analysis => InspectedAnalysis.From(analysis, records.GetValueOrDefault(analysis.Name), null)),
            ],
            Tables = [.. file.ElementTables.Select(table => new InspectedTable(table.Name, table.Shape))],
            Advice = [.. FileReport.Advice(file)],
        };

    /// <summary>One analysis.</summary>
    public static Inspected From(AnalysisDetails details) =>
        new() { File = details.File, Analysis = InspectedAnalysis.From(details.Summary, details.Record, details.ElementsWithValues) };
}

/// <summary>A scalar.</summary>
internal sealed record InspectedScalar(
    string Name,
    long Subjects,
    long Elements,
    string Type,
    bool IsTransposed,
    long ChunkSubjects,
    long ChunkElements,
    IReadOnlyList<string> Filters,
    long StoredBytes,
    long InflatedBytes,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string> StoredIn,
    IReadOnlyList<string> Advice
)
{
    /// <summary>Why it cannot be used.</summary>
    public string? Problem { get; init; }

    /// <summary>A scalar of a file.</summary>
    public static InspectedScalar From(ScalarMatrix scalar) =>
        new(
            scalar.Name,
            scalar.Subjects,
            scalar.Elements,
            scalar.Type.ToString(),
            scalar.IsTransposed,
            scalar.ChunkSubjects,
            scalar.ChunkElements,
            [.. scalar.Layout.Filters.Select(filter => filter.ToString())],
            scalar.Layout.StoredBytes,
            scalar.InflatedBytes,
            scalar.SourceNames,
            scalar.Storage.Files,
            [.. LayoutAdvice.For(scalar)]
        )
        {
            Problem = scalar.Problem,
        };
}

/// <summary>An analysis.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Elements">Its rows, one per element.</param>
/// <param name="Columns">The names of its columns.</param>
/// <param name="Record">What is stored about the fit, by name; empty if another program wrote it.</param>
internal sealed record InspectedAnalysis(
    string Name,
    long Elements,
    IReadOnlyList<string> Columns,
    IReadOnlyDictionary<string, JsonNode> Record
)
{
    /// <summary>The number of elements per status.</summary>
    public IReadOnlyDictionary<string, long>? StatusCounts { get; init; }

    /// <summary>The number of elements with values, where no statuses are stored.</summary>
    public long? ElementsWithValues { get; init; }

    /// <summary>The terms that have statistics.</summary>
    public IReadOnlyList<string> Terms { get; init; } = [];

    /// <summary>The corrections that have columns.</summary>
    public IReadOnlyList<string> Corrections { get; init; } = [];

    /// <summary>Other files that contain values.</summary>
    public IReadOnlyList<string> StoredIn { get; init; } = [];

    /// <summary>Why it cannot be read.</summary>
    public string? Problem { get; init; }

    /// <summary>An analysis of a file.</summary>
    public static InspectedAnalysis From(AnalysisSummary summary, AnalysisRecord? record, long? withValues)
    {
        var terms = ColumnTerms.From(summary.ColumnNames);
        return new(
            summary.Name,
            summary.Elements,
            summary.ColumnNames,
            (record?.Facts ?? new Dictionary<string, AnalysisFact>())
                .OrderBy(fact => fact.Key, StringComparer.Ordinal)
                .ToDictionary(fact => fact.Key, fact => Node(record!, fact.Value))
        )
        {
            StatusCounts = record?.Value("status_counts") is { } counts ? StatusesOf(counts) : null,
            ElementsWithValues = withValues,
            Terms = terms.Terms,
            Corrections = terms.Corrections,
            StoredIn = summary.Files,
            Problem = summary.Problem,
        };
    }

    private static JsonNode Node(AnalysisRecord record, AnalysisFact fact)
    {
        if (fact.Name == StoredVariables.Name && StoredVariables.Read(record) is { Count: > 0 } variables)
            return JsonSerializer.SerializeToNode(variables, VariablesJson.Default.IReadOnlyListVariableSummary)!;
        var values = fact.Texts is { } texts ? texts.Select(text => (JsonNode)text) : fact.Numbers!.Select(Number);
        return fact.IsList ? new JsonArray([.. values]) : values.First();
    }

    /// <summary>JSON has no NaN and no infinity: these are texts.</summary>
    private static JsonNode Number(double number) =>
        double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(number.ToString("R", CultureInfo.InvariantCulture));

    private static Dictionary<string, long> StatusesOf(string counts) =>
        counts
            .Split(", ")
            .Select(count => count.Split(": "))
            .Where(count => count.Length == 2 && long.TryParse(count[1], out _))
            .ToDictionary(count => count[0], count => long.Parse(count[1], CultureInfo.InvariantCulture));
}

/// <summary>A dataset that is neither a scalar nor an analysis.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Shape">Its extents.</param>
internal sealed record InspectedTable(string Name, IReadOnlyList<long> Shape);

/// <summary>Camel case; unknown fields are omitted.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Inspected))]
internal sealed partial class InspectionJson : JsonSerializerContext;
