namespace HpcFit.Worker.Formulas.Syntax;

/// <summary>
/// The arguments of a call matched to a function's parameters as R does: exact names, then unique prefixes, then positions.
/// </summary>
internal sealed class CallArguments
{
    private readonly Dictionary<string, Expression> _byParameter = new(StringComparer.Ordinal);

    private CallArguments(CallExpression call) => Call = call;

    public CallExpression Call { get; }

    /// <summary>The unnamed arguments beyond the parameters, for functions that take any number.</summary>
    public List<Expression> Rest { get; } = [];

    /// <param name="call">The call.</param>
    /// <param name="text">The formula's text, for messages.</param>
    /// <param name="parameters">In the function's order; a last <c>...</c> collects the remaining arguments.</param>
    public static CallArguments Match(CallExpression call, string text, params string[] parameters)
    {
        var matched = new CallArguments(call);
        var open = parameters.Where(parameter => parameter != "...").ToList();
        foreach (var argument in call.Arguments.Where(argument => argument.Name is not null))
        {
            var name = argument.Name!;
            var candidates = open.Contains(name)
                ? [name]
                : open.Where(parameter => parameter.StartsWith(name, StringComparison.Ordinal)).ToList();
            if (candidates.Count != 1)
            {
                throw new FormulaException(
                    $"{call.Function}() has no argument '{name}' here. It takes: {string.Join(", ", parameters)}.",
                    text,
                    argument.Value.Span
                );
            }
            open.Remove(candidates[0]);
            matched._byParameter.Add(candidates[0], argument.Value);
        }
        foreach (var argument in call.Arguments.Where(argument => argument.Name is null))
        {
            if (open.Count > 0)
            {
                matched._byParameter.Add(open[0], argument.Value);
                open.RemoveAt(0);
            }
            else if (parameters[^1] == "...")
                matched.Rest.Add(argument.Value);
            else
                throw new FormulaException(
                    $"{call.Function}() has too many arguments. It takes: {string.Join(", ", parameters)}.",
                    text,
                    argument.Value.Span
                );
        }
        return matched;
    }

    public Expression? Find(string parameter) => _byParameter.GetValueOrDefault(parameter);

    /// <summary>An argument whose default is R's <c>NULL</c>.</summary>
    public Expression? FindUnlessNull(string parameter) =>
        Find(parameter) is { } given and not NameExpression { Name: "NULL" } ? given : null;
}
