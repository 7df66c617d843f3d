using HpcFit.Shared.Cohort;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas;

/// <summary>The columns of a cohort on which the results of a model depend.</summary>
internal static class UsedColumns
{
    /// <summary>The names of the columns, each once.</summary>
    /// <param name="cohort">The cohort.</param>
    /// <param name="design">The model, whose offsets and subset are added.</param>
    /// <param name="scalars">Names that mean a scalar of the file, even where a column has the same.</param>
    /// <param name="variables">The response and the predictors.</param>
    /// <param name="named">Columns that options name; null: the option is not given.</param>
    public static IReadOnlyList<string> Find(
        CohortTable cohort,
        ModelDesign design,
        IReadOnlyList<string> scalars,
        IEnumerable<Expression> variables,
        params IEnumerable<string?> named
    ) =>
        [
            .. variables
                .Concat(design.Formula.Offsets)
                .SelectMany(expression => expression.Names())
                .Select(name => name.Name)
                .Concat(named.OfType<string>())
                .Concat(design.Subset.Names)
                .Where(name => !scalars.Contains(name) && cohort.Find(name) is not null)
                .Distinct(),
        ];
}
