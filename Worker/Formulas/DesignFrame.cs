using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas;

/// <summary>
/// Checks a formula against a cohort and determines what does not change between elements: types, levels, widths, complete rows, weights.
/// </summary>
internal sealed class DesignFrame
{
    private readonly Formula _formula;
    private readonly CohortTable _cohort;
    private readonly DesignOptions _options;
    private readonly HashSet<string> _scalars;
    private readonly string _responseScalar;

    private DesignFrame(Formula formula, CohortTable cohort, IReadOnlyList<string> scalars, string responseScalar, DesignOptions options)
    {
        (_formula, _cohort, _options, _responseScalar) = (formula, cohort, options, responseScalar);
        _scalars = [.. scalars];
        Subset = CohortSubset.Create(options.Subset, cohort, _scalars);
    }

    /// <summary>
    /// The variables of the formula (to which terms refer), then offsets' arguments and smooths' covariates. The response is a placeholder.
    /// </summary>
    public IReadOnlyList<DesignVariable> Variables { get; private set; } = [];

    /// <summary>Per variable, whether it is an offset's argument.</summary>
    public bool[] IsOffset { get; private set; } = [];

    /// <summary>Per row, whether it is in the subset and no variable, offset or weight is missing.</summary>
    public bool[] IsComplete { get; private set; } = [];

    /// <summary>The subjects that are selected; all of them without a condition.</summary>
    public CohortSubset Subset { get; }

    public double[]? Weights { get; private set; }

    /// <inheritdoc cref="DesignOptions.RoleOutsideTerms"/>
    public string? RoleOutsideTerms => _options.RoleOutsideTerms;

    /// <summary>The column of the weights, or null.</summary>
    public string? WeightsColumn => _options.WeightsColumn;

    /// <summary>Per variable its expression in the formula; null: not a variable of the frame (the response, a smooth's call).</summary>
    public IReadOnlyList<Expression?> Expressions { get; private set; } = [];

    /// <summary>Per variable its value at all rows, with placeholders for scalars.</summary>
    public IReadOnlyList<Value?> Values { get; private set; } = [];

    /// <summary>The left-hand side.</summary>
    public Expression Response => _formula.Response;

    /// <summary>Warnings about values that became missing when strings were converted to numbers.</summary>
    public IReadOnlyList<string> Coercions { get; private set; } = [];

    public string[] ScalarPredictors { get; private set; } = [];

    public bool VariesWithScalars { get; private set; }

    public static DesignFrame Bind(
        Formula formula,
        CohortTable cohort,
        IReadOnlyList<string> scalars,
        string responseScalar,
        DesignOptions options
    )
    {
        var frame = new DesignFrame(formula, cohort, scalars, responseScalar, options);
        frame.CheckResponse();
        var used = formula.Terms.SelectMany(term => term.Variables).ToHashSet();
        // As in R, a variable whose terms were all removed (. - m) is still in the model frame, and its missing values drop rows.
        var expressions = formula.Variables.Select((expression, index) => index > 0 && IsOfFrame(expression) ? expression : null).ToList();
        var offsets = formula.Offsets.Count;
        expressions.AddRange(formula.Offsets);
        expressions.AddRange(formula.Smooths.SelectMany(smooth => smooth.Covariates.Concat(By(smooth))));
        foreach (var expression in expressions.OfType<Expression>().Append(formula.Response))
            TextsTakenForNumbers.Refuse(expression, cohort);
        frame.Coercions =
        [
            .. expressions
                .OfType<Expression>()
                .Append(formula.Response)
                .SelectMany(expression => TextsTakenForNumbers.Coercions(expression, cohort))
                .Distinct(),
        ];
        string[] predictors =
        [
            .. expressions
                .OfType<Expression>()
                .SelectMany(expression => expression.Names())
                .Where(name => frame._scalars.Contains(name.Name))
                .Select(frame.NotTheResponse)
                .Distinct(),
        ];
        frame.VariesWithScalars = predictors.Length > 0;
        frame.ScalarPredictors =
        [
            .. predictors
                .Concat(formula.ResponseVariables.Where(name => name != responseScalar && frame._scalars.Contains(name)))
                .Distinct(),
        ];
        frame.IsOffset =
        [
            .. expressions.Select((_, index) => index >= formula.Variables.Count && index < formula.Variables.Count + offsets),
        ];
        frame.Evaluate(expressions, index => index >= formula.Variables.Count || used.Contains(index));
        frame.MarkRandomEffects(formula, formula.Variables.Count + offsets);
        return frame;
    }

    /// <summary>Marks the covariates of random effects.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="first">The first variable of its first smooth.</param>
    private void MarkRandomEffects(Formula formula, int first)
    {
        var variables = Variables.ToList();
        foreach (var smooth in formula.Smooths)
        {
            if (smooth.Options.TryGetValue("bs", out var basis) && basis.ToString() == "\"re\"")
                for (var i = first; i < first + smooth.Covariates.Count; i++)
                    variables[i] = variables[i] with { MayLackLevels = true };
            first += smooth.Covariates.Count + By(smooth).Count();
        }
        Variables = variables;
    }

