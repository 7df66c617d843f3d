using System.Numerics;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas;

/// <summary>An R model formula: response, parametric terms in R's order, offsets and smooths. Immutable.</summary>
internal sealed class Formula
{
    private Formula(string text, string deparsed, Expression response)
    {
        (Text, Deparsed) = (text, deparsed);
        Response = response;
    }

    /// <summary>The text as typed.</summary>
    public string Text { get; }

    /// <summary>The formula with R's spacing, as its summaries print it.</summary>
    public string Deparsed { get; }

    /// <summary>The left-hand side.</summary>
    public Expression Response { get; }

    /// <summary>The distinct names on the left-hand side.</summary>
    public IReadOnlyList<string> ResponseVariables => [.. Response.Names().Select(name => name.Name).Distinct()];

    /// <summary>The variables that <see cref="Term.Variables"/> refers to; the response is the first.</summary>
    public IReadOnlyList<Expression> Variables { get; private init; } = [];

    /// <summary>The parametric terms: main effects first, then by degree, in order of appearance.</summary>
    public IReadOnlyList<Term> Terms { get; private init; } = [];

    /// <summary>Whether the model has an intercept.</summary>
    public bool HasIntercept { get; private init; }

    /// <summary>The arguments of <c>offset()</c>.</summary>
    public IReadOnlyList<Expression> Offsets { get; private init; } = [];

    /// <summary>The smooths in order.</summary>
    public IReadOnlyList<SmoothCall> Smooths { get; private init; } = [];

    /// <summary>
    /// Whether there is a dot on the right-hand side: parse again with the cohort's names
    /// (<see cref="Parse(string, IReadOnlyList{string})"/>).
    /// </summary>
    public bool UsesDot { get; private init; }

    /// <summary>Parses a formula; a dot means nothing until the cohort's names are known.</summary>
    /// <exception cref="FormulaException">The text is not a formula; the message marks the position.</exception>
    public static Formula Parse(string text) => Parse(text, null);

    /// <summary>Parses a formula.</summary>
    /// <param name="text">What the user typed.</param>
    /// <param name="dotNames">The names that a dot stands for, except those used on the left-hand side; null: not known yet.</param>
    /// <exception cref="FormulaException">The text is not a formula; the message marks the position.</exception>
    public static Formula Parse(string text, IReadOnlyList<string>? dotNames)
    {
        if (ExpressionParser.Parse(text) is not CallExpression { IsOperator: true, Function: "~" } tilde)
            throw new FormulaException(
                "A formula needs a '~' between the response and the predictors: FDC ~ Age + sex.",
                text,
                new(0, text.Length)
            );
        if (tilde.Arguments.Count == 1)
            throw new FormulaException("The response is missing before the '~'.", text, new(tilde.Span.Start, tilde.Span.Start + 1));
        var (response, right) = (tilde[0], tilde[1]);
        foreach (var side in new[] { response, right })
        {
            if (FindTilde(side) is { } second)
                throw new FormulaException("A formula has only one '~'.", text, second.Span);
        }
        if (!response.Names().Any())
            throw new FormulaException("The left-hand side names no scalar.", text, response.Span);
        if (SmoothCall.FindInside(response) is { } smooth)
            throw new FormulaException("A smooth cannot be used on the left-hand side.", text, smooth.Span);
        var left = response.Names().Select(name => name.Name).ToHashSet();
        var expansion = new TermExpansion(text, dotNames?.Where(name => !left.Contains(name)).ToList());
        expansion.Variable(response);
        return Arrange(text, tilde.ToString(), response, expansion, expansion.Expand(right));
    }

    /// <summary>
    /// The formula without the terms that contain a variable; the expressions that replace it remain in the model frame, as those of a
    /// term that was removed do.
    /// </summary>
    /// <param name="variable">One of <see cref="Variables"/>.</param>
    /// <param name="by">At least one expression.</param>
    public Formula Replace(Expression variable, IReadOnlyList<Expression> by)
    {
        var place = Variables.Select(one => one.ToString()).ToList().IndexOf(variable.ToString());
        return new(Text, Deparsed, Response)
        {
            Variables = [.. Variables.Select((one, index) => index == place ? by[0] : one), .. by.Skip(1)],
            Terms = [.. Terms.Where(term => !term.Variables.Contains(place))],
            HasIntercept = HasIntercept,
            Offsets = Offsets,
            Smooths = Smooths,
        };
    }

