using System.Globalization;

namespace HpcFit.Coordinator.Tables.Queries;

/// <summary>
/// Parses expressions over the columns of a table, such as <c>Age.p.value.fdr &lt; 0.05 &amp; abs(Age.estimate) &gt; 0.1</c>: comparisons,
/// <c>&amp; | !</c>, arithmetic and the functions of <see cref="Operators.Functions"/>, with R's precedences and missing values.
/// </summary>
internal sealed class ExpressionParser
{
    private const int MaxDepth = 200;

    private static readonly Dictionary<string, (double Value, ValueKind Kind)> Constants = new()
    {
        ["TRUE"] = (1, ValueKind.Logical),
        ["FALSE"] = (0, ValueKind.Logical),
        ["NA"] = (double.NaN, ValueKind.Logical),
        ["NaN"] = (double.NaN, ValueKind.Number),
        ["Inf"] = (double.PositiveInfinity, ValueKind.Number),
    };

    private readonly string _text;
    private readonly List<Token> _tokens;
    private readonly Func<string, TableColumn?> _find;
    private readonly Func<string, string> _hint;
    private readonly ColumnBuffers _buffers;
    private int _at;
    private int _depth;

    private ExpressionParser(string text, Func<string, TableColumn?> find, Func<string, string> hint, ColumnBuffers buffers) =>
        (_text, _tokens, _find, _hint, _buffers) = (text, new Tokenizer(text).Read(), find, hint, buffers);

    private Token Current => _tokens[_at];

    /// <summary>Parses an expression.</summary>
    /// <param name="text">The expression. A text that is exactly a column's name is that column, even if it is not a name in R.</param>
    /// <param name="find">The column of a name; null: there is none.</param>
    /// <param name="hint">A sentence on the names that resemble an unknown one.</param>
    /// <param name="buffers">Receives the columns that are used.</param>
    /// <exception cref="ExpressionException">The message shows the position and what was expected.</exception>
    public static RowExpression Parse(string text, Func<string, TableColumn?> find, Func<string, string> hint, ColumnBuffers buffers)
    {
        if (find(text.Trim()) is { } column)
            return buffers.CreateExpression(column);
        var parser = new ExpressionParser(text, find, hint, buffers);
        var expression = parser.Or();
        return parser.Current.Kind == TokenKind.End
            ? expression
            : throw parser.Error($"'{parser.Current.Value}' was not expected here; {Advice(parser.Current)}.", parser.Current);
    }

    /// <summary>Parses a condition.</summary>
    /// <inheritdoc cref="Parse"/>
    public static NumberExpression ParseCondition(
        string text,
        Func<string, TableColumn?> find,
        Func<string, string> hint,
        ColumnBuffers buffers
    ) =>
        Parse(text, find, hint, buffers) is NumberExpression { Kind: ValueKind.Logical } condition
            ? condition
            : throw new ExpressionException(
                "A condition was expected, which is true or false for each element, such as Age.p.value < 0.05.",
                text,
                0,
                text.Length
            );

    private RowExpression Or() => Logical(And, Operators.Or, "|", "||");

    private RowExpression And() => Logical(Not, Operators.And, "&", "&&");

    private RowExpression Logical(Func<RowExpression> operand, Func<double, double, double> apply, string symbol, string doubled)
    {
        var start = Current;
        var left = operand();
        while (Current.Is(symbol, doubled))
        {
            var first = Condition(left, start);
            _at++;
            start = Current;
            var second = Condition(operand(), start);
            left = new NumberExpression(ValueKind.Logical, row => apply(first(row), second(row)));
        }
        return left;
    }

    private RowExpression Not()
    {
        if (!Current.Is("!"))
            return Compared();
        _at++;
        var start = Current;
        var operand = Condition(Deeper(Not), start);
        return new NumberExpression(ValueKind.Logical, row => 1 - operand(row));
    }

    private RowExpression Compared()
    {
        var start = Current;
        var left = Sum();
        if (!Current.Is("<", "<=", ">", ">=", "==", "!="))
            return left;
        var symbol = Current;
        _at++;
        var second = Current;
        var right = Sum();
        if (Current.Is("<", "<=", ">", ">=", "==", "!="))
            throw Error("Two comparisons in a row have no meaning; join them with &: 0 < x & x < 1.", Current);
        var holds = Operators.Comparison(symbol.Value);
        if (left is TextExpression text && right is TextExpression other)
            return new NumberExpression(
                ValueKind.Logical,
                row => holds(string.CompareOrdinal(text.TextAt(row), other.TextAt(row))) ? 1 : 0
            );
        if (left is TextExpression || right is TextExpression)
            throw Error("A text is compared with a number.", symbol);
        var (a, b) = (Value(left, start), Value(right, second));
        return new NumberExpression(
            ValueKind.Logical,
            row =>
            {
                var (x, y) = (a(row), b(row));
                return double.IsNaN(x) || double.IsNaN(y) ? double.NaN
                    : holds(x.CompareTo(y)) ? 1
                    : 0;
            }
        );
    }