    /// <summary>Offsets and smooths are variables of the formula, but the variables of the frame are their arguments.</summary>
    private static bool IsOfFrame(Expression expression) =>
        !SmoothCall.IsSmooth(expression) && expression is not CallExpression { IsOperator: false, Function: "offset" };

    private static IEnumerable<Expression> By(SmoothCall smooth) =>
        smooth.Options.TryGetValue("by", out var by) && by is not NameExpression { Name: "NA" } ? [by] : [];

    private void CheckResponse()
    {
        if (_formula.ResponseVariables.Contains(_responseScalar) && _scalars.Contains(_responseScalar))
            return;
        var named = _formula.Response.Names().First();
        throw new FormulaException(
            _scalars.Contains(_responseScalar)
                ? $"The left side must name the scalar '{_responseScalar}' that is fitted."
                : $"The file has no scalar '{_responseScalar}'. {NearestNames.Hint(_responseScalar, _scalars)}",
            _formula.Text,
            named.Span
        );
    }

    private string NotTheResponse(NameExpression name) =>
        name.Name != _responseScalar
            ? name.Name
            : throw new FormulaException($"'{name.Name}' is the response and cannot be a predictor of itself.", _formula.Text, name.Span);

    private void Evaluate(List<Expression?> expressions, Func<int, bool> isUsed)
    {
        var evaluator = EvaluatorWith(Ramp(1));
        var values = expressions.Select(expression => expression is null ? null : Value(evaluator, expression)).ToList();
        (Expressions, Values) = (expressions, values);
        if (_formula.Response is not NameExpression && Value(evaluator, _formula.Response) is not NumericValue { Columns: 1 })
            throw new FormulaException($"{_formula.Response} must be a numeric vector.", _formula.Text, _formula.Response.Span);
        IsComplete = [.. Enumerable.Range(0, _cohort.Rows).Select(row => Subset[row])];
        foreach (var (expression, value) in expressions.Zip(values))
        {
            if (expression is null)
                continue;
            if (IsScalarDependent(expression))
                Exclude(expression);
            else
                Exclude(value!.IsMissing);
        }
        Exclude(_formula.Response);
        ReadWeights();
        if (!IsComplete.Contains(true))
            throw new BadInputException(
                $"Cohort {_cohort.Path}: every subject{(Subset.IsAll ? "" : " of the subset")} has a missing value in some variable of: "
                    + _formula.Text
            );
        if (Weights is not null && !Enumerable.Range(0, IsComplete.Length).Any(row => IsComplete[row] && Weights[row] > 0))
            throw new BadInputException(
                $"Cohort {_cohort.Path}: the weight '{_options.WeightsColumn}' of every subject used is 0, so that nothing is left to fit. "
                    + "Name another column, or omit --weights."
            );
        Variables =
        [
            .. expressions.Select(
                (expression, index) => expression is null || !isUsed(index) ? Unused : Describe(expression, values[index]!)
            ),
        ];
        CheckContrasts();
    }

    private static DesignVariable Unused { get; } = new() { Expression = new NumberExpression(0, false, default), IsUnused = true };

    private Value Value(Evaluator evaluator, Expression expression)
    {
        try
        {
            return evaluator.EvaluateVariable(expression);
        }
        catch (BasisImpossibleException impossible)
        {
            var order = Subset.IsAll
                ? ""
                : " As in R, this concerns the subjects outside --subset, too: functions are evaluated before it is taken.";
            throw new FormulaException(impossible.Message + order, _formula.Text, expression.Span);
        }
    }

    /// <summary>A placeholder for a scalar while types and widths are determined: as many distinct positive values as rows.</summary>
    private NumericValue Ramp(double step) => new([.. Enumerable.Range(1, _cohort.Rows).Select(row => row * step)]);

    private Evaluator EvaluatorWith(NumericValue scalar) =>
        new(
            _formula.Text,
            _cohort.Rows,
            name => _scalars.Contains(name) ? scalar : CohortValues.From(_cohort, name),
            _cohort.Columns.Select(column => column.Name).Concat(_scalars.Where(name => name != _responseScalar)).ToList()
        );

    /// <summary>Whether a name is that of a scalar, which hides a column of the same name.</summary>
    public bool IsScalar(string name) => _scalars.Contains(name);

    /// <summary>Whether an expression has other values at every element because it uses scalars.</summary>
    public bool IsScalarDependent(Expression expression) => expression.Names().Any(name => _scalars.Contains(name.Name));

    private void Exclude(Func<int, bool> isMissing)
    {
        for (var row = 0; row < IsComplete.Length; row++)
            IsComplete[row] &= !isMissing(row);
    }