    /// <summary>The formula with further smooths after its own; their calls are not part of its text.</summary>
    /// <param name="calls">Calls of smooths, such as <c>s(factor(id), bs = "re")</c>.</param>
    public Formula WithSmooths(IEnumerable<string> calls) =>
        new(Text, Deparsed, Response)
        {
            Variables = Variables,
            Terms = Terms,
            HasIntercept = HasIntercept,
            Offsets = Offsets,
            Smooths = [.. Smooths, .. calls.Select(call => SmoothCall.From((CallExpression)ExpressionParser.Parse(call), -1, call))],
            UsesDot = UsesDot,
        };

    private static Formula Arrange(string text, string deparsed, Expression response, TermExpansion expansion, List<BigInteger> terms)
    {
        var variables = expansion.Variables;
        var isOffset = variables.Select(IsOffset).ToArray();
        var ordered = terms
            .Select(bits => Enumerable.Range(0, variables.Count).Where(variable => !(bits & (BigInteger.One << variable)).IsZero).ToArray())
            .Where(term => !term.Any(variable => isOffset[variable]))
            .OrderBy(term => term.Length)
            .ToList();
        // R drops such a term with a warning.
        if (ordered.Any(term => term.Contains(0)))
            throw new FormulaException(
                $"{response} is the response and cannot be a predictor of itself.",
                text,
                (expansion.ResponseAsPredictor ?? response).Span
            );
        var parametric = new List<Term>();
        var smooths = new List<SmoothCall>();
        for (var index = 0; index < ordered.Count; index++)
        {
            var term = ordered[index];
            var smooth = term.FirstOrDefault(variable => SmoothCall.IsSmooth(variables[variable]), -1);
            if (smooth >= 0 && term.Length == 1)
                smooths.Add(SmoothCall.From((CallExpression)variables[smooth], index, text));
            else if (smooth >= 0)
                throw new FormulaException(
                    "A smooth cannot be part of an interaction; use its by= argument.",
                    text,
                    variables[smooth].Span
                );
            else
                parametric.Add(new(term, string.Join(":", term.Select(variable => variables[variable])), index));
        }
        foreach (var variable in variables.Where(variable => !SmoothCall.IsSmooth(variable)))
        {
            if (SmoothCall.FindInside(variable) is { } inside)
                throw new FormulaException(
                    $"{inside.Function}() is a smooth and can only be used at the top level of the right-hand side.",
                    text,
                    inside.Span
                );
        }
        return new(text, deparsed, response)
        {
            Variables = variables,
            Terms = parametric,
            HasIntercept = expansion.HasIntercept,
            Offsets = [.. variables.Where(IsOffset).Select(variable => OffsetArgument((CallExpression)variable, text))],
            Smooths = smooths,
            UsesDot = expansion.UsesDot,
        };
    }

    private static bool IsOffset(Expression variable) => variable is CallExpression { IsOperator: false, Function: "offset" };

    private static Expression OffsetArgument(CallExpression offset, string text) =>
        offset.Arguments.Count == 1 ? offset[0] : throw new FormulaException("offset() takes one expression.", text, offset.Span);

    private static CallExpression? FindTilde(Expression expression) =>
        expression is not CallExpression call ? null
        : call.IsOperator && call.Function == "~" ? call
        : call.Arguments.Select(argument => FindTilde(argument.Value)).FirstOrDefault(found => found is not null);

    public override string ToString() => Text;
}

/// <summary>A term of the right-hand side: the product of some variables.</summary>
/// <param name="Variables">Indices into <see cref="Formula.Variables"/>, ascending.</param>
/// <param name="Label">R's term label: the variables' texts joined by colons.</param>
/// <param name="Index">0-based position among all terms of the formula, including smooths, in R's order of terms (by degree).</param>
internal sealed record Term(IReadOnlyList<int> Variables, string Label, int Index);
