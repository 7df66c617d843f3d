using System.Globalization;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Hypotheses;

/// <summary>
/// Parses a linear combination of coefficients: their names, numbers, <c>+ - * /</c> and parentheses. A name is the longest coefficient
/// that the text continues with, so that <c>I(Age^2)</c>, <c>groupold:sexM</c> and <c>site1-a</c> need no quotes; backticks mark a name
/// explicitly. A coefficient of a variable that needs backticks in the formula is found with and without them. <c>Intercept</c> also stands
/// for <c>(Intercept)</c>, and <c>= 0</c> may follow, as multcomp writes it.
/// </summary>
internal sealed class ContrastExpression
{
    private const string Intercept = "(Intercept)";

    private readonly string _name;
    private readonly string _text;
    private readonly IReadOnlyList<string> _coefficients;
    private readonly List<(string Name, int Column)> _names;
    private int _at;

    private ContrastExpression(string name, string text, IReadOnlyList<string> coefficients)
    {
        (_name, _text, _coefficients) = (name, text, coefficients);
        var names = coefficients.Select((coefficient, column) => (coefficient, column)).ToList();
        var withoutBackticks = names.ConvertAll(pair => (pair.coefficient.Replace("`", "", StringComparison.Ordinal), pair.column));
        _names =
        [
            .. names
                .Concat(coefficients.Take(1).Where(coefficient => coefficient == Intercept).Select(_ => ("Intercept", 0)))
                .Concat(withoutBackticks)
                .DistinctBy(pair => pair.Item1)
                .OrderByDescending(pair => pair.Item1.Length),
        ];
    }

    /// <summary>One weight per coefficient.</summary>
    /// <param name="name">The contrast's name, for messages.</param>
    /// <param name="text">The expression.</param>
    /// <param name="coefficients">The names of the model matrix's columns.</param>
    /// <exception cref="FormulaException">The text is not a linear combination of these coefficients.</exception>
    public static double[] Weights(string name, string text, IReadOnlyList<string> coefficients)
    {
        var parser = new ContrastExpression(name, text, coefficients);
        var sum = parser.Sum();
        parser.SkipZero();
        if (parser.Peek() != '\0')
            throw parser.Error("An operator (+, -, *, /) is expected here.", parser._at, parser._at + 1);
        if (sum.Constant != 0)
            throw parser.Error(
                "The combination has a constant. Contrasts are tested against 0: write coefficients and their weights only.",
                0,
                text.Length
            );
        if (Array.TrueForAll(sum.Weights, weight => weight == 0))
            throw parser.Error("Every weight of the combination is 0.", 0, text.Length);
        return Array.TrueForAll(sum.Weights, double.IsFinite)
            ? sum.Weights
            : throw parser.Error("A weight of the combination is not finite.", 0, text.Length);
    }

    private Form Sum()
    {
        var sum = Product();
        while (Peek() is '+' or '-')
        {
            var sign = _text[_at++] == '-' ? -1 : 1;
            var next = Product();
            sum = new(sum.Constant + (sign * next.Constant), [.. sum.Weights.Zip(next.Weights, (a, b) => a + (sign * b))]);
        }
        return sum;
    }

    private Form Product()
    {
        var product = Factor();
        while (Peek() is '*' or '/')
        {
            var at = _at;
            var isQuotient = _text[_at++] == '/';
            var next = Factor();
            if (!next.IsConstant && (isQuotient || !product.IsConstant))
                throw Error("A coefficient can only be multiplied or divided by a number.", at, at + 1);
            if (isQuotient && next.Constant == 0)
                throw Error("This divides by 0.", at, at + 1);
            product =
                isQuotient ? product.Times(1 / next.Constant)
                : next.IsConstant ? product.Times(next.Constant)
                : next.Times(product.Constant);
        }
        return product;
    }

    private Form Factor()
    {
        switch (Peek())
        {
            case '-':
                _at++;
                return Factor().Times(-1);
            case '+':
                _at++;
                return Factor();
            case '`':
                return Coefficient() ?? Quoted();
            case '\0':
                throw Error("A coefficient or a number is expected here.", _at, _at + 1);
        }
        if (Coefficient() is { } coefficient)
            return coefficient;
        if (_text[_at] == '(')
            return Parenthesis();
        return char.IsAsciiDigit(_text[_at]) || _text[_at] == '.' ? Number() : throw Unknown(_at, EndOfName());
    }

    private Form Parenthesis()
    {
        var start = _at++;
        var inside = Sum();
        if (Peek() != ')')
            throw Error("This parenthesis is not closed.", start, start + 1);
        _at++;
        return inside;
    }

    private Form Quoted()
    {
        var start = _at;
        var end = _text.IndexOf('`', start + 1);
        if (end < 0)
            throw Error("The backtick is not closed.", start, start + 1);
        _at = end + 1;
        var name = _text[(start + 1)..end];
        var found = _names.FindIndex(pair => pair.Name == name);
        return found >= 0 ? Unit(_names[found].Column) : throw Unknown(start + 1, end);
    }

    /// <summary>The longest coefficient that the text continues with; null if there is none.</summary>
    private Form? Coefficient()
    {
        foreach (var (name, column) in _names)
        {
            var end = _at + name.Length;
            if (string.CompareOrdinal(_text, _at, name, 0, name.Length) != 0)
                continue;
            if (end < _text.Length && IsOfName(name[^1]) && IsOfName(_text[end]))
                continue;
            _at = end;
            return Unit(column);
        }
        return null;
    }

    private Form Number()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] is '.' or 'e' or 'E' || IsSignOfExponent(start)))
            _at++;
        return double.TryParse(_text[start.._at], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? new(value, new double[_coefficients.Count])
            : throw Unknown(start, EndOfName());
    }

    private bool IsSignOfExponent(int start) => _at > start && _text[_at] is '+' or '-' && _text[_at - 1] is 'e' or 'E';

    private void SkipZero()
    {
        if (Peek() != '=')
            return;
        var start = _at++;
        while (Peek() == '=')
            _at++;
        if (!double.TryParse(_text[_at..], NumberStyles.Float, CultureInfo.InvariantCulture, out var right) || right != 0)
            throw Error(
                "Contrasts are tested against 0. Omit the right-hand side, or subtract it if it consists of coefficients.",
                start,
                _text.Length
            );
        _at = _text.Length;
    }

    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private int EndOfName()
    {
        var end = _at;
        while (end < _text.Length && !char.IsWhiteSpace(_text[end]) && _text[end] is not ('+' or '-' or '*' or '/' or ')'))
            end++;
        return Math.Max(end, _at + 1);
    }

    private static bool IsOfName(char ch) => char.IsLetterOrDigit(ch) || ch is '.' or '_';

    private Form Unit(int column)
    {
        var weights = new double[_coefficients.Count];
        weights[column] = 1;
        return new(0, weights);
    }

    private FormulaException Unknown(int start, int end)
    {
        var name = _text[start..Math.Min(end, _text.Length)];
        return Error($"'{name}' is not a coefficient of the model. {NearestNames.Hint(name, _coefficients)}", start, end);
    }

    private FormulaException Error(string problem, int start, int end) => new($"Contrast '{_name}': {problem}", _text, new(start, end));

    /// <summary>A number plus a linear combination of coefficients.</summary>
    private sealed record Form(double Constant, double[] Weights)
    {
        public bool IsConstant => Array.TrueForAll(Weights, weight => weight == 0);

        public Form Times(double factor) => new(Constant * factor, Array.ConvertAll(Weights, weight => weight * factor));
    }
}
