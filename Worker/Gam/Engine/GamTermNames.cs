using System.Text;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>The prefixes of a gam's result columns.</summary>
/// <param name="Smooths">Per smooth: <c>s_Age_BYsexM</c>.</param>
/// <param name="Parametric">Per parametric coefficient: <c>Intercept</c>, <c>sexM</c>.</param>
/// <param name="Reduced">Per term omitted by a reduced model: <c>s_Age_BYsex</c>, <c>site</c>.</param>
internal sealed record GamTermNames(IReadOnlyList<string> Smooths, IReadOnlyList<string> Parametric, IReadOnlyList<string> Reduced)
{
    /// <summary>The names of a model's terms.</summary>
    public static GamTermNames Create(GamModel model) =>
        new(
            Unique(model.Smooths.Select(smooth => OfSmooth(smooth.Term.Label, smooth.By))),
            [.. model.Design.ColumnNames.Select(name => name == "(Intercept)" ? "Intercept" : name)],
            Unique(model.Reduced.Select(reduced => reduced.Name))
        );

    /// <summary>
    /// A smooth's name in columns, from mgcv's label without its <c>by</c> part: parentheses and commas become underscores, <c>_BY</c>
    /// precedes the <c>by</c> variable.
    /// </summary>
    /// <param name="label"><c>te(Age,motion)</c>.</param>
    /// <param name="by"><c>sexM</c>; null: none.</param>
    public static string OfSmooth(string label, string? by) => Plain(label) + (by is null ? "" : "_BY" + Plain(by));

    /// <summary>The same names, with a counter appended to repeated ones (<c>s_Age_2</c>).</summary>
    public static IReadOnlyList<string> Unique(IEnumerable<string> names)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var unique = new List<string>();
        foreach (var name in names)
        {
            var free = name;
            for (var count = 2; !taken.Add(free); count++)
                free = $"{name}_{count}";
            unique.Add(free);
        }
        return unique;
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var ch in text)
        {
            if (ch is '(' or ',' or ':')
                plain.Append('_');
            else if (ch is not (')' or '`'))
                plain.Append(ch);
        }
        return plain.ToString();
    }
}
