namespace HpcFit.Worker.Formulas.Syntax;

/// <summary>
/// A node of a formula's syntax tree. Two nodes are the same variable when their R texts (<see cref="Deparser"/>) are the same, wherever
/// they occur.
/// </summary>
/// <param name="Span">Its position in the formula's text.</param>
internal abstract record Expression(SourceSpan Span)
{
    private string? _text;

    /// <summary>The text as R's deparse formats it, which names variables and model columns.</summary>
    public sealed override string ToString() => _text ??= Deparser.Text(this);

    /// <summary>The names of columns and scalars used inside, in order, with repetitions.</summary>
    public IEnumerable<NameExpression> Names() =>
        this switch
        {
            NameExpression name => [name],
            CallExpression call => call.Arguments.SelectMany(argument => argument.Value.Names()),
            _ => [],
        };
}

/// <summary>A number; <paramref name="IsInteger"/> if written with R's suffix <c>L</c>.</summary>
internal sealed record NumberExpression(double Value, bool IsInteger, SourceSpan Span) : Expression(Span);

/// <summary>A string.</summary>
internal sealed record TextExpression(string Value, SourceSpan Span) : Expression(Span);

/// <summary>An argument left empty, as the rows in <c>x[, 1]</c>.</summary>
internal sealed record EmptyExpression(SourceSpan Span) : Expression(Span);

/// <summary>A column of the cohort, a scalar of the file, or one of R's constants.</summary>
internal sealed record NameExpression(string Name, SourceSpan Span) : Expression(Span);

/// <summary>A function call or an operator; parentheses are the function <c>(</c> and subscripts <c>[</c>, as in R.</summary>
/// <param name="Function">The name without its package.</param>
/// <param name="Package">The package before <c>::</c>, or null.</param>
/// <param name="Arguments">The arguments, in the order written.</param>
/// <param name="IsOperator">Whether it was written as an operator or parentheses.</param>
/// <param name="Span">Its position.</param>
internal sealed record CallExpression(string Function, string? Package, IReadOnlyList<Argument> Arguments, bool IsOperator, SourceSpan Span)
    : Expression(Span)
{
    public bool IsOperatorNamed(string symbol, int arity) => IsOperator && Function == symbol && Arguments.Count == arity;

    public Expression this[int index] => Arguments[index].Value;
}

/// <summary>One argument of a call.</summary>
internal sealed record Argument(string? Name, Expression Value);
