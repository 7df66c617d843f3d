using HpcFit.Shared.Elements;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;
using HpcFit.Worker.Rows;

namespace HpcFit.Worker.Linear;

/// <summary>
/// Least squares at one element by a QR of its own rows, for every design. Where no scalar is a predictor, elements with the same rows
/// share a design and its factors, which changes no bit. A workspace of one thread.
/// </summary>
internal sealed class ElementRegression
{
    /// <summary>A residual sum of squares this small relative to Σ w y² may come from a constant response.</summary>
    public const double PossiblyConstant = 1e-20;

    private readonly LinearEngine _engine;
    private readonly ModelDesign _model;
    private readonly ElementValues _values;
    private readonly double[] _transformed;
    private readonly int[] _places;
    private readonly double[] _y;
    private readonly double[] _offset;
    private readonly double[] _x;
    private readonly double[] _matrix;
    private readonly double[] _column;
    private readonly PatternTables<FactoredRows> _patterns;
    private readonly FactoredRows _unshared;
    private readonly int[] _subjects;
    private readonly double[] _roots;
    private readonly double[] _responses;
    private readonly RobustWorkspace? _robust;
    private DesignMatrix? _lastBuilt;

    /// <summary>A workspace for a model.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="patterns">The number of missing patterns whose factors are kept; null: the default.</param>
    public ElementRegression(LinearEngine engine, int? patterns = null)
    {
        _engine = engine;
        _model = engine.Design;
        var columns = _model.ColumnNames.Count;
        _values = new(engine.Subjects, _model.ScalarPredictors.Count, _model.Subset.Rows);
        _transformed = new double[engine.Subjects];
        _places = new int[engine.Subjects];
        _y = new double[engine.Subjects];
        _offset = new double[engine.Subjects];
        _x = new double[engine.Subjects * columns];
        _matrix = new double[engine.Subjects * columns];
        _column = new double[columns];
        var forRobust = engine.Plan.IsRobust ? engine.Subjects : 0;
        (_subjects, _roots, _responses) = (new int[forRobust], new double[forRobust], new double[forRobust]);
        var isReference = engine.Kernel == KernelChoice.Reference;
        _patterns = new(
            engine.Subjects,
            2L * sizeof(double) * engine.Subjects * columns,
            Create,
            rows => (rows.Design, rows.IsFactored) = (null, false),
            patterns
        );
        _unshared = Create();
        _robust = _unshared.Robust?.CreateWorkspace();

        FactoredRows Create() => new(engine.Subjects, columns, engine.Plan, isReference);
    }

    /// <summary>Fits one element of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="element">The element's place in the block.</param>
    /// <param name="fits">Receives the fit.</param>
    public void Fit(in ScalarBlock block, int element, LinearFits fits)
    {
        _values.Load(block, element);
        fits.Status[element] = _values.CountSelected() > _engine.Threshold ? FitRows(element, fits) : ElementStatus.TooFewSubjects;
    }

    private ElementStatus FitRows(int element, LinearFits fits)
    {
        _model.TransformResponse(_values.Response, _values.Predictors, _transformed);
        var hasMissingResponse = false;
        foreach (var row in _values.Finite)
            hasMissingResponse |= double.IsNaN(_transformed[row]);
        if (hasMissingResponse && !_model.RebuildsOnRows)
            _values.Restrict(_transformed);

        var isShared = !_model.VariesWithScalars && !(hasMissingResponse && _model.RebuildsOnRows);
        var factored = isShared ? _patterns.Find(_values.Finite) : _unshared;
        var design =
            isShared && factored.Design is { } kept && (factored.IsFactored || kept.Problem != DesignProblem.None) ? kept : Build(factored);
        var problem = design.Problem;
        if (hasMissingResponse && _model.RebuildsOnRows && problem == DesignProblem.None)
        {
            // Terms like poly() are built on all rows, factor levels only on rows with a response.
            _values.Restrict(_transformed);
            problem = _model.Build(_values.Finite, _values.Predictors).Problem;
            if (problem != DesignProblem.EmptyLevel)
                problem = DesignProblem.None;
        }
        if (problem != DesignProblem.None)
            return problem.ToStatus();

        var rows = FillRows(design);
        if (rows < 0)
            return ElementStatus.InvalidValue;
        if (rows == 0)
            return ElementStatus.TooFewSubjects;
        if (!factored.IsFactored)
            Factor(factored, design, rows);
        factored.IsFactored = isShared;
        return Solve(factored, design, rows, element, fits);
    }

    /// <summary>
    /// Builds the design of the element's rows. All designs share one matrix, since only their factors are used afterwards: a matrix per
    /// missing pattern would be megabytes of garbage. Only the last design can be refilled.
    /// </summary>
    private DesignMatrix Build(FactoredRows factored)
    {
        var reuse = factored.Design is not null && ReferenceEquals(factored.Design, _lastBuilt) ? _lastBuilt : null;
        return factored.Design = _lastBuilt = _model.Build(_values.Finite, _values.Predictors, reuse, _matrix);
    }