    private RowExpression Sum() => Arithmetic(Product, "+", "-");

    private RowExpression Product() => Arithmetic(Signed, "*", "/");

    private RowExpression Arithmetic(Func<RowExpression> operand, string symbol, string other)
    {
        var start = Current;
        var left = operand();
        while (Current.Is(symbol, other))
        {
            var first = Value(left, start);
            var apply = Operators.Arithmetic(Current.Value);
            _at++;
            start = Current;
            var second = Value(operand(), start);
            left = new NumberExpression(ValueKind.Number, row => apply(first(row), second(row)));
        }
        return left;
    }

    private RowExpression Signed()
    {
        if (!Current.Is("-", "+"))
            return Power();
        var sign = Current.Value == "-" ? -1.0 : 1.0;
        _at++;
        var start = Current;
        var operand = Value(Deeper(Signed), start);
        return new NumberExpression(ValueKind.Number, row => sign * operand(row));
    }

    /// <summary>Associates to the right, and the exponent may have a sign.</summary>
    private RowExpression Power()
    {
        var start = Current;
        var left = Primary();
        if (!Current.Is("^"))
            return left;
        var first = Value(left, start);
        _at++;
        start = Current;
        var second = Value(Deeper(Signed), start);
        return new NumberExpression(ValueKind.Number, row => Math.Pow(first(row), second(row)));
    }

    private RowExpression Primary()
    {
        var token = Current;
        _at++;
        switch (token.Kind)
        {
            case TokenKind.Number:
                var number = double.Parse(token.Value, CultureInfo.InvariantCulture);
                return new NumberExpression(ValueKind.Number, _ => number);
            case TokenKind.Text:
                return new TextExpression(_ => token.Value);
            case TokenKind.QuotedName:
                return Column(token);
            case TokenKind.Name:
                return Constants.TryGetValue(token.Value, out var constant) ? new NumberExpression(constant.Kind, _ => constant.Value)
                    : Current.Is("(") ? Call(token)
                    : Column(token);
            case TokenKind.Symbol when token.Value == "(":
                var inner = Deeper(Or);
                Close();
                return inner;
            case TokenKind.End:
                _at--;
                throw Error("The expression ends where a column or a number was expected.", token);
            default:
                throw Error($"'{token.Value}' was found where a column or a number was expected.", token);
        }
    }

    private NumberExpression Call(Token name)
    {
        if (!Operators.Functions.TryGetValue(name.Value, out var function))
            throw Error(
                $"There is no function '{name.Value}'. Known functions: {string.Join(", ", Operators.Functions.Keys)}. "
                    + "A column whose name contains brackets is written in backticks.",
                name
            );
        _at++;
        var start = Current;
        var operand = Value(Deeper(Or), start);
        Close();
        var kind = name.Value.StartsWith("is.", StringComparison.Ordinal) ? ValueKind.Logical : ValueKind.Number;
        return new(kind, row => function(operand(row)));
    }

    private RowExpression Column(Token name) =>
        _find(name.Value) is { } column
            ? _buffers.CreateExpression(column)
            : throw Error($"There is no column '{name.Value}'. {_hint(name.Value)}", name);

    private void Close()
    {
        if (!Current.Is(")"))
            throw Error($"A closing bracket was expected here; {Advice(Current)}.", Current);
        _at++;
    }

    private RowExpression Deeper(Func<RowExpression> parse)
    {
        if (++_depth > MaxDepth)
            throw Error($"The expression is nested more than {MaxDepth} levels deep.", Current);
        var expression = parse();
        _depth--;
        return expression;
    }

    private Func<int, double> Value(RowExpression expression, Token start) =>
        expression is NumberExpression number ? number.ValueAt : throw Error("A number was expected here, not a text.", start);

    private Func<int, double> Condition(RowExpression expression, Token start) =>
        expression is NumberExpression { Kind: ValueKind.Logical } condition
            ? condition.ValueAt
            : throw Error("A condition was expected here, such as Age.p.value < 0.05.", start);

    private ExpressionException Error(string problem, Token token) => new(problem, _text, token.Start, token.End);

    private static string Advice(Token token) =>
        token.Kind is TokenKind.Name or TokenKind.QuotedName or TokenKind.Number or TokenKind.Text
            ? "an operator is missing, or a name needs backticks"
            : "check the brackets, and write names that contain operators in backticks";
}
