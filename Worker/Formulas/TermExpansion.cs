using System.Numerics;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas;

/// <summary>
/// Expands a formula's right-hand side into terms by the algebra of Wilkinson and Rogers (1973), as R's terms.formula: a term is the set of
/// its variables (here a big integer's bits), <c>+</c> is union in order of appearance, <c>:</c> joins sets.
/// </summary>
internal sealed class TermExpansion(string text, IReadOnlyList<string>? dotNames)
{
    private const int MaxTerms = 5000;

    private readonly Dictionary<string, int> _indexOfVariable = new(StringComparer.Ordinal);

    /// <summary>Whether the expression is inside an odd number of minus signs, where 1 removes the intercept and 0 adds it.</summary>
    private bool _isRemoving;

    /// <summary>The variables in order of appearance, the response first.</summary>
    public List<Expression> Variables { get; } = [];

    /// <summary>Whether the formula contains a dot.</summary>
    public bool UsesDot { get; private set; }

    /// <summary>The response where the right-hand side first has it as a variable of a term; null: nowhere.</summary>
    public Expression? ResponseAsPredictor { get; private set; }

    public int Variable(Expression expression)
    {
        if (_indexOfVariable.TryGetValue(expression.ToString(), out var index))
            return index;
        _indexOfVariable.Add(expression.ToString(), index = Variables.Count);
        Variables.Add(expression);
        return index;
    }

    /// <summary>
    /// Whether the model has an intercept; as in R one flag for the whole formula, set by the last of <c>1</c>, <c>0</c> and <c>-1</c>.
    /// </summary>
    public bool HasIntercept { get; private set; } = true;

    /// <summary>The terms in order of appearance, without the intercept.</summary>
    public List<BigInteger> Expand(Expression right) => Terms(right);

    private List<BigInteger> Terms(Expression expression)
    {
        if (expression is NumberExpression number)
            return Constant(number);
        if (expression is NameExpression { Name: "." } dot && dotNames is not { Count: 0 })
            return Dot(dot);
        if (expression is not CallExpression call || !call.IsOperator)
            return [Single(expression)];
        if (call.Function == "(")
            return Terms(call[0]);
        if (call.IsOperatorNamed("+", 1))
            return Terms(call[0]);
        if (call.IsOperatorNamed("-", 1))
            return Remove([], call[0]);
        return call.Function switch
        {
            "+" => Union(Terms(call[0]), Terms(call[1])),
            "-" => Remove(Terms(call[0]), call[1]),
            ":" => Cross(Terms(call[0]), Terms(call[1]), call),
            "*" => Crossed(call),
            "/" => Nested(call),
            "%in%" => In(Terms(call[0]), Terms(call[1])),
            "^" => Power(call),
            _ => [Single(expression)],
        };
    }

    private List<BigInteger> Constant(NumberExpression number)
    {
        if (number.Value is not (0 or 1))
            throw new FormulaException($"The number {number} is not a term. Only 0 and 1 are, for the intercept.", text, number.Span);
        HasIntercept = number.Value == 1 != _isRemoving;
        return [];
    }

    private BigInteger Single(Expression expression)
    {
        if (expression is TextExpression)
            throw new FormulaException("A string is not a term.", text, expression.Span);
        var variable = Variable(expression);
        if (variable == 0)
            ResponseAsPredictor ??= expression;
        return BigInteger.One << variable;
    }

    private List<BigInteger> Dot(NameExpression dot)
    {
        UsesDot = true;
        return [.. (dotNames ?? []).Select(name => Single(new NameExpression(name, dot.Span)))];
    }

    private List<BigInteger> Remove(List<BigInteger> left, Expression right)
    {
        _isRemoving = !_isRemoving;
        var removed = Terms(right).ToHashSet();
        _isRemoving = !_isRemoving;
        return [.. left.Where(term => !removed.Contains(term))];
    }

    private static List<BigInteger> Union(List<BigInteger> left, List<BigInteger> right)
    {
        var seen = left.ToHashSet();
        left.AddRange(right.Where(seen.Add));
        return left;
    }

    private List<BigInteger> Cross(List<BigInteger> left, List<BigInteger> right, Expression where)
    {
        if ((long)left.Count * right.Count > MaxTerms)
            throw new FormulaException($"This expands to more than {MaxTerms} terms.", text, where.Span);
        return Union([], [.. left.SelectMany(a => right.Select(b => a | b))]);
    }

    // As in R, a product, a nesting or %in% with an empty left-hand side (everything removed, or a constant) is empty.
    private List<BigInteger> Crossed(CallExpression call)
    {
        var (left, right) = (Terms(call[0]), Terms(call[1]));
        return left.Count == 0 ? [] : Union(Union([.. left], right), Cross(left, right, call));
    }

    private List<BigInteger> Nested(CallExpression call)
    {
        var (left, right) = (Terms(call[0]), Terms(call[1]));
        var all = left.Aggregate(BigInteger.Zero, (bits, term) => bits | term);
        return left.Count == 0 ? [] : Union([.. left], [.. right.Select(term => term | all)]);
    }

    private static List<BigInteger> In(List<BigInteger> left, List<BigInteger> right)
    {
        var all = right.Aggregate(BigInteger.Zero, (bits, term) => bits | term);
        return Union([], [.. left.Select(term => term | all)]);
    }

    private List<BigInteger> Power(CallExpression call)
    {
        var exponent = call[1] is CallExpression { Function: "(" } inner ? inner[0] : call[1];
        if (exponent is not NumberExpression { Value: >= 1 and <= 30 } number || number.Value != Math.Floor(number.Value))
            throw new FormulaException(
                "The power of terms must be a whole number from 1 to 30; a square of numbers is written I(x^2).",
                text,
                call[1].Span
            );
        var first = Terms(call[0]);
        var power = first;
        for (var i = 1; i < number.Value; i++)
            power = Cross(power, first, call);
        return power;
    }
}
