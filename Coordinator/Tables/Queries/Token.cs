namespace HpcFit.Coordinator.Tables.Queries;

/// <summary>The kind of a <see cref="Token"/>.</summary>
internal enum TokenKind
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary>A name that can be a keyword, a function or a column.</summary>
    Name,

    /// <summary>A name in backticks: always a column.</summary>
    QuotedName,

    /// <summary>An operator, a bracket or a comma.</summary>
    Symbol,

    /// <summary>The end of the text.</summary>
    End,
}

/// <summary>A word of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Its text, without quotes.</param>
/// <param name="Start">The first character in the expression.</param>
/// <param name="End">The character after the last one.</param>
internal readonly record struct Token(TokenKind Kind, string Value, int Start, int End)
{
    /// <summary>Whether it is one of the symbols.</summary>
    public bool Is(params ReadOnlySpan<string> symbols) => Kind == TokenKind.Symbol && symbols.Contains(Value);
}