    /// <summary>Excludes rows with a missing value in a cohort column of an expression with scalars.</summary>
    private void Exclude(Expression expression)
    {
        foreach (var name in expression.Names().Where(name => !_scalars.Contains(name.Name)))
        {
            if (_cohort.Find(name.Name) is { } column)
                Exclude(column.IsMissing);
        }
    }

    private void ReadWeights()
    {
        if (_options.WeightsColumn is not { } name)
            return;
        Weights = _cohort.Get(name) is NumericColumn column
            ? column.Values
            : throw NearlyNumericColumn.Find(_cohort, name)?.AsError()
                ?? new BadInputException($"Cohort {_cohort.Path}: the weights column '{name}' does not contain numbers.");
        var bad = Array.FindIndex(Subset.Rows, row => Weights[row] < 0 || double.IsInfinity(Weights[row])) is var place and >= 0
            ? Subset.Rows[place]
            : -1;
        if (bad >= 0)
            throw new BadInputException(
                $"Cohort {_cohort.Path}: the weight '{name}' of subject {bad + 1} (in the data file's order) is {Weights[bad]}; "
                    + "weights must be finite and nonnegative."
            );
        Exclude(row => double.IsNaN(Weights[row]));
    }

    private DesignVariable Describe(Expression expression, Value value)
    {
        var (usesScalars, dependsOnRows) = (IsScalarDependent(expression), Evaluator.DependsOnRows(expression));
        var plain = expression is NameExpression name ? Array.IndexOf(ScalarPredictors, name.Name) : -1;
        var factor = value switch
        {
            NumericValue { IsLogical: false } => null,
            NumericValue when usesScalars => new FactorValue([], ["FALSE", "TRUE"]),
            _ when usesScalars => FixedLevels(expression, value),
            _ => Factors.DropUnused(Factors.From(value), Enumerable.Range(0, IsComplete.Length).Where(row => IsComplete[row])),
        };
        var variable = factor is not null
            ? new DesignVariable
            {
                Expression = expression,
                Levels = factor.Levels,
                Contrast = ContrastOf(expression, factor),
                UsesScalars = usesScalars,
                DependsOnRows = dependsOnRows,
            }
            : Numeric(expression, (NumericValue)value, usesScalars, dependsOnRows, plain);
        return variable.IsDynamic ? variable : variable.WithValue(value);
    }

    private static DesignVariable Numeric(Expression expression, NumericValue value, bool usesScalars, bool dependsOnRows, int plain) =>
        new()
        {
            Expression = expression,
            Columns = value.Columns,
            ColumnNames =
                value.Columns == 1
                    ? [value.ColumnNames?[0] ?? ""]
                    : value.ColumnNames ?? [.. Enumerable.Range(1, value.Columns).Select(i => $"{i}")],
            UsesScalars = usesScalars,
            DependsOnRows = dependsOnRows,
            PlainScalar = plain,
        };

    /// <summary>
    /// The factor of an expression of scalars, whose levels must be in the formula: levels that follow from the values would differ between
    /// elements, and so would the columns.
    /// </summary>
    private FactorValue FixedLevels(Expression expression, Value value)
    {
        var (factor, other) = (Factors.From(value), Factors.From(Value(EvaluatorWith(Ramp(1e-4)), expression)));
        return factor.Levels.SequenceEqual(other.Levels)
            ? factor
            : throw new FormulaException(
                $"The levels of {expression} depend on the values at each element. Give them in the formula: labels= or the breaks of "
                    + "cut(), or factor(…, levels=c(…)).",
                _formula.Text,
                expression.Span
            );
    }

    private Contrast ContrastOf(Expression expression, FactorValue factor)
    {
        if (factor.Levels.Count < 2)
        {
            var only = factor.Levels.Count == 1 ? $"has one value only ('{factor.Levels[0]}')" : "has no value";
            throw new FormulaException(
                $"{expression} {only} among the subjects with complete data; a factor needs two levels.",
                _formula.Text,
                expression.Span
            );
        }
        var chosen = _options.Contrasts.TryGetValue(expression.ToString(), out var name)
            ? Contrast.Named(name)
                ?? throw new BadInputException($"'{name}' is not a contrast for {expression}. {NearestNames.Hint(name, Contrast.Names)}")
            : null;
        return chosen ?? factor.Contrast ?? new(factor.IsOrdered ? ContrastKind.Poly : ContrastKind.Treatment);
    }

    private void CheckContrasts()
    {
        var factors = Variables.Where(variable => variable.Levels is not null).Select(variable => variable.Expression.ToString()).ToList();
        foreach (var name in _options.Contrasts.Keys.Where(name => !factors.Contains(name)))
            throw new BadInputException(
                $"Contrasts are given for '{name}', which is not a factor of the formula. {NearestNames.Hint(name, factors)}"
            );
    }
}
