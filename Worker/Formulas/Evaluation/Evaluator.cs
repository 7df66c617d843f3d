using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>
/// Evaluates expressions on a fixed set of rows. Names are looked up first among the given variables, then among R's constants. Not
/// thread-safe; cheap to create.
/// </summary>
/// <param name="text">The text that contains the expressions, for messages.</param>
/// <param name="rows">The number of rows of a variable.</param>
/// <param name="lookup">A variable's value at these rows, or null if there is no such variable.</param>
/// <param name="knownNames">The names to suggest for an unknown one.</param>
internal sealed partial class Evaluator(string text, int rows, Func<string, Value?> lookup, IEnumerable<string> knownNames)
{
    /// <summary>The value, with <c>rows</c> rows; constants are repeated.</summary>
    /// <exception cref="FormulaException">An unknown name or function, wrong arguments, or incompatible types.</exception>
    /// <exception cref="BasisImpossibleException">A basis cannot be built from these rows.</exception>
    public Value Evaluate(Expression expression) => Repeat(Any(expression), expression);

    /// <summary>The value of a variable of a model. As in R, a single number is none: it is not repeated.</summary>
    /// <exception cref="FormulaException">As <see cref="Evaluate"/>, and a constant other than TRUE and FALSE.</exception>
    public Value EvaluateVariable(Expression expression) =>
        Any(expression) is { Rows: 1 } && rows != 1 && expression is not NameExpression { Name: "TRUE" or "T" or "FALSE" or "F" }
            ? throw Wrong($"{expression} is a single value; a variable of a model has one value per subject ({rows}).", expression)
            : Evaluate(expression);

    /// <summary>A constant of any length, such as an option of a smooth.</summary>
    /// <exception cref="FormulaException">As <see cref="Evaluate"/>.</exception>
    public Value EvaluateConstant(Expression expression) => Any(expression);

    /// <summary>A numeric vector with one value per row, as required for a smooth's covariate or an offset.</summary>
    public double[] EvaluateVector(Expression expression) =>
        Evaluate(expression) is NumericValue { Columns: 1 } numeric
            ? numeric.Data
            : throw Wrong($"{expression} must be a numeric vector.", expression);

    private FormulaException Wrong(string problem, Expression where) => new(problem, text, where.Span);

    private Value Any(Expression expression) =>
        expression switch
        {
            NumberExpression number => new NumericValue([number.Value]),
            TextExpression constant => new TextValue([constant.Value]),
            NameExpression name => Name(name),
            EmptyExpression => throw Wrong("An argument is missing here.", expression),
            CallExpression { IsOperator: true } call => Operator(call),
            CallExpression call => Call(call),
            _ => throw new InvalidOperationException($"{expression.GetType().Name} is not an expression."),
        };

    private Value Name(NameExpression name) =>
        lookup(name.Name)
        ?? name.Name switch
        {
            "TRUE" or "T" => new NumericValue([1], IsLogical: true),
            "FALSE" or "F" => new NumericValue([0], IsLogical: true),
            "pi" => new NumericValue([Math.PI]),
            "NA" or "NaN" => new NumericValue([double.NaN]),
            "Inf" => new NumericValue([double.PositiveInfinity]),
            _ => throw Wrong(
                $"'{name.Name}' is neither a column of the cohort nor a scalar of the file. {NearestNames.Hint(name.Name, knownNames)}",
                name
            ),
        };

    private Value Repeat(Value value, Expression where)
    {
        if (value.Rows == rows)
            return value;
        if (value.Rows != 1)
            throw Wrong($"{where} has {value.Rows} values where there are {rows} rows.", where);
        return value switch
        {
            NumericValue { Columns: 1 } numeric => numeric with { Data = Filled(numeric.Data[0]) },
            TextValue constant => new TextValue(Filled(constant.Data[0])),
            FactorValue factor => factor with { Codes = Filled(factor.Codes[0]) },
            _ => throw Wrong($"{where} has one row where there are {rows}.", where),
        };
    }

    private T[] Filled<T>(T value)
    {
        var filled = new T[rows];
        Array.Fill(filled, value);
        return filled;
    }

    private NumericValue Numeric(Expression expression) =>
        Any(expression) switch
        {
            NumericValue numeric => numeric,
            FactorValue or TextValue => throw Wrong($"{expression} is not numeric; arithmetic needs numbers.", expression),
            var other => throw new InvalidOperationException($"{other.GetType().Name} in arithmetic."),
        };

    /// <summary>The numbers of a constant, for options such as df, knots and degree.</summary>
    private double[] Numbers(Expression expression) =>
        Numeric(expression) is { Columns: 1 } numeric ? numeric.Data : throw Wrong($"{expression} must be numbers.", expression);

    private double Number(Expression? expression, double defaultValue)
    {
        if (expression is null)
            return defaultValue;
        var numbers = Numbers(expression);
        return numbers.Length == 1 && double.IsFinite(numbers[0])
            ? numbers[0]
            : throw Wrong($"{expression} must be one number.", expression);
    }

    private int Whole(Expression? expression, int defaultValue, int minimum)
    {
        if (expression is null)
            return defaultValue;
        var number = Number(expression, defaultValue);
        return number >= minimum && number <= 1000 && number == Math.Floor(number)
            ? (int)number
            : throw Wrong($"{expression} must be a whole number of at least {minimum}.", expression);
    }

    private bool Flag(Expression? expression, bool defaultValue) => Number(expression, defaultValue ? 1 : 0) != 0;

    private string?[] Texts(Expression expression) => Factors.Texts(Any(expression));
}
