using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas;

internal sealed partial class ModelDesign
{
    /// <summary>The model matrix at an element.</summary>
    /// <param name="finiteRows">The subjects, ascending, whose response and scalar predictors are finite at the element.</param>
    /// <param name="scalarPredictorValues">For each of <see cref="ScalarPredictors"/> one value per subject of the whole cohort; read at
    /// <paramref name="finiteRows"/> only.</param>
    /// <param name="reuse"> A matrix of an earlier call on this thread: if its finite rows are the same, only what depends on scalars is
    /// recomputed, in place. For plain scalars and their interactions this allocates nothing; a function of a scalar allocates its vector.
    /// </param>
    /// <param name="values"> Memory for the matrix: at least subjects x columns, overwritten by the next call with the same array. Null:
    /// newly allocated. Not used by a call that refills <paramref name="reuse"/>.
    /// </param>
    /// <returns> The matrix; <paramref name="reuse"/> itself if possible. A row whose predictor became NaN at the element (the log of a
    /// negative value) is dropped, as na.omit does.
    /// </returns>
    public DesignMatrix Build(
        ReadOnlySpan<int> finiteRows,
        ReadOnlySpan<ReadOnlyMemory<double>> scalarPredictorValues,
        DesignMatrix? reuse = null,
        double[]? values = null
    )
    {
        var same = reuse?.FiniteRows is { } earlier && finiteRows.SequenceEqual(earlier);
        var design = same ? reuse! : Allocate(finiteRows, values);
        design.Problem = DesignProblem.None;
        if (design.Dynamic.Length > 0)
        {
            try
            {
                EvaluateDynamic(design, scalarPredictorValues, same);
            }
            catch (BasisImpossibleException)
            {
                design.Problem = DesignProblem.BasisImpossible;
                return design;
            }
            if (IsAnyMissing(design))
                design = WithoutMissing(design, values);
        }
        Fill(design, same);
        design.Problem = Check(design);
        return design;
    }

    /// <summary>Evaluates any expression of this formula at some rows: a smooth's covariate, its by variable, its options.</summary>
    /// <inheritdoc cref="Evaluator.Evaluate"/>
    public Value Evaluate(Expression expression, ReadOnlySpan<int> rows, ReadOnlySpan<ReadOnlyMemory<double>> scalarPredictorValues) =>
        EvaluatorOn(rows.ToArray(), scalarPredictorValues.ToArray()).Evaluate(expression);

    /// <param name="rows">The rows.</param>
    /// <param name="values">For each of <see cref="ScalarPredictors"/> one value per subject.</param>
    /// <param name="response">One value per subject of the response scalar, for the left-hand side; null: it is not a variable.</param>
    private Evaluator EvaluatorOn(int[] rows, ReadOnlyMemory<double>[] values, double[]? response = null) =>
        new(
            Formula.Text,
            rows.Length,
            name =>
                response is not null && name == _responseScalar ? new NumericValue(CohortValues.Take<double>(response, rows))
                : Array.IndexOf(_scalars, name) is var scalar and >= 0 ? new NumericValue(CohortValues.Take(values[scalar].Span, rows))
                : CohortValues.From(_cohort, name, rows),
            _cohort.Columns.Select(column => column.Name).Concat(_scalars)
        );

    private DesignMatrix Allocate(ReadOnlySpan<int> finiteRows, double[]? values)
    {
        var (rows, places) = (new List<int>(finiteRows.Length), new List<int>(finiteRows.Length));
        for (var place = 0; place < finiteRows.Length; place++)
        {
            if (!_isComplete[finiteRows[place]])
                continue;
            rows.Add(finiteRows[place]);
            places.Add(place);
        }
        var hasDynamic = _variables.Any(variable => variable.IsDynamic);
        return Empty([.. rows], [.. places], finiteRows.ToArray(), hasDynamic ? new CodedVariable?[_variables.Count] : [], values);
    }

    private DesignMatrix Empty(int[] rows, int[] places, int[]? finiteRows, CodedVariable?[] dynamic, double[]? values) =>
        new()
        {
            Rows = rows,
            Columns = _columns.Count,
            Values = values ?? new double[rows.Length * _columns.Count],
            Offset = _isOffset.Contains(true) ? new double[rows.Length] : null,
            Weights = _weights is null ? null : CohortValues.Take<double>(_weights, rows),
            FiniteRows = finiteRows,
            PlaceInFinite = places,
            Dynamic = dynamic,
        };

