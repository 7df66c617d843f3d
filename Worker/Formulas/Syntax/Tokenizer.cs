using System.Globalization;
using System.Text;

namespace HpcFit.Worker.Formulas.Syntax;

/// <summary>
/// Splits a formula into tokens by R's lexical rules: names with dots, backticked names, both kinds of strings, <c>%op%</c>.
/// </summary>
internal sealed class Tokenizer
{
    private static readonly string[] Operators =
    [
        "::",
        "<=",
        ">=",
        "==",
        "!=",
        "&&",
        "||",
        "**",
        "~",
        "+",
        "-",
        "*",
        "/",
        "^",
        ":",
        "(",
        ")",
        "[",
        "]",
        ",",
        "=",
        "<",
        ">",
        "!",
        "&",
        "|",
    ];

    private readonly string _text;
    private int _at;

    private Tokenizer(string text) => _text = text;

    public static List<Token> Read(string text)
    {
        var tokenizer = new Tokenizer(text);
        var tokens = new List<Token>();
        do tokens.Add(tokenizer.Next());
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private Token Next()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
        if (_at == _text.Length)
            return new(TokenKind.End, "", new(_at, _at));
        var ch = _text[_at];
        if (char.IsAsciiDigit(ch) || (ch == '.' && char.IsAsciiDigit(Peek(1))))
            return Number();
        if (char.IsLetter(ch) || ch == '.')
            return Name();
        return ch switch
        {
            '`' => Quoted(TokenKind.Name),
            '"' or '\'' => Quoted(TokenKind.Text),
            '%' => Percent(),
            _ => Symbol(),
        };
    }

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private Token Number()
    {
        var start = _at;
        while (char.IsAsciiDigit(Peek(0)) || Peek(0) == '.')
            _at++;
        if (Peek(0) is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2)))))
        {
            _at += 2;
            while (char.IsAsciiDigit(Peek(0)))
                _at++;
        }
        var digits = _text[start.._at];
        if (Peek(0) == 'L')
            _at++;
        var span = new SourceSpan(start, _at);
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? new(TokenKind.Number, _text[start.._at], span, value)
            : throw new FormulaException($"'{digits}' is not a number.", _text, span);
    }

    private Token Name()
    {
        var start = _at;
        while (char.IsLetterOrDigit(Peek(0)) || Peek(0) is '.' or '_')
            _at++;
        return new(TokenKind.Name, _text[start.._at], new(start, _at));
    }

    private Token Quoted(TokenKind kind)
    {
        var start = _at;
        var quote = _text[_at++];
        var content = new StringBuilder();
        while (_at < _text.Length && _text[_at] != quote)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
                content.Append(Escaped(_text[++_at]));
            else
                content.Append(_text[_at]);
            _at++;
        }
        if (_at == _text.Length)
            throw new FormulaException($"The {quote} that opens here is never closed.", _text, new(start, start + 1));
        _at++;
        if (kind == TokenKind.Name && content.Length == 0)
            throw new FormulaException("A name between backticks cannot be empty.", _text, new(start, _at));
        return new(kind, content.ToString(), new(start, _at));
    }

    private static char Escaped(char ch) =>
        ch switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            _ => ch,
        };

    private Token Percent()
    {
        var end = _text.IndexOf('%', _at + 1);
        var span = new SourceSpan(_at, end < 0 ? _at + 1 : end + 1);
        var symbol = end < 0 ? "%" : _text[span.Start..span.End];
        if (symbol is not ("%in%" or "%%" or "%/%"))
            throw new FormulaException($"The operator {symbol} is not known. The known ones are %in%, %% and %/%.", _text, span);
        _at = span.End;
        return new(TokenKind.Operator, symbol, span);
    }

    private Token Symbol()
    {
        foreach (var symbol in Operators)
        {
            if (string.CompareOrdinal(_text, _at, symbol, 0, symbol.Length) != 0)
                continue;
            _at += symbol.Length;
            // R's parser reads ** as ^, which is used in names.
            return new(TokenKind.Operator, symbol == "**" ? "^" : symbol, new(_at - symbol.Length, _at));
        }
        throw new FormulaException(
            $"'{_text[_at]}' has no meaning in a formula. Write a column with an unusual name in backticks.",
            _text,
            new(_at, _at + 1)
        );
    }
}
