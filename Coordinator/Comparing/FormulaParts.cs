using System.Text;
using System.Text.RegularExpressions;

namespace HpcFit.Coordinator.Comparing;

/// <summary>
/// The parts of a model formula that a comparison needs beyond the names of coefficients, which do not show them: the response, the smooths
/// with their arguments, and the offsets. Texts have no blanks outside quotes, so that equal calls are equal texts.
/// </summary>
/// <param name="Response">The left-hand side.</param>
/// <param name="Smooths">The calls of <c>s te ti t2</c>.</param>
/// <param name="Offsets">The calls of <c>offset</c>.</param>
internal sealed partial record FormulaParts(string Response, IReadOnlyList<string> Smooths, IReadOnlyList<string> Offsets)
{
    /// <summary>Separates a formula that was fitted, so that it is valid.</summary>
    public static FormulaParts Parse(string formula)
    {
        var text = Condensed(formula);
        var tilde = Outside(text).FirstOrDefault(at => text[at] == '~', -1);
        var calls = Calls(text[(tilde + 1)..]).ToList();
        return new(
            text[..Math.Max(0, tilde)],
            [.. calls.Where(call => !call.StartsWith("offset", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)],
            [.. calls.Where(call => call.StartsWith("offset", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
        );
    }

    /// <summary>The calls, up to the bracket that closes them; a call inside another one belongs to that.</summary>
    private static IEnumerable<string> Calls(string text)
    {
        for (var from = 0; Call().Match(text, from) is { Success: true } match; )
        {
            var (depth, end) = (0, text.Length);
            foreach (var at in Outside(text).Where(at => at >= match.Index + match.Length - 1))
            {
                depth +=
                    text[at] is '(' ? 1
                    : text[at] is ')' ? -1
                    : 0;
                if (depth > 0)
                    continue;
                end = at + 1;
                break;
            }
            yield return text[match.Index..end];
            from = end;
        }
    }

    private static string Condensed(string formula)
    {
        var (text, outside) = (new StringBuilder(), Outside(formula).ToHashSet());
        for (var i = 0; i < formula.Length; i++)
        {
            if (!outside.Contains(i) || !char.IsWhiteSpace(formula[i]))
                text.Append(formula[i]);
        }
        return text.ToString();
    }

    /// <summary>The positions outside quotes and backticks.</summary>
    private static IEnumerable<int> Outside(string text)
    {
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            if (quote == '\0' && text[i] is '"' or '\'' or '`')
                quote = text[i];
            else if (quote != '\0' && text[i] == '\\' && quote != '`')
                i++;
            else if (quote == text[i])
                quote = '\0';
            else if (quote == '\0')
                yield return i;
        }
    }

    [GeneratedRegex(@"(?<![\w.`])(s|te|ti|t2|offset)\(")]
    private static partial Regex Call();
}
