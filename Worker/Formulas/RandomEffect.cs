using HpcFit.Shared.Cohort;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas;

/// <summary>
/// A term in lme4's notation, <c>(1 + x | site)</c>, which mixed models have. In lm and gam it is answered with what to write instead.
/// </summary>
/// <param name="Term">The term.</param>
/// <param name="HasIntercept">Whether each group has its own intercept.</param>
/// <param name="Slopes">The variables whose slopes differ between groups.</param>
/// <param name="Groups">The grouping factors, each crossing of several as one: <c>a/b</c> is <c>a</c> and <c>a:b</c>.</param>
internal sealed record RandomEffect(
    CallExpression Term,
    bool HasIntercept,
    IReadOnlyList<Expression> Slopes,
    IReadOnlyList<IReadOnlyList<Expression>> Groups
)
{
    /// <summary>The same as terms of a linear model.</summary>
    public string AsFixed =>
        string.Join(
            " + ",
            Groups
                .Select(group => string.Join(":", group))
                .SelectMany(group => (HasIntercept ? new[] { group } : []).Concat(Slopes.Select(slope => $"{slope}:{group}")))
        );

    /// <summary>The same as smooths, uncorrelated.</summary>
    public string AsSmooths =>
        string.Join(
            " + ",
            Groups
                .Select(group => string.Join(", ", group))
                .SelectMany(group =>
                    (HasIntercept ? new[] { $"s({group}, bs=\"re\")" } : []).Concat(
                        Slopes.Select(slope => $"s({group}, {slope}, bs=\"re\")")
                    )
                )
        );

    /// <summary>The first such term of a formula; null: none. <c>|</c> between logicals is the logical operator.</summary>
    public static RandomEffect? Find(Formula formula, CohortTable cohort) => FindAll(formula, cohort) is [var first, ..] ? first : null;

    /// <summary>All such terms of a formula, in order.</summary>
    public static IReadOnlyList<RandomEffect> FindAll(Formula formula, CohortTable cohort) =>
        [
            .. formula
                .Variables.Skip(1)
                .OfType<CallExpression>()
                .Where(call => IsBar(call) && !(IsLogical(call[0], cohort) && IsLogical(call[1], cohort)))
                .Select(Read),
        ];

    private static bool IsBar(CallExpression call) => call.IsOperatorNamed("|", 2) || call.IsOperatorNamed("||", 2);

    private static bool IsLogical(Expression expression, CohortTable cohort) =>
        expression switch
        {
            NameExpression name => name.Name is "TRUE" or "FALSE" || cohort.Find(name.Name) is LogicalColumn,
            CallExpression { IsOperator: true } call => call.Function switch
            {
                "(" => IsLogical(call[0], cohort),
                "!" or "<" or ">" or "<=" or ">=" or "==" or "!=" or "%in%" => true,
                "&" or "&&" or "|" or "||" => IsLogical(call[0], cohort) && IsLogical(call[1], cohort),
                _ => false,
            },
            CallExpression call => call.Function is "is.na" or "as.logical",
            _ => false,
        };

    private static RandomEffect Read(CallExpression term)
    {
        var effects = Sum(term[0]).ToList();
        return new(
            term,
            !effects.Any(effect => effect.ToString() is "0" or "-1"),
            effects.FindAll(effect => effect.ToString() is not ("0" or "1" or "-1")),
            Groupings(term[1])
        );
    }

    private static IEnumerable<Expression> Sum(Expression expression) =>
        expression is CallExpression call && call.IsOperatorNamed("+", 2) ? Sum(call[0]).Concat(Sum(call[1])) : [expression];

    private static List<IReadOnlyList<Expression>> Groupings(Expression expression) =>
        expression switch
        {
            CallExpression call when call.IsOperatorNamed("(", 1) => Groupings(call[0]),
            CallExpression call when call.IsOperatorNamed("+", 2) => [.. Groupings(call[0]), .. Groupings(call[1])],
            CallExpression call when call.IsOperatorNamed(":", 2) =>
            [
                [.. Groupings(call[0])[^1], .. Groupings(call[1])[^1]],
            ],
            CallExpression call when call.IsOperatorNamed("/", 2) =>
            [
                .. Groupings(call[0]),
                [.. Groupings(call[0])[^1], .. Groupings(call[1])[^1]],
            ],
            _ =>
            [
                [expression],
            ],
        };
}
