namespace HpcFit.Worker.Formulas.Syntax;

internal enum TokenKind
{
    Number,
    Text,
    Name,
    Operator,
    End,
}

/// <summary>One token of a formula.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">A name or string without its quotes, otherwise the characters.</param>
/// <param name="Span">Its position.</param>
/// <param name="Number">The value of a number.</param>
internal readonly record struct Token(TokenKind Kind, string Text, SourceSpan Span, double Number = 0)
{
    public bool Is(string symbol) => Kind == TokenKind.Operator && Text == symbol;
}

/// <summary>A range of a formula's text: half-open, in UTF-16 units.</summary>
internal readonly record struct SourceSpan(int Start, int End)
{
    /// <summary>The smallest span that contains both.</summary>
    public SourceSpan To(SourceSpan other) => new(Math.Min(Start, other.Start), Math.Max(End, other.End));
}
