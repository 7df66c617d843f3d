namespace HpcFit.Worker.Formulas.Syntax;

/// <summary>
/// A top-down operator precedence parser (Pratt 1973) with R's precedences: <c>^</c>, unary minus, <c>:</c>, <c>%op%</c>,
/// <c>* /</c>, <c>+ -</c>, comparisons, <c>!</c>, <c>&amp;</c>, <c>|</c>, <c>~</c>.
/// </summary>
internal sealed class ExpressionParser
{
    private const int UnarySign = 110,
        Not = 60,
        Tilde = 20;

    /// <summary>Deep enough for any model, shallow enough for any thread's stack.</summary>
    private const int MaxDepth = 200;

    private readonly string _text;
    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    private ExpressionParser(string text)
    {
        _text = text;
        _tokens = Tokenizer.Read(text);
    }

    private Token Current => _tokens[_at];

    /// <summary>Parses a complete text as one expression.</summary>
    /// <exception cref="FormulaException">The text is not an expression.</exception>
    public static Expression Parse(string text)
    {
        var parser = new ExpressionParser(text);
        var expression = parser.Operand(0);
        if (parser.Current.Kind != TokenKind.End)
            throw parser.Wrong(
                $"'{parser.Current.Text}' is not expected here; an operator such as + is missing, or a closing parenthesis is superfluous."
            );
        return expression;
    }

    private FormulaException Wrong(string problem) => new(problem, _text, Current.Span);

    private static (int Left, int Right) Binding(Token token) =>
        token.Kind != TokenKind.Operator
            ? (0, 0)
            : token.Text switch
            {
                "^" => (121, UnarySign), // R: -2^2 is -(2^2), 2^-1 is legal, and ^ is right-associative
                ":" => (100, 101),
                "%in%" or "%%" or "%/%" => (90, 91),
                "*" or "/" => (80, 81),
                "+" or "-" => (70, 71),
                "<" or ">" or "<=" or ">=" or "==" or "!=" => (65, 66),
                "&" or "&&" => (50, 51),
                "|" or "||" => (40, 41),
                "~" => (Tilde, Tilde + 1),
                _ => (0, 0),
            };

    private Expression Operand(int minimum)
    {
        if (++_depth > MaxDepth)
            throw Wrong("The formula is nested too deeply.");
        var left = Prefix();
        while (Binding(Current) is var (leftPower, rightPower) && leftPower > minimum)
        {
            var symbol = Take();
            var right = Operand(rightPower - 1);
            left = new CallExpression(symbol.Text, null, [new(null, left), new(null, right)], true, left.Span.To(right.Span));
        }
        _depth--;
        return left;
    }

    private Token Take() => _tokens[_at++];

    private Expression Prefix()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                _at++;
                return new NumberExpression(token.Number, token.Text.EndsWith('L'), token.Span);
            case TokenKind.Text:
                _at++;
                return new TextExpression(token.Text, token.Span);
            case TokenKind.Name:
                _at++;
                return Subscripted(NameOrCall(token));
            case TokenKind.End:
                throw Wrong("The text ends where a variable, a number or a parenthesis is expected.");
        }
        if (token.Is("("))
            return Subscripted(Parenthesised());
        var power = token.Text switch
        {
            "-" or "+" => UnarySign,
            "!" => Not,
            "~" => Tilde,
            _ => 0,
        };
        if (power == 0)
            throw Wrong($"'{token.Text}' is not expected here; a variable is missing before it.");
        _at++;
        var operand = Operand(power - 1);
        return new CallExpression(token.Text, null, [new(null, operand)], true, token.Span.To(operand.Span));
    }

    private CallExpression Parenthesised()
    {
        var open = Take();
        var inner = Operand(0);
        if (!Current.Is(")"))
            throw Wrong("The opening parenthesis is not closed before this.");
        return new("(", null, [new(null, inner)], true, open.Span.To(Take().Span));
    }

    private Expression NameOrCall(Token name)
    {
        string? package = null;
        var function = name;
        if (Current.Is("::"))
        {
            _at++;
            if (Current.Kind != TokenKind.Name)
                throw Wrong($"After '{name.Text}::' a function's name is expected.");
            package = name.Text;
            function = Take();
            if (!Current.Is("("))
                throw Wrong($"'{package}::{function.Text}' must be called: '(' is expected here.");
        }
        if (!Current.Is("("))
            return new NameExpression(name.Text, name.Span);
        _at++;
        var arguments = Arguments(")");
        return new CallExpression(function.Text, package, arguments, false, name.Span.To(Take().Span));
    }

    private Expression Subscripted(Expression operand)
    {
        while (Current.Is("["))
        {
            _at++;
            if (Current.Is("["))
                throw Wrong("[[ selects from a list, which no variable is; a column of a matrix is written [, 1].");
            var arguments = Arguments("]");
            operand = new CallExpression("[", null, [new(null, operand), .. arguments], false, operand.Span.To(Take().Span));
        }
        return operand;
    }

    private List<Argument> Arguments(string close)
    {
        var arguments = new List<Argument>();
        if (Current.Is(close))
            return arguments;
        while (true)
        {
            string? name = null;
            if (Current.Kind is TokenKind.Name or TokenKind.Text && _tokens[_at + 1].Is("="))
            {
                name = Take().Text;
                _at++;
            }
            var isLeftEmpty = close == "]" && (Current.Is(",") || Current.Is(close));
            arguments.Add(new(name, isLeftEmpty ? new EmptyExpression(Current.Span) : Operand(0)));
            if (Current.Is(close))
                return arguments;
            if (!Current.Is(","))
                throw Wrong($"A comma is expected between arguments, and '{close}' after the last one.");
            _at++;
        }
    }
}
