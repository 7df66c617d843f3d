using HpcFit.Shared.Cohort;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Detects expressions that use text columns which contain numbers except in some cells.</summary>
internal static class TextsTakenForNumbers
{
    private static readonly HashSet<string> ToNumbers = ["as.numeric", "as.double", "as.integer"];

    /// <summary>Functions and operators that make the meaning of the strings explicit.</summary>
    private static readonly HashSet<string> Explicit =
    [
        .. ToNumbers,
        "factor",
        "as.factor",
        "ordered",
        "as.ordered",
        "as.character",
        "is.na",
        "nchar",
        "paste",
        "paste0",
        "substr",
        "substring",
        "==",
        "!=",
        "%in%",
    ];

    /// <summary>Refuses an expression that uses such a column unchanged: it would be a factor with one level per number.</summary>
    /// <exception cref="Shared.Failures.BadInputException">The message names the column, the cells, their rows and what to do.</exception>
    public static void Refuse(Expression expression, CohortTable cohort)
    {
        foreach (var name in Unconverted(expression))
        {
            if (NearlyNumericColumn.Find(cohort, name.Name) is { } column)
                throw column.AsError();
        }
    }

    /// <summary>Warnings about conversions to numbers in which cells become missing, as R warns.</summary>
    public static IEnumerable<string> Coercions(Expression expression, CohortTable cohort)
    {
        if (expression is not CallExpression call)
            return [];
        return !call.IsOperator && ToNumbers.Contains(call.Function) && call.Arguments is [{ Value: NameExpression name }]
            ? NearlyNumericColumn.Coerced(cohort, name.Name) is { } words
                ? [words]
                : []
            : call.Arguments.SelectMany(argument => Coercions(argument.Value, cohort));
    }

    private static IEnumerable<NameExpression> Unconverted(Expression expression) =>
        expression switch
        {
            NameExpression name => [name],
            CallExpression call when Explicit.Contains(call.Function) => [],
            CallExpression call => call.Arguments.SelectMany(argument => Unconverted(argument.Value)),
            _ => [],
        };
}