    /// <summary>
    /// Fills the weighted response and offset of the rows in the fit; returns the number of rows, or -1 when a response is infinite.
    /// </summary>
    private int FillRows(DesignMatrix design)
    {
        var rows = 0;
        for (var i = 0; i < design.Rows.Length; i++)
        {
            var weight = design.Weights?[i] ?? 1;
            var response = _transformed[design.Rows[i]];
            if (weight == 0 || double.IsNaN(response))
                continue;
            if (double.IsInfinity(response))
                return -1;
            var root = Math.Sqrt(weight);
            _places[rows] = i;
            _offset[rows] = (design.Offset?[i] ?? 0) * root;
            _y[rows++] = (response - (design.Offset?[i] ?? 0)) * root;
        }
        return rows;
    }

    private void Factor(FactoredRows factored, DesignMatrix design, int rows)
    {
        for (var c = 0; c < design.Columns; c++)
        {
            var column = design.Values.AsSpan(c * design.Rows.Length, design.Rows.Length);
            for (var i = 0; i < rows; i++)
            {
                var place = _places[i];
                _x[(c * rows) + i] = design.Weights is null ? column[place] : column[place] * Math.Sqrt(design.Weights[place]);
            }
        }
        factored.Qr.Factor(_x.AsSpan(0, rows * design.Columns), rows, design.Columns);
        factored.Qr.UnscaledVariances(factored.Variances, _column);
        factored.Hypotheses.Compute(factored.Qr);
        if (factored.Robust is not { } robust)
            return;
        for (var i = 0; i < rows; i++)
        {
            _subjects[i] = design.Rows[_places[i]];
            _roots[i] = Math.Sqrt(design.Weights?[_places[i]] ?? 1);
        }
        var roots = design.Weights is null ? default : _roots.AsSpan(0, rows);
        robust.Compute(factored.Qr, factored.Hypotheses, _subjects.AsSpan(0, rows), roots);
    }

    private ElementStatus Solve(FactoredRows factored, DesignMatrix design, int rows, int element, LinearFits fits)
    {
        var qr = factored.Qr;
        var rank = qr.Rank;
        var y = _y.AsSpan(0, rows);
        if (_robust is not null)
            y.CopyTo(_responses);
        qr.ApplyTransposed(y);
        var residual = SumOfSquares(y[rank..]);
        fits.Rows[element] = rows;
        fits.Rank[element] = rank;
        fits.ResidualSquares[element] = residual;
        fits.ModelSquares[element] = ModelSquares(qr, design, y[..rank], rows);
        fits.LogWeights[element] = LogWeights(design, rows);
        fits.Tests.Store(factored.Hypotheses, y[..rank], element);
        if (_robust is not null)
            factored.Robust!.StoreElement(_responses.AsSpan(0, rows), y[..rank], element, _robust, fits.Tests);
        var isConstant = residual <= PossiblyConstant * SumOfSquares(y) && IsConstant(design, rows);

        qr.BackSubstitute(y);
        for (var k = 0; k < rank; k++)
        {
            fits.Estimates(qr.Pivots[k])[element] = y[k];
            fits.Variances(qr.Pivots[k])[element] = factored.Variances[k];
        }
        return rows == rank ? ElementStatus.NoResidualDegreesOfFreedom
            : isConstant ? ElementStatus.ConstantResponse
            : rank < _engine.RankOfCohort ? ElementStatus.RankDeficient
            : ElementStatus.Fitted;
    }

    /// <summary>
    /// With projections b of the response minus the offset o, and c = Q'o, the fitted values are Q(b + c) + (o - Qc). An intercept's
    /// direction is Q's first column, so omitting that column subtracts the mean.
    /// </summary>
    private double ModelSquares(ILeastSquares qr, DesignMatrix design, ReadOnlySpan<double> projections, int rows)
    {
        var first = _model.HasIntercept ? 1 : 0;
        if (design.Offset is null)
            return projections.Length > first ? SumOfSquares(projections[first..]) : 0;
        var offset = _offset.AsSpan(0, rows);
        qr.ApplyTransposed(offset);
        for (var k = 0; k < projections.Length; k++)
            offset[k] += projections[k];
        return SumOfSquares(offset[first..]);
    }

    private double LogWeights(DesignMatrix design, int rows)
    {
        var sum = 0.0;
        if (design.Weights is null)
            return sum;
        for (var i = 0; i < rows; i++)
            sum += ReproducibleMath.Log(design.Weights[_places[i]]);
        return sum;
    }

    private bool IsConstant(DesignMatrix design, int rows)
    {
        for (var i = 1; i < rows; i++)
            if (_transformed[design.Rows[_places[i]]] != _transformed[design.Rows[_places[0]]])
                return false;
        return true;
    }

    private static double SumOfSquares(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value * value;
        return sum;
    }
}
