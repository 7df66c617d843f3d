using HpcFit.Shared.Cohort;

namespace HpcFit.Worker.Formulas;

/// <summary>
/// A formula bound to a cohort and a file: makes the model matrix on whatever rows an element has. Immutable and shared by threads.
/// </summary>
/// <remarks>
/// R's order of things, as ModelArray drives it: the table is cut to the element's finite rows; every variable is evaluated on those rows,
/// so scale, poly, ns and bs see them all; na.omit drops rows with any missing variable; factors lose unused levels; the matrix is coded.
/// Columns are fixed by the complete rows of the whole cohort. An element where a level of those has vanished is reported
/// (<see cref="DesignMatrix.HasEmptyLevel"/>) whether the column is text, logical or an explicit factor: lm and gam drop unused levels of
/// all.
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

    /// <summary>Columns without a dynamic variable, on all subjects: null where the column is dynamic.</summary>
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
        _columns = DesignColumn.Lay(formula, frame.Variables);
        _static = [.. _columns.Select(StaticColumn)];
        CompleteRows = [.. Enumerable.Range(0, cohort.Rows).Where(row => _isComplete[row])];
        ColumnNames = [.. _columns.Select(column => column.Name)];
        TermOfColumn = [.. _columns.Select(column => column.Term)];
        Warnings = frame.Coercions;
        RebuildsOnRows = _variables.Any(variable => variable.DependsOnRows);
        RefuseInfinite();
    }

    /// <summary>The formula, its dot resolved.</summary>
    public Formula Formula { get; }

    /// <summary>As R's model.matrix names them, <c>(Intercept)</c> first.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>R's assign: 0 for the intercept, else the 1-based term.</summary>
    public IReadOnlyList<int> TermOfColumn { get; }

    /// <summary>R's term labels, smooths left out.</summary>
    public IReadOnlyList<string> TermLabels => [.. Formula.Terms.Select(term => term.Label)];

    /// <summary>Whether the model has a constant.</summary>
    public bool HasIntercept => Formula.HasIntercept;

    /// <summary>Scalars of the file used on the right side, smooths included; their values change per element.</summary>
    public IReadOnlyList<string> ScalarPredictors => _scalars;

    /// <summary>What the user should know about the formula and this cohort.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Columns (or offsets, or smooths' covariates) depend on which rows are there: poly, ns, bs, scale.</summary>
    public bool RebuildsOnRows { get; }

    /// <summary>Rows of all subjects without a missing phenotype among the variables used, weights included.</summary>
    public IReadOnlyList<int> CompleteRows { get; }

    /// <summary>The left side is more than the scalar's name.</summary>
    public bool ResponseIsTransformed => Formula.Response is not NameExpression;

    /// <summary>Binds a formula.</summary>
    /// <param name="formula">The formula; a dot in it becomes the cohort's columns but <c>source_file</c> and the response.</param>
    /// <param name="cohortInFileOrder">The cohort, row i belonging to the response scalar's source i.</param>
    /// <param name="scalarsOfFile">Names that are scalars, not columns; a scalar hides a column of its name, as in ModelArray.</param>
    /// <param name="responseScalar">The scalar that the left side must name.</param>
    /// <param name="options">Contrasts and weights.</param>
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
    /// Columns that others determine on the subjects of the whole cohort, in words (<see cref="AliasedColumns"/>); beside scalars, whose
    /// values differ between elements, only the columns of the cohort are looked at.
    /// </summary>
    public IReadOnlyList<string> Aliases()
    {
        var whole = _scalars.Length == 0 ? Build([.. Enumerable.Range(0, _cohort.Rows)], []) : null;
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
