using HpcFit.Shared.Cohort;

namespace HpcFit.Worker.Formulas;

/// <summary>Text columns that hold numbers but for some cells, where expressions use them.</summary>
internal static class TextsTakenForNumbers
{
    private static readonly HashSet<string> ToNumbers = ["as.numeric", "as.double", "as.integer"];

    /// <summary>Functions and operators by which a formula says what the texts are.</summary>
    private static readonly HashSet<string> Explicit =
    [
        .. ToNumbers,
        "factor",
        "as.factor",
        "ordered",
        "as.ordered",
        "as.character",
        "is.na",
        "==",
        "!=",
        "%in%",
    ];

    /// <summary>Refuses an expression that uses such a column as it is: it would be a factor with a level for each number.</summary>
    /// <exception cref="Shared.Failures.BadInputException">The message names the column, the cells, their rows and what to do.</exception>
    public static void Refuse(Expression expression, CohortTable cohort)
    {
        foreach (var name in Unconverted(expression))
        {
            if (NearlyNumericColumn.Find(cohort, name.Name) is { } column)
                throw column.AsError();
        }
    }

    /// <summary>What is worth knowing of conversions to numbers: R warns of cells that become missing.</summary>
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
