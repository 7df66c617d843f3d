namespace HpcFit.Shared.Specs;

/// <summary>
/// Texts with an optional name before them: <c>name: text</c>. The colon has a space after it, since names of coefficients and terms
/// contain colons without one (<c>site:sex</c>).
/// </summary>
public static class NamedText
{
    /// <summary>The name, null if there is none, and the rest; both without surrounding spaces.</summary>
    public static (string? Name, string Text) Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var at = text.IndexOf(':', StringComparison.Ordinal); at >= 0; at = text.IndexOf(':', at + 1))
        {
            if (at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]))
                continue;
            var name = text[..at].Trim();
            return name.Length > 0 ? (name, text[(at + 1)..].Trim()) : (null, text.Trim());
        }
        return (null, text.Trim());
    }
}
