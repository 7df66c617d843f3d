using HpcFit.Shared.Cohort;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas;

/// <summary>
/// A formula bound to a cohort and a file: creates the model matrix of any element's observed rows. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// The order of steps is that of R under ModelArray: the table is restricted to the element's finite rows; every variable is evaluated at
/// those rows, so scale, poly, ns and bs use all of them; the subset is taken; na.omit drops rows with any missing variable; factors lose
/// unused levels; the matrix is coded. Columns are determined by the complete rows of the whole cohort. An element without rows of one of
/// their levels is reported (<see cref="DesignMatrix.HasEmptyLevel"/>), whether the column is character, logical or an explicit factor:
/// lm and gam drop unused levels of all of them.
/// </remarks>
internal sealed partial class ModelDesign
{
    private readonly CohortTable _cohort;
    private readonly IReadOnlyList<DesignVariable> _variables;
    private readonly List<DesignColumn> _columns;
    private readonly bool[] _isComplete;
    private readonly bool[] _isOffset;
    private readonly double[]? _weights;
    private readonly string[] _scalars;
    private readonly string _responseScalar;

    /// <summary>Columns without a dynamic variable, at all subjects; null for a dynamic column.</summary>
    private readonly double[]?[] _static;

    private ModelDesign(Formula formula, CohortTable cohort, DesignFrame frame, string responseScalar)
    {
        _responseScalar = responseScalar;
        Formula = formula;
        _cohort = cohort;
        _variables = frame.Variables;
        _isComplete = frame.IsComplete;
        _isOffset = frame.IsOffset;
        _weights = frame.Weights;
        _scalars = frame.ScalarPredictors;
        VariesWithScalars = frame.VariesWithScalars;
        _columns = DesignColumn.CreateAll(formula, frame.Variables);
        _static = [.. _columns.Select(StaticColumn)];
        Subset = frame.Subset;
        CompleteRows = [.. Enumerable.Range(0, cohort.Rows).Where(row => _isComplete[row])];
        ColumnNames = [.. _columns.Select(column => column.Name)];
        TermOfColumn = [.. _columns.Select(column => column.Term)];
        Warnings = frame.Coercions;
        RebuildsOnRows = _variables.Any(variable => variable.DependsOnRows);
        Frame = new FrameSummary(frame, cohort, _columns).Create();
        RefuseInfinite();
    }

    /// <summary>The subjects and variables as they were understood.</summary>
    public ModelFrame Frame { get; }

    /// <summary>The formula, with its dot resolved.</summary>
    public Formula Formula { get; }

    /// <summary>Column names as in R's model.matrix, <c>(Intercept)</c> first.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Per column, R's assign: 0 for the intercept, otherwise the 1-based term.</summary>
    public IReadOnlyList<int> TermOfColumn { get; }

    /// <summary>The columns of the model matrix as products of coded variables.</summary>
    public IReadOnlyList<DesignColumn> Columns => _columns;

    /// <summary>The variables to which <see cref="Columns"/> and the formula's terms refer.</summary>
    public IReadOnlyList<DesignVariable> Variables => _variables;

    /// <summary>R's term labels, without smooths.</summary>
    public IReadOnlyList<string> TermLabels => [.. Formula.Terms.Select(term => term.Label)];

    /// <summary>Whether the model has an intercept.</summary>
    public bool HasIntercept => Formula.HasIntercept;

    /// <summary>Scalars of the file that the formula uses in addition to the response, on either side and in smooths.</summary>
    public IReadOnlyList<string> ScalarPredictors => _scalars;

    /// <summary>Whether the right-hand side uses scalars, so that the model matrix or a smooth differs between elements.</summary>
    public bool VariesWithScalars { get; }

    /// <summary>Warnings about the formula and this cohort.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Whether columns, offsets or smooths' covariates depend on the set of rows: poly, ns, bs, scale.</summary>
    public bool RebuildsOnRows { get; }

    /// <summary>Rows of the subset without a missing phenotype among the variables used, including weights.</summary>
    public IReadOnlyList<int> CompleteRows { get; }

    /// <summary>The subjects that are selected, with or without missing phenotypes; all of them without a condition.</summary>
    public CohortSubset Subset { get; }

    /// <summary>Whether the left-hand side is more than the scalar's name.</summary>
    public bool ResponseIsTransformed => Formula.Response is not NameExpression;

