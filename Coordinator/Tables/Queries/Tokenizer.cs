using System.Text;

namespace HpcFit.Coordinator.Tables.Queries;

/// <summary>Splits an expression into words, by R's rules for names, numbers and texts.</summary>
/// <param name="text">The expression.</param>
internal sealed class Tokenizer(string text)
{
    /// <summary>Longer symbols precede their prefixes.</summary>
    private static readonly string[] Symbols =
    [
        "<=",
        ">=",
        "==",
        "!=",
        "&&",
        "||",
        "<",
        ">",
        "&",
        "|",
        "!",
        "+",
        "-",
        "*",
        "/",
        "^",
        "(",
        ")",
        ",",
    ];

    private int _at;

    /// <summary>All words, the last of which is <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="ExpressionException">A character belongs to no word, or a quote is not closed.</exception>
    public List<Token> Read()
    {
        var tokens = new List<Token>();
        do tokens.Add(Next());
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private Token Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
        var start = _at;
        if (_at == text.Length)
            return new(TokenKind.End, "", start, start);
        var letter = text[_at];
        if (letter is '"' or '\'' or '`')
            return Quoted(letter);
        if (char.IsAsciiDigit(letter) || (letter == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])))
            return new(TokenKind.Number, Number(), start, _at);
        if (char.IsLetter(letter) || letter == '.')
        {
            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '.' or '_'))
                _at++;
            return new(TokenKind.Name, text[start.._at], start, _at);
        }
        return Symbol();
    }

    private string Number()
    {
        var start = _at;
        Digits();
        if (_at < text.Length && text[_at] == '.')
        {
            _at++;
            Digits();
        }
        var sign = _at + 1 < text.Length && text[_at + 1] is '+' or '-' ? 1 : 0;
        if (_at + 1 + sign < text.Length && text[_at] is 'e' or 'E' && char.IsAsciiDigit(text[_at + 1 + sign]))
        {
            _at += 1 + sign;
            Digits();
        }
        return text[start.._at];
    }

    private void Digits()
    {
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            _at++;
    }

    private Token Quoted(char quote)
    {
        var (start, value) = (_at++, new StringBuilder());
        for (; _at < text.Length && text[_at] != quote; _at++)
        {
            if (text[_at] == '\\' && _at + 1 < text.Length && (text[_at + 1] == quote || text[_at + 1] == '\\'))
                _at++;
            value.Append(text[_at]);
        }
        if (_at == text.Length)
            throw new ExpressionException($"The quote {quote} is not closed.", text, start, start + 1);
        _at++;
        return new(quote == '`' ? TokenKind.QuotedName : TokenKind.Text, value.ToString(), start, _at);
    }

    private Token Symbol()
    {
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new(TokenKind.Symbol, symbol, _at - symbol.Length, _at);
            }
        }
        var advice =
            text[_at] == '=' ? "Equality is written ==."
            : text[_at] == ':' ? "Write names such as Age:sexM.p.value in backticks."
            : "Write names that contain it in backticks.";
        throw new ExpressionException($"'{text[_at]}' has no meaning here. {advice}", text, _at, _at + 1);
    }
}
