using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Mixed.Terms;

/// <summary>A random term: effects that differ between the levels of one grouping factor and may be correlated.</summary>
/// <param name="Source">The term as typed; <c>(x || g)</c> and <c>(1 | a/b)</c> are several random terms.</param>
/// <param name="Groups">The grouping variables; several are crossed to one factor, as <c>site:id</c>.</param>
/// <param name="HasIntercept">Whether each level has an intercept.</param>
/// <param name="Slopes">The covariates whose slopes differ between levels.</param>
internal sealed record RandomTerm(
    CallExpression Source,
    IReadOnlyList<Expression> Groups,
    bool HasIntercept,
    IReadOnlyList<Expression> Slopes
)
{
    /// <summary>The name of the grouping factor, as lme4 names it: <c>(1 | site/id)</c> has <c>id:site</c> and <c>site</c>.</summary>
    public string Group => string.Join(":", Groups);

    /// <summary>The names of the effects.</summary>
    public IReadOnlyList<string> Effects => [.. HasIntercept ? new[] { "(Intercept)" } : [], .. Slopes.Select(slope => slope.ToString())];

    /// <summary>The term in lme4's notation.</summary>
    public string Text => $"({string.Join(" + ", [HasIntercept ? "1" : "0", .. Slopes.Select(slope => slope.ToString())])} | {Group})";
}
