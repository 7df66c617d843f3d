using HpcFit.Coordinator.Merging;
using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Comparing;

/// <summary>A comparison as an analysis of the file: docs/formats/compare-json.md.</summary>
internal static class ComparisonContents
{
    /// <summary>The engine that the record of such an analysis names.</summary>
    public const string Model = "compare";

    /// <summary>The contents.</summary>
    /// <param name="analysis">The name under <c>/results</c>.</param>
    /// <param name="comparison">The comparison.</param>
    /// <param name="a">The first model.</param>
    /// <param name="b">The second model.</param>
    /// <param name="version">The version of this program.</param>
    public static IReadOnlyList<Content> Create(string analysis, Comparison comparison, ComparedModel a, ComparedModel b, string version)
    {
        var (group, columns) = ("/results/" + analysis, comparison.Columns);
        return
        [
            new GroupContent(group)
            {
                IsMarked = true,
                Attributes = [AttributeContent.Text("hpcfit_version", version), .. Record(comparison, a, b)],
            },
            ResultDatasets.Matrix(group + "/results_matrix", columns.Count, comparison.Statuses.Length, column => columns[column].Values),
            DatasetContent.Texts(group + "/column_names", [.. columns.Select(column => column.Name)]),
            ResultDatasets.Status(group + "/element_status", comparison.Statuses.Length, () => comparison.Statuses),
        ];
    }

    private static IEnumerable<AttributeContent> Record(Comparison comparison, ComparedModel a, ComparedModel b)
    {
        ComparedModel[] models = [a, b];
        yield return AttributeContent.Text("hpcfit_date", DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ"));
        yield return AttributeContent.Text("hpcfit_model", Model);
        yield return AttributeContent.Texts("hpcfit_compared", [.. models.Select(model => model.Name)]);
        yield return AttributeContent.Texts(
            "hpcfit_compared_formulas",
            [.. models.Select(model => model.Record.Value("formula") ?? "unknown")]
        );
        yield return AttributeContent.Texts("hpcfit_compared_runs", [.. models.Select(model => model.Record.Value("run") ?? "unknown")]);
        yield return AttributeContent.Text("hpcfit_test", comparison.Test.ToString());
        if (comparison.Nesting is { } nesting)
        {
            yield return AttributeContent.Text("hpcfit_nested", nesting.Smaller.Name);
            yield return AttributeContent.Texts("hpcfit_corrections", ["fdr"]);
            yield return AttributeContent.Texts("hpcfit_corrected_columns", ["test.p.value.fdr"]);
        }
        if (comparison.Warnings.Count > 0)
            yield return AttributeContent.Texts("hpcfit_warnings", comparison.Warnings);
        var counts = comparison.Statuses.CountBy(status => status).OrderBy(pair => pair.Key);
        yield return AttributeContent.Text("hpcfit_status_counts", string.Join(", ", counts.Select(pair => $"{pair.Key}: {pair.Value}")));
    }
}
