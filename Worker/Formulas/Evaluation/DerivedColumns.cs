using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Adds the columns of <c>--column 'osex=ordered(sex, levels=c("F","M"))'</c> to a cohort.</summary>
internal static class DerivedColumns
{
    /// <summary>The cohort with every definition's column, in order; a later one may use an earlier one.</summary>
    /// <param name="cohort">The cohort.</param>
    /// <param name="definitions">The definitions.</param>
    /// <param name="warnings">Receives a warning for values that became missing when strings were converted to numbers; null:
    /// discarded.</param>
    /// <exception cref="BadInputException">A definition without a name, or an expression that cannot be evaluated.</exception>
    public static CohortTable Add(CohortTable cohort, IEnumerable<string> definitions, List<string>? warnings = null) =>
        definitions.Aggregate(cohort, (table, definition) => Add(table, definition, warnings));

    private static CohortTable Add(CohortTable cohort, string definition, List<string>? warnings)
    {
        var equals = definition.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? "" : definition[..equals].Trim().Trim('`');
        if (name.Length == 0)
            throw new BadInputException(
                $"The column '{definition}' is not NAME=EXPRESSION, as in osex=ordered(sex, levels=c(\"F\",\"M\"))."
            );
        if (name == CohortTable.SourceFile)
            throw new BadInputException($"The column '{CohortTable.SourceFile}' cannot be replaced: it links subjects to the data file.");
        var text = definition[(equals + 1)..];
        var expression = ExpressionParser.Parse(text);
        var evaluator = new Evaluator(
            text,
            cohort.Rows,
            column => CohortValues.From(cohort, column),
            cohort.Columns.Select(column => column.Name)
        );
        TextsTakenForNumbers.Refuse(expression, cohort);
        warnings?.AddRange(TextsTakenForNumbers.Coercions(expression, cohort));
        try
        {
            var value = evaluator.Evaluate(expression);
            if (value is NumericValue { Columns: > 1 })
                throw new FormulaException($"{expression} is a matrix; a column has one value per subject.", text, expression.Span);
            return cohort.With(CohortValues.Column(name, value));
        }
        catch (BasisImpossibleException impossible)
        {
            throw new FormulaException(impossible.Message, text, expression.Span);
        }
    }
}