    private void EvaluateDynamic(DesignMatrix design, ReadOnlySpan<ReadOnlyMemory<double>> values, bool same)
    {
        Evaluator? evaluator = null;
        for (var index = 0; index < _variables.Count; index++)
        {
            var variable = _variables[index];
            if (!variable.IsDynamic || (same && !variable.UsesScalars && design.Dynamic[index] is not null))
                continue;
            if (variable.PlainScalar < 0)
            {
                evaluator ??= EvaluatorOn(design.FiniteRows!, values.ToArray());
                design.Dynamic[index] = variable.Code(evaluator.Evaluate(variable.Expression));
                continue;
            }
            design.Dynamic[index] ??= new(design.FiniteRows!.Length, new double[design.FiniteRows!.Length], null);
            var from = values[variable.PlainScalar].Span;
            var to = design.Dynamic[index]!.Numbers!;
            for (var place = 0; place < to.Length; place++)
                to[place] = from[design.FiniteRows![place]];
        }
    }

    private static bool IsAnyMissing(DesignMatrix design)
    {
        foreach (var place in design.PlaceInFinite)
        {
            if (IsMissing(design, place))
                return true;
        }
        return false;
    }

    private static bool IsMissing(DesignMatrix design, int place)
    {
        foreach (var variable in design.Dynamic)
        {
            if (variable is not null && variable.IsMissing(place))
                return true;
        }
        return false;
    }

    /// <summary>The same without rows in which a dynamic variable is missing; it cannot be refilled.</summary>
    private DesignMatrix WithoutMissing(DesignMatrix design, double[]? values)
    {
        var kept = Enumerable.Range(0, design.Rows.Length).Where(i => !IsMissing(design, design.PlaceInFinite[i])).ToArray();
        return Empty(
            CohortValues.Take<int>(design.Rows, kept),
            CohortValues.Take<int>(design.PlaceInFinite, kept),
            null,
            design.Dynamic,
            values
        );
    }

    private void Fill(DesignMatrix design, bool same)
    {
        same = same && design.FiniteRows is not null;
        var n = design.Rows.Length;
        for (var column = 0; column < _columns.Count; column++)
        {
            var target = design.Values.AsSpan(column * n, n);
            if (_static[column] is not { } values)
            {
                FillDynamic(_columns[column], design, target);
                continue;
            }
            if (same)
                continue;
            for (var i = 0; i < n; i++)
                target[i] = values[design.Rows[i]];
        }
        if (design.Offset is null)
            return;
        Array.Clear(design.Offset);
        for (var index = 0; index < _variables.Count; index++)
        {
            if (!_isOffset[index])
                continue;
            for (var i = 0; i < n; i++)
                design.Offset[i] += Numbers(design, index, out var atFinite)[atFinite ? design.PlaceInFinite[i] : design.Rows[i]];
        }
    }

    private double[] Numbers(DesignMatrix design, int variable, out bool atFinite)
    {
        atFinite = _variables[variable].IsDynamic;
        return (atFinite ? design.Dynamic[variable]! : _variables[variable].OnAllRows!).Numbers!;
    }

    private void FillDynamic(DesignColumn column, DesignMatrix design, Span<double> target)
    {
        target.Fill(1);
        for (var k = 0; k < column.Parts.Count; k++)
        {
            var part = column.Parts[k];
            var isDynamic = _variables[part.Variable].IsDynamic;
            var variable = isDynamic ? design.Dynamic[part.Variable]! : _variables[part.Variable].OnAllRows!;
            var places = isDynamic ? design.PlaceInFinite : design.Rows;
            for (var i = 0; i < target.Length; i++)
                target[i] *= variable[part, places[i]];
        }
    }

    private DesignProblem Check(DesignMatrix design)
    {
        for (var index = 0; index < _variables.Count; index++)
        {
            var variable = _variables[index];
            if (variable.Levels is not null && (!variable.MayLackLevels || variable.IsDynamic) && LosesLevel(design, index))
                return DesignProblem.EmptyLevel;
            if (!variable.IsDynamic || variable.Levels is not null)
                continue;
            foreach (var place in design.PlaceInFinite)
            {
                if (design.Dynamic[index]!.IsInfinite(place))
                    return DesignProblem.InvalidValue;
            }
        }
        return DesignProblem.None;
    }

    /// <summary>Whether a level of the run has no rows, or a row has a level that the run does not have.</summary>
    private bool LosesLevel(DesignMatrix design, int index)
    {
        var variable = _variables[index];
        var codes = (variable.IsDynamic ? design.Dynamic[index]! : variable.OnAllRows!).Codes!;
        var places = variable.IsDynamic ? design.PlaceInFinite : design.Rows;
        Span<bool> seen = variable.Levels!.Count <= 256 ? stackalloc bool[variable.Levels.Count] : new bool[variable.Levels.Count];
        seen.Clear();
        var missing = seen.Length;
        for (var i = 0; i < places.Length && (missing > 0 || variable.DependsOnRows); i++)
        {
            var code = codes[places[i]];
            if (code == CodedVariable.OtherLevel)
                return true;
            if (seen[code])
                continue;
            seen[code] = true;
            missing--;
        }
        return missing > 0;
    }
}