    /// <summary>Binds a formula.</summary>
    /// <param name="formula">The formula; a dot in it stands for the cohort's columns except <c>source_file</c> and the response.</param>
    /// <param name="cohortInFileOrder">The cohort, row i belonging to the response scalar's source i.</param>
    /// <param name="scalarsOfFile">Names that are scalars, not columns; a scalar hides a column of the same name, as in ModelArray.</param>
    /// <param name="responseScalar">The scalar that the left-hand side must name.</param>
    /// <param name="options">Contrasts, weights and subset.</param>
    /// <exception cref="FormulaException">A name, function, type or number of levels that cannot be used.</exception>
    /// <exception cref="Shared.Failures.BadInputException">Weights or contrasts that cannot be used.</exception>
    public static ModelDesign Create(
        Formula formula,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar,
        DesignOptions options
    )
    {
        if (formula.UsesDot)
        {
            var names = cohortInFileOrder
                .Columns.Select(column => column.Name)
                .Where(name => name != CohortTable.SourceFile && name != responseScalar);
            formula = Formula.Parse(formula.Text, [.. names]);
        }
        return new(
            formula,
            cohortInFileOrder,
            DesignFrame.Bind(formula, cohortInFileOrder, scalarsOfFile, responseScalar, options),
            responseScalar
        );
    }

    /// <summary>
    /// Sentences about columns that are aliased for the subjects of the whole cohort (<see cref="AliasedColumns"/>). Only columns without
    /// scalars are checked, since scalars differ between elements.
    /// </summary>
    public IReadOnlyList<string> Aliases()
    {
        var whole = !VariesWithScalars ? Build([.. Enumerable.Range(0, _cohort.Rows)], []) : null;
        if (whole is { Problem: not DesignProblem.None })
            return [];
        int[] rows = [.. (whole?.Rows ?? CompleteRows).Where(row => _weights is null || _weights[row] > 0)];
        var places = whole is null
            ? rows
            : [.. Enumerable.Range(0, whole.Rows.Length).Where(i => _weights is null || _weights[whole.Rows[i]] > 0)];
        var looked = Enumerable.Range(0, _columns.Count).Where(column => whole is not null || _static[column] is not null).ToList();
        return
        [
            .. AliasedColumns.Sentences(
                looked.ConvertAll(column => ColumnNames[column]),
                looked.ConvertAll(column =>
                    CohortValues.Take<double>(
                        whole is null ? _static[column] : whole.Values.AsSpan(column * whole.Rows.Length, whole.Rows.Length),
                        places
                    )
                )
            ),
        ];
    }

    private double[]? StaticColumn(DesignColumn column)
    {
        if (column.Parts.Any(part => _variables[part.Variable].IsDynamic))
            return null;
        var values = new double[_cohort.Rows];
        for (var row = 0; row < values.Length; row++)
        {
            var product = 1.0;
            foreach (var part in column.Parts)
                product *= _variables[part.Variable].OnAllRows![part, row];
            values[row] = product;
        }
        return values;
    }

    private void RefuseInfinite()
    {
        foreach (var variable in _variables.Where(variable => variable.OnAllRows is not null))
        {
            var row = CompleteRows.FirstOrDefault(variable.OnAllRows!.IsInfinite, -1);
            if (row < 0)
                continue;
            throw new FormulaException(
                $"{variable.Expression} is infinite in row {row + 1} of the cohort (in the data file's order), which no model can "
                    + "use; R's lm refuses it too.",
                Formula.Text,
                variable.Expression.Span
            );
        }
    }
}

/// <summary>Options of a design besides its formula.</summary>
internal sealed record DesignOptions
{
    /// <summary>Contrast functions by variable, as <c>--contrasts site=contr.sum</c> gives them.</summary>
    public IReadOnlyDictionary<string, string> Contrasts { get; init; } = new Dictionary<string, string>();

    /// <summary>The cohort column of prior weights, or null.</summary>
    public string? WeightsColumn { get; init; }

    /// <summary>The condition that selects subjects (<see cref="CohortSubset"/>), or null: all.</summary>
    public string? Subset { get; init; }

    /// <summary>
    /// How variables that are in no term are described before the fit; null: not at all. Random effects of mixed models have such ones.
    /// </summary>
    public string? RoleOutsideTerms { get; init; }
}
