using System.Globalization;
using System.Text.Json;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Cohort;

/// <summary>Reads the contrasts of a factor in a cohort in JSON: the name of a function, or a matrix.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="factor">The factor's name, for messages.</param>
internal sealed class TypedContrasts(string path, string factor)
{
    private static readonly string[] Functions = ["contr.treatment", "contr.SAS", "contr.sum", "contr.helmert", "contr.poly"];

    /// <summary>The contrasts.</summary>
    /// <param name="json">The value of <c>contrasts</c>.</param>
    /// <param name="levels">How many levels the factor has.</param>
    /// <exception cref="BadInputException">They are not in the format, or do not fit the levels.</exception>
    public FactorContrasts Read(JsonElement json, int levels)
    {
        if (json.ValueKind == JsonValueKind.String)
            return Functions.Contains(json.GetString())
                ? new(json.GetString(), [], [])
                : throw Wrong($"'{json.GetString()}' is not a contrast. {NearestNames.Hint(json.GetString()!, Functions)}");
        if (
            json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("columns", out var list)
            || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() == 0
        )
            throw Wrong("'contrasts' must be the name of a function, or a matrix {\"names\": [\"a\", …], \"columns\": [[1, 0, -1], …]}.");
        KnownKeys.Require(path, $"the contrasts of '{factor}'", json, ["names", "columns"]);
        var columns = list.EnumerateArray().Select((column, number) => Column(column, number + 1, levels)).ToList();
        if (columns.Count >= levels)
            throw Wrong($"{columns.Count} contrasts are given for {levels} levels; at most {levels - 1} can be estimated.");
        return new(null, columns, Names(json, columns.Count));
    }

    private double[] Column(JsonElement column, int number, int levels)
    {
        var values =
            column.ValueKind == JsonValueKind.Array
                ? column
                    .EnumerateArray()
                    .Select(value => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN)
                    .ToArray()
                : [];
        return values.Length == levels && values.All(double.IsFinite)
            ? values
            : throw Wrong($"contrast {number} must be a list of {levels} numbers, one per level; it is {column.GetRawText()}.");
    }

    private string[] Names(JsonElement json, int count)
    {
        if (!json.TryGetProperty("names", out var list))
            return [.. Enumerable.Range(1, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];
        var names =
            list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Select(name => name.ValueKind == JsonValueKind.String ? name.GetString()! : null).ToList()
                : [];
        return names.Count == count && !names.Contains(null) && names.Distinct(StringComparer.Ordinal).Count() == count
            ? [.. names.OfType<string>()]
            : throw Wrong($"'names' of the contrasts must be {CountText.Format(count, "distinct text")}, one per column.");
    }

    private BadInputException Wrong(string fault) => new($"Cohort {path}, column '{factor}': {fault}");
}
