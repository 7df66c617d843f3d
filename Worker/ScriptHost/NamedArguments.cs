using HpcFit.Shared.Failures;

namespace HpcFit.ScriptHost;

/// <summary>Parses named arguments: <c>k=4, method="x"</c>.</summary>
internal static class NamedArguments
{
    /// <summary>Names and values as typed, in order.</summary>
    /// <exception cref="BadInputException">A part does not have the form name=value.</exception>
    public static IReadOnlyList<(string Name, string Value)> Parse(string text) => [.. Parts(text).Select(part => Pair(part, text))];

    /// <summary>The value without surrounding quotes.</summary>
    public static string Unquoted(string value) =>
        value is ['"', .. var inner, '"'] ? inner.Replace("\\\"", "\"", StringComparison.Ordinal) : value;

    private static (string Name, string Value) Pair(string part, string text)
    {
        var at = part.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && part[..at].Trim() is { Length: > 0 } name
            ? (name, part[(at + 1)..].Trim())
            : throw new BadInputException(
                $"'{part.Trim()}' in --function-args '{text}' is not an argument: write name=value, such as k=4, method=\"x\"."
            );
    }

    /// <summary>The parts between commas outside quotes and brackets.</summary>
    private static IEnumerable<string> Parts(string text)
    {
        var (start, depth, quoted) = (0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
                quoted = !quoted;
            if (quoted)
                continue;
            depth +=
                text[i] is '(' or '[' or '{' ? 1
                : text[i] is ')' or ']' or '}' ? -1
                : 0;
            if (text[i] != ',' || depth > 0)
                continue;
            yield return text[start..i];
            start = i + 1;
        }
        if (text[start..].Trim().Length > 0)
            yield return text[start..];
    }
}
