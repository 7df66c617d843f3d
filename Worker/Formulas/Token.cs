namespace HpcFit.Worker.Formulas;

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
