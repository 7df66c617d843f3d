using System.Globalization;
using System.Text;

namespace HpcFit.Shared.Cohort;

/// <summary>R's rules for names: make.names, make.unique, and which names need backticks.</summary>
public static class ColumnNames
{
    private static readonly HashSet<string> Reserved =
    [
        "if",
        "else",
        "repeat",
        "while",
        "function",
        "for",
        "next",
        "break",
        "TRUE",
        "FALSE",
        "NULL",
        "Inf",
        "NaN",
        "NA",
        "NA_integer_",
        "NA_real_",
        "NA_character_",
        "NA_complex_",
        "in",
    ];

    /// <summary>Whether R accepts the name without backticks.</summary>
    public static bool IsSyntactic(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 0 && StartsLikeAName(name) && name.All(IsNameCharacter) && !Reserved.Contains(name);
    }

    /// <summary>
    /// The names as read.csv makes them with check.names = TRUE: all syntactic and unique (<c>a b</c> to <c>a.b</c>).
    /// </summary>
    public static IReadOnlyList<string> Make(IEnumerable<string> names) => MakeUnique([.. names.Select(MakeName)]);

    private static string MakeName(string name)
    {
        var made = new StringBuilder();
        if (name.Length == 0 || !StartsLikeAName(name))
            made.Append('X');
        foreach (var ch in name)
            made.Append(IsNameCharacter(ch) ? ch : '.');
        if (Reserved.Contains(made.ToString()))
            made.Append('.');
        return made.ToString();
    }

    private static bool StartsLikeAName(string name) =>
        char.IsLetter(name[0]) || (name[0] == '.' && (name.Length == 1 || !char.IsAsciiDigit(name[1])));

    private static bool IsNameCharacter(char ch) =>
        char.IsLetterOrDigit(ch) || ch is '.' or '_' || char.GetUnicodeCategory(ch) is UnicodeCategory.NonSpacingMark;

    private static string[] MakeUnique(string[] names)
    {
        var taken = names.ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var suffixes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (seen.Add(names[i]))
                continue;
            var number = suffixes.GetValueOrDefault(names[i]);
            string candidate;
            do candidate = $"{names[i]}.{++number}";
            while (!taken.Add(candidate));
            suffixes[names[i]] = number;
            names[i] = candidate;
            seen.Add(candidate);
        }
        return names;
    }
}
