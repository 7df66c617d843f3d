using System.Text.Json;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Cohort;

/// <summary>
/// Reads a cohort in JSON whose columns declare their types (docs/formats/cohort-json.md), so that nothing is inferred from the values.
/// </summary>
internal static class TypedCohort
{
    private const int Format = 1;

    /// <summary>Whether the file is in this format: its name ends with <c>.json</c>.</summary>
    public static bool IsNamed(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>The columns of a file.</summary>
    /// <exception cref="BadInputException">The file cannot be read, or is not in the format; the column and row are named.</exception>
    public static IReadOnlyList<CohortColumn> Read(string path)
    {
        var text = JsonText.Read(path);
        try
        {
            JsonText.RefuseUnusableValues(path, text.Span, allowNullInLists: true);
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return [.. Columns(path, document.RootElement).Select((column, number) => TypedColumn.Read(path, number + 1, column))];
        }
        catch (JsonException failure)
        {
            throw new BadInputException($"Cohort {path}: {JsonText.Describe(failure)}", failure);
        }
    }

    private static JsonElement.ArrayEnumerator Columns(string path, JsonElement root)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("columns", out var columns)
            || columns.ValueKind != JsonValueKind.Array
        )
            throw new BadInputException(
                $"Cohort {path}: a cohort in JSON is an object {{\"format\": {Format}, \"columns\": [{{\"name\": …, \"type\": …, "
                    + "\"values\": […]}, …]}; this file has no list 'columns'."
            );
        if (!root.TryGetProperty("format", out var format) || !format.TryGetInt32Exactly(out var version) || version != Format)
            throw new BadInputException(
                $"Cohort {path}: 'format' is {(format.ValueKind == JsonValueKind.Undefined ? "missing" : format.GetRawText())}; this "
                    + $"version reads format {Format}."
            );
        KnownKeys.Require(path, "the cohort", root, ["format", "columns"]);
        return columns.EnumerateArray();
    }

    private static bool TryGetInt32Exactly(this JsonElement number, out int value)
    {
        value = 0;
        return number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out value);
    }
}
