namespace HpcFit.Worker.Formulas;

internal enum TokenKind
{
    Number,
    Text,
    Name,
    Operator,
    End,
}

/// <summary>One word of a formula.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A name or string without its quotes, else the characters.</param>
/// <param name="Span">Its place.</param>
/// <param name="Number">The value of a number.</param>
internal readonly record struct Token(TokenKind Kind, string Text, SourceSpan Span, double Number = 0)
{
    public bool Is(string symbol) => Kind == TokenKind.Operator && Text == symbol;
}
