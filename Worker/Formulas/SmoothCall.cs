using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas;

/// <summary>A call of <c>s</c>, <c>te</c>, <c>ti</c> or <c>t2</c> at the top level of the right-hand side.</summary>
/// <param name="Function">The function's name.</param>
/// <param name="Covariates">The unnamed arguments: the covariates of the smooth.</param>
/// <param name="Options">The named arguments, unevaluated: <c>k</c>, <c>bs</c>, <c>m</c>, <c>by</c>, <c>fx</c>, <c>sp</c>, <c>id</c>,
/// <c>xt</c>, <c>pc</c>, <c>d</c>, <c>np</c>, …</param>
/// <param name="Call">The whole call.</param>
/// <param name="Index">0-based position among all terms, as <see cref="Term.Index"/>.</param>
internal sealed record SmoothCall(
    string Function,
    IReadOnlyList<Expression> Covariates,
    IReadOnlyDictionary<string, Expression> Options,
    CallExpression Call,
    int Index
)
{
    private static readonly HashSet<string> Functions = ["s", "te", "ti", "t2"];

    public static bool IsSmooth(Expression expression) =>
        expression is CallExpression { IsOperator: false, Package: null or "mgcv" } call && Functions.Contains(call.Function);

    /// <summary>The first call of a smooth anywhere inside; null: none.</summary>
    public static CallExpression? FindInside(Expression expression) =>
        expression is not CallExpression call ? null
        : IsSmooth(call) ? call
        : call.Arguments.Select(argument => FindInside(argument.Value)).FirstOrDefault(found => found is not null);

    public static SmoothCall From(CallExpression call, int index, string text)
    {
        var options = new Dictionary<string, Expression>(StringComparer.Ordinal);
        foreach (var argument in call.Arguments.Where(argument => argument.Name is not null))
        {
            if (!options.TryAdd(argument.Name!, argument.Value))
                throw new FormulaException($"{call.Function}() is given '{argument.Name}' twice.", text, argument.Value.Span);
        }
        var covariates = call.Arguments.Where(argument => argument.Name is null).Select(argument => argument.Value).ToList();
        if (covariates.Count == 0)
            throw new FormulaException($"{call.Function}() needs a variable to smooth over.", text, call.Span);
        if (
            covariates.GroupBy(covariate => covariate.ToString(), StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is
            { } repeated
        )
            throw new FormulaException(
                $"{call.Function}() is given '{repeated.Key}' twice; the variables of a smooth must differ.",
                text,
                repeated.Last().Span
            );
        if (call.Arguments.Select(argument => FindInside(argument.Value)).FirstOrDefault(found => found is not null) is { } nested)
            throw new FormulaException($"A smooth cannot be used inside {call.Function}().", text, nested.Span);
        return new(call.Function, covariates, options, call, index);
    }

    public override string ToString() => Call.ToString();
}
