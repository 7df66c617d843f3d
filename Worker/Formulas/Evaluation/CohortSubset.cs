using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>
/// The subjects of a cohort that a model is fitted to, by a condition such as <c>qc == 1 &amp; !is.na(Age)</c>: R's argument
/// <c>subset</c>. The condition is evaluated once, on all rows of the cohort, so that every element has the same subjects. Immutable.
/// </summary>
/// <remarks>
/// As in R, a subject for which the condition is missing is not used, and model variables are evaluated before the subset is taken:
/// <c>scale(Age)</c> is centred on the mean of the subjects outside the subset, too.
/// </remarks>
internal sealed class CohortSubset
{
    private readonly bool[] _selects;

    private CohortSubset(Expression? condition, bool[] selects, int undecided)
    {
        (Condition, _selects, Undecided) = (condition, selects, undecided);
        Names = [.. (condition?.Names() ?? []).Select(name => name.Name).Distinct()];
        Rows = [.. Enumerable.Range(0, selects.Length).Where(row => selects[row])];
    }

    /// <summary>The condition; null: there is none, and all subjects are used.</summary>
    public Expression? Condition { get; }

    /// <summary>The selected rows of the cohort, ascending; at least one, unless the cohort is empty.</summary>
    public int[] Rows { get; }

    /// <summary>The number of subjects for which the condition is missing.</summary>
    public int Undecided { get; }

    /// <summary>The names that the condition uses: columns of the cohort and constants of R.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether no subject is excluded.</summary>
    public bool IsAll => Rows.Length == _selects.Length;

    /// <summary>Whether a row is selected.</summary>
    public bool this[int row] => _selects[row];

    /// <summary>Evaluates a condition.</summary>
    /// <param name="text">The condition; null: all subjects.</param>
    /// <param name="cohort">The cohort, derived columns included.</param>
    /// <param name="scalars">The scalars of the file, which differ between elements and cannot be part of a condition.</param>
    /// <exception cref="BadInputException">The text is not a condition on this cohort, or selects nobody.</exception>
    public static CohortSubset Create(string? text, CohortTable cohort, IReadOnlyCollection<string> scalars)
    {
        if (text is null)
            return new(null, [.. Enumerable.Repeat(true, cohort.Rows)], 0);
        RefuseAssignment(text);
        var expression = ExpressionParser.Parse(text);
        foreach (var name in expression.Names())
        {
            if (scalars.Contains(name.Name) && cohort.Find(name.Name) is null)
                throw new FormulaException(
                    $"The condition of --subset uses the scalar '{name.Name}', whose values differ between elements. It selects the same "
                        + "subjects at every element, so it can use columns of the cohort only.",
                    text,
                    name.Span
                );
        }
        TextsTakenForNumbers.Refuse(expression, cohort);
        var truths = Truths(expression, text, cohort);
        var subset = new CohortSubset(expression, [.. truths.Select(truth => truth == 1)], truths.Count(double.IsNaN));
        return subset.Rows.Length > 0 ? subset : throw Empty(subset, text, cohort);
    }

    /// <summary>R's parser would read <c>qc = 1</c> as an argument named <c>qc</c>.</summary>
    private static void RefuseAssignment(string text)
    {
        var (tokens, depth) = (Tokenizer.Read(text), 0);
        foreach (var token in tokens)
        {
            depth +=
                token.Is("(") ? 1
                : token.Is(")") ? -1
                : 0;
            if (depth == 0 && token.Is("="))
                throw new FormulaException("A comparison is written '=='; '=' assigns a value.", text, token.Span);
            if (depth == 0 && token.Is("~"))
                throw new FormulaException("--subset is a condition, such as qc == 1, and not a formula.", text, token.Span);
        }
    }

    /// <summary>One truth value per row; NaN is missing.</summary>
    private static double[] Truths(Expression expression, string text, CohortTable cohort)
    {
        var evaluator = new Evaluator(
            text,
            cohort.Rows,
            name => CohortValues.From(cohort, name),
            cohort.Columns.Select(column => column.Name)
        );
        try
        {
            return evaluator.EvaluateConstant(expression) is NumericValue { IsLogical: true, Columns: 1 }
                ? ((NumericValue)evaluator.Evaluate(expression)).Data
                : throw NoCondition(evaluator.EvaluateConstant(expression), expression, text, cohort);
        }
        catch (BasisImpossibleException impossible)
        {
            throw new FormulaException(impossible.Message, text, expression.Span);
        }
    }

    /// <summary>R would take numbers as row numbers and strings as row names, which is never intended where a column is written.</summary>
    private static FormulaException NoCondition(Value value, Expression expression, string text, CohortTable cohort)
    {
        var (what, remedy) = value switch
        {
            NumericValue { Columns: > 1 } => ("is a matrix", "Write a condition with one value per subject, such as Age > 12."),
            NumericValue when cohort.Find(expression.ToString()) is not null => (
                "is numeric, not a condition",
                $"Write a comparison, such as {expression} == 1 or !is.na({expression})."
            ),
            NumericValue => (
                "is numeric, not a condition",
                "Write a comparison, such as qc == 1; subjects are not selected by their row numbers."
            ),
            _ => (
                "is text, not a condition",
                cohort.Find(expression.ToString()) is null
                    ? "Write a comparison, such as sex == \"F\"."
                    : $"Write a comparison, such as {expression} == \"{Factors.Texts(value).OfType<string>().FirstOrDefault() ?? "A"}\"."
            ),
        };
        return new($"{expression} {what}. {remedy}", text, expression.Span);
    }

    private static FormulaException Empty(CohortSubset subset, string text, CohortTable cohort) =>
        new(
            $"--subset selects none of the {CountText.Format(cohort.Rows, "subject")} of the cohort {cohort.Path}"
                + (subset.Undecided > 0 ? $" (the condition is missing for {subset.Undecided})." : ".")
                + string.Concat(subset.Names.Where(name => cohort.Find(name) is not null).Select(name => Content(name, cohort))),
            text,
            subset.Condition!.Span
        );

    /// <summary>Some of a column's values, which show what a condition could have compared with.</summary>
    private static string Content(string column, CohortTable cohort)
    {
        const int Shown = 5;
        var values = Factors.From(CohortValues.From(cohort, column)!).Levels;
        return values.Count == 0
            ? $" '{column}' is missing for every subject."
            : $" '{column}' has the {(values.Count == 1 ? "value" : "values")} {string.Join(", ", values.Take(Shown))}"
                + (values.Count > Shown ? $", … ({values.Count} in all)." : ".");
    }
}
