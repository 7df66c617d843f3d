using System.Text.Json;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Cohort;

/// <summary>Reads one column of a cohort in JSON (<see cref="TypedCohort"/>): <c>null</c> is missing in every type.</summary>
internal sealed class TypedColumn
{
    private static readonly string[] Types = ["number", "integer", "logical", "text", "factor", "ordered"];

    private readonly string _path;
    private readonly string _name;
    private readonly JsonElement _json;

    private TypedColumn(string path, string name, JsonElement json) => (_path, _name, _json) = (path, name, json);

    /// <summary>The column.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="number">Which of its columns it is, counted from 1.</param>
    /// <param name="json">The column.</param>
    /// <exception cref="BadInputException">It is not in the format; the column, the row and the value are named.</exception>
    public static CohortColumn Read(string path, int number, JsonElement json)
    {
        if (
            json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("name", out var name)
            || name.ValueKind != JsonValueKind.String
            || name.GetString() is not { Length: > 0 } text
        )
            throw new BadInputException($"Cohort {path}: column {number} has no 'name'; a text that is not empty was expected.");
        return new TypedColumn(path, text, json).Read();
    }

    private CohortColumn Read()
    {
        var type = Member("type", JsonValueKind.String, "a text").GetString()!;
        if (!Types.Contains(type))
            throw Wrong($"'{type}' is no type of a column. {NearestNames.Hint(type, Types)}");
        var isFactor = type is "factor" or "ordered";
        KnownKeys.Require(
            _path,
            $"column '{_name}' of type {type}",
            _json,
            isFactor ? ["name", "type", "levels", "contrasts", "values"] : ["name", "type", "values"]
        );
        return type switch
        {
            "number" => new NumericColumn(_name, Values(Number), IsInteger: false),
            "integer" => new NumericColumn(_name, Values(Integer), IsInteger: true),
            "logical" => new LogicalColumn(_name, Values(Logical)),
            "text" => new TextColumn(_name, Values(Text)) { IsDeclared = true },
            _ => Factor(isOrdered: type == "ordered"),
        };
    }

    private FactorColumn Factor(bool isOrdered)
    {
        var levels = new List<string>();
        foreach (var level in Member("levels", JsonValueKind.Array, "a list of texts").EnumerateArray())
        {
            if (level.ValueKind != JsonValueKind.String)
                throw Wrong($"level {levels.Count + 1} is {level.GetRawText()}; a text was expected.");
            levels.Add(level.GetString()!);
        }
        if (levels.GroupBy(level => level, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Wrong($"the level '{twice.Key}' occurs {twice.Count()} times; levels are distinct.");
        var codes = levels
            .Select((level, code) => (level, code))
            .ToDictionary(pair => pair.level, pair => pair.code, StringComparer.Ordinal);
        return new(_name, Values((value, row) => Code(value, row, codes)), levels, isOrdered)
        {
            Contrasts = _json.TryGetProperty("contrasts", out var given)
                ? new TypedContrasts(_path, _name).Read(given, levels.Count)
                : null,
        };
    }

    private int Code(JsonElement value, int row, Dictionary<string, int> codes)
    {
        if (Text(value, row) is not { } level)
            return -1;
        return codes.TryGetValue(level, out var code)
            ? code
            : throw Wrong($"row {row + 1} is '{level}', which is not among its levels. {NearestNames.Hint(level, codes.Keys)}");
    }

    private double Number(JsonElement value, int row) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => double.NaN,
            JsonValueKind.Number when double.IsFinite(value.GetDouble()) => value.GetDouble(),
            JsonValueKind.String when value.ValueEquals("Inf") => double.PositiveInfinity,
            JsonValueKind.String when value.ValueEquals("-Inf") => double.NegativeInfinity,
            _ => throw WrongValue(value, row, "a number, \"Inf\", \"-Inf\" or null"),
        };

    /// <summary>R's integers: the smallest int is its NA_integer_.</summary>
    private double Integer(JsonElement value, int row) =>
        value.ValueKind == JsonValueKind.Null ? double.NaN
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole) && whole != int.MinValue ? whole
        : throw WrongValue(value, row, "a whole number of 32 bits or null");

    private double Logical(JsonElement value, int row) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => double.NaN,
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            _ => throw WrongValue(value, row, "true, false or null"),
        };

    private string? Text(JsonElement value, int row) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => throw WrongValue(value, row, "a text or null"),
        };

    private T[] Values<T>(Func<JsonElement, int, T> value) =>
        [.. Member("values", JsonValueKind.Array, "a list").EnumerateArray().Select(value)];

    private JsonElement Member(string key, JsonValueKind kind, string expected) =>
        _json.TryGetProperty(key, out var member) && member.ValueKind == kind ? member : throw Wrong($"'{key}' must be {expected}.");

    private BadInputException WrongValue(JsonElement value, int row, string expected) =>
        Wrong($"row {row + 1} is {value.GetRawText()}; {expected} was expected.");

    private BadInputException Wrong(string fault) => new($"Cohort {_path}, column '{_name}': {fault}");
}
