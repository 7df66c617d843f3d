using HpcFit.Shared.Cohort;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas;

/// <summary>
/// Summarises the variables of a formula as they were understood, and the reasons why subjects are not used. A factor is described as the
/// formula defines it, with the levels of the subjects used; of any other expression, the columns that it uses are described.
/// </summary>
/// <param name="frame">The formula bound to its cohort.</param>
/// <param name="cohort">The cohort.</param>
/// <param name="columns">The columns of the model matrix, which show how factors are coded.</param>
internal sealed class FrameSummary(DesignFrame frame, CohortTable cohort, IReadOnlyList<DesignColumn> columns)
{
    private readonly int[] _used = [.. Enumerable.Range(0, cohort.Rows).Where(row => frame.IsComplete[row])];

    /// <summary>The summary; the counts of subjects of the file and of the cohort are those of the cohort.</summary>
    public ModelFrame Create() =>
        new()
        {
            SubjectsInFile = cohort.Rows,
            SubjectsInCohort = cohort.Rows,
            Selected = frame.Subset.Rows.Length,
            Undecided = frame.Subset.Undecided,
            Used = _used.Length,
            ZeroWeights = frame.Weights is { } weights ? _used.Count(row => weights[row] == 0) : 0,
            Missing = Missing(),
            Variables = WithoutRepeated([.. Variables()]),
        };

    /// <summary>
    /// Each variable once per role, with the contrasts that some term gives it. That it is also used outside the terms is not said of a
    /// predictor, such as the time whose effect is fixed and varies between subjects.
    /// </summary>
    private List<VariableSummary> WithoutRepeated(List<VariableSummary> variables)
    {
        var predictors = variables.Where(variable => variable.Role is null).Select(variable => variable.Name).ToHashSet();
        return
        [
            .. variables
                .Where(variable => frame.RoleOutsideTerms is not { } role || variable.Role != role || !predictors.Contains(variable.Name))
                .GroupBy(variable => (variable.Name, variable.Role))
                .Select(same => same.FirstOrDefault(variable => variable.Contrasts is not null) ?? same.First()),
        ];
    }

    private IEnumerable<VariableSummary> Variables()
    {
        for (var index = 0; index < frame.Variables.Count; index++)
        {
            var isUnused = frame.Variables[index].IsUnused;
            if (frame.Expressions[index] is not { } expression || (isUnused && frame.RoleOutsideTerms is null))
                continue;
            var role =
                isUnused ? frame.RoleOutsideTerms
                : frame.IsOffset[index] ? "offset"
                : null;
            var levels = isUnused ? null : frame.Variables[index].Levels;
            foreach (var variable in levels is not null ? [Factor(index, levels)] : Columns(expression, role))
                yield return variable;
        }
        if (frame.WeightsColumn is { } weights)
            yield return Column(cohort.Get(weights)) with
            {
                Role = "weights",
            };
    }

    private VariableSummary Factor(int index, IReadOnlyList<string> levels)
    {
        var (variable, value) = (frame.Variables[index], frame.Values[index]!);
        var name = variable.Expression.ToString();
        var type = value switch
        {
            NumericValue => VariableType.Logical,
            FactorValue { IsOrdered: true } => VariableType.Ordered,
            _ => VariableType.Factor,
        };
        var summary = variable.UsesScalars
            ? new VariableSummary
            {
                Name = name,
                Type = type,
                LevelCount = levels.Count,
            }
            : VariableSummary.OfLevels(name, type, variable.Code(value).Codes!, levels, _used, CountMissing(value.IsMissing));
        return IsCodedByContrasts(index, levels.Count)
            ? summary with
            {
                Contrasts = variable.Contrast.RName,
                Reference = variable.Contrast.Reference(levels),
            }
            : summary;
    }

    /// <summary>Whether some term codes the factor by contrasts, and not by one column for every level.</summary>
    private bool IsCodedByContrasts(int index, int levels) =>
        columns
            .SelectMany(column => column.Parts.Where(part => part.Variable == index).Select(part => (column.Term, part.Column)))
            .GroupBy(part => part.Term)
            .Any(term => term.Distinct().Count() < levels);

    private IEnumerable<VariableSummary> Columns(Expression expression, string? role)
    {
        foreach (var name in expression.Names().Select(name => name.Name).Distinct())
        {
            if (frame.IsScalar(name))
                yield return new()
                {
                    Name = name,
                    Type = VariableType.Scalar,
                    Role = role,
                };
            else if (cohort.Find(name) is { } column)
                yield return Column(column) with
                {
                    Role = role,
                };
        }
    }

    private VariableSummary Column(CohortColumn column)
    {
        var missing = CountMissing(column.IsMissing);
        if (column is NumericColumn numbers)
            return VariableSummary.OfNumbers(column.Name, numbers.Values, _used, missing);
        var factor = Factors.DropUnused(Factors.From(CohortValues.From(cohort, column.Name)!), _used);
        var type = column switch
        {
            LogicalColumn => VariableType.Logical,
            FactorColumn { IsOrdered: true } => VariableType.Ordered,
            FactorColumn => VariableType.Factor,
            _ => VariableType.Text,
        };
        return VariableSummary.OfLevels(column.Name, type, factor.Codes, factor.Levels, _used, missing);
    }

    private int CountMissing(Func<int, bool> isMissing) => frame.Subset.Rows.Count(isMissing);

    /// <summary>
    /// The causes in the order of the formula: missing columns, and expressions without a value where their columns have one.
    /// </summary>
    private List<MissingCount> Missing()
    {
        var rowsOf = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        for (var index = 0; index < frame.Expressions.Count; index++)
        {
            if (frame.Expressions[index] is { } expression)
                Blame(expression, frame.IsScalarDependent(expression) ? null : frame.Values[index]!.IsMissing, rowsOf);
        }
        Blame(frame.Response, null, rowsOf);
        if (frame.WeightsColumn is { } weights)
            Blame(new NameExpression(weights, default), null, rowsOf);
        return [.. rowsOf.Where(cause => cause.Value.Count > 0).Select(cause => new MissingCount(cause.Key, cause.Value.Count))];
    }

    /// <summary>Adds the selected rows in which an expression is missing to its causes.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="isMissing">Whether it is missing in a row; null: where one of its columns is.</param>
    /// <param name="rowsOf">The rows by cause.</param>
    private void Blame(Expression expression, Func<int, bool>? isMissing, Dictionary<string, HashSet<int>> rowsOf)
    {
        var used = expression
            .Names()
            .Where(name => !frame.IsScalar(name.Name))
            .Select(name => cohort.Find(name.Name))
            .OfType<CohortColumn>();
        var distinct = used.DistinctBy(column => column.Name).ToList();
        foreach (var row in frame.Subset.Rows)
        {
            var missing = distinct.Where(column => column.IsMissing(row)).Select(column => column.Name).ToList();
            if (isMissing is null ? missing.Count == 0 : !isMissing(row))
                continue;
            foreach (var cause in missing.Count > 0 ? missing : [expression.ToString()])
            {
                if (!rowsOf.TryGetValue(cause, out var rows))
                    rowsOf.Add(cause, rows = []);
                rows.Add(row);
            }
        }
    }
}
