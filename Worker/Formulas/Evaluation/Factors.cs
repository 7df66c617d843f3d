using HpcFit.Shared.Cohort;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Creates factors from values as R's factor() does.</summary>
internal static class Factors
{
    /// <summary>Converts any value to a factor; a factor is returned unchanged.</summary>
    public static FactorValue From(Value value) =>
        value switch
        {
            FactorValue factor => factor,
            TextValue text => FromTexts(
                text.Data,
                [.. text.Data.OfType<string>().Distinct(StringComparer.Ordinal).Order(Collation.Instance)]
            ),
            NumericValue numeric => FromTexts(Texts(numeric), SortedLevels(numeric)),
            _ => throw new InvalidOperationException($"No factor from {value.GetType().Name}."),
        };

    /// <summary>A factor with given levels; other values become missing.</summary>
    public static FactorValue FromTexts(string?[] texts, IReadOnlyList<string> levels)
    {
        var codeOfLevel = levels
            .Select((level, code) => (level, code))
            .ToDictionary(pair => pair.level, pair => pair.code, StringComparer.Ordinal);
        return new([.. texts.Select(text => text is not null && codeOfLevel.TryGetValue(text, out var code) ? code : -1)], levels);
    }

    /// <summary>The value as as.character() formats it; null is missing.</summary>
    public static string?[] Texts(Value value) =>
        value switch
        {
            TextValue text => text.Data,
            FactorValue factor => [.. factor.Codes.Select(code => code < 0 ? null : factor.Levels[code])],
            NumericValue numeric => [.. numeric.Data.Select(number => Text(number, numeric.IsLogical))],
            _ => throw new InvalidOperationException($"No strings from {value.GetType().Name}."),
        };

    /// <summary>
    /// The factor without levels that do not occur in the given rows (R's droplevels). As in R, a factor that loses a level loses the
    /// contrasts set by <c>C()</c> or in the cohort.
    /// </summary>
    public static FactorValue DropUnused(FactorValue factor, IEnumerable<int> rows)
    {
        var used = new bool[factor.Levels.Count];
        foreach (var row in rows)
        {
            if (factor.Codes[row] >= 0)
                used[factor.Codes[row]] = true;
        }
        if (used.All(level => level))
            return factor;
        var newCode = new int[used.Length];
        for (int code = 0, next = 0; code < used.Length; code++)
            newCode[code] = used[code] ? next++ : -1;
        return factor with
        {
            Codes = [.. factor.Codes.Select(code => code < 0 ? -1 : newCode[code])],
            Levels = [.. factor.Levels.Where((_, code) => used[code])],
            Contrast = null,
        };
    }

    private static string? Text(double number, bool isLogical) =>
        double.IsNaN(number) ? null
        : isLogical ? (number == 0 ? "FALSE" : "TRUE")
        : NumberText.Format(number);

    private static List<string> SortedLevels(NumericValue numeric) =>
        [
            .. numeric
                .Data.Where(number => !double.IsNaN(number))
                .Distinct()
                .Order()
                .Select(number => Text(number, numeric.IsLogical)!)
                .Distinct(),
        ];
}
