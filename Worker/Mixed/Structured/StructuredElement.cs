using HpcFit.Shared.Elements;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>
/// The fit of one element: its rows, ordinary least squares on their basis, and the minimum of the criterion. Elements with the same rows
/// share tables where no scalar is a predictor, which changes no bit. A workspace of one thread.
/// </summary>
internal sealed class StructuredElement
{
    /// <summary>Residual sums of squares this small relative to Σ w y² are rounding errors of an exact fit.</summary>
    private const double Exact = 1e-24;

    private readonly StructuredEngine _engine;
    private readonly ModelDesign _model;
    private readonly ElementValues _values;
    private readonly double[] _transformed;
    private readonly double[] _matrix;
    private readonly double[] _residuals;
    private readonly int[] _places;
    private readonly StructuredDesigns _shared;
    private readonly StructuredDesign _unshared;
    private readonly ThetaSearch _search;
    private DesignMatrix? _lastBuilt;

    public StructuredElement(StructuredEngine engine)
    {
        _engine = engine;
        _model = engine.Design;
        var columns = _model.ColumnNames.Count;
        _values = new(engine.Subjects, _model.ScalarPredictors.Count, _model.Subset.Rows);
        _transformed = new double[engine.Subjects];
        _residuals = new double[engine.Subjects];
        _matrix = new double[engine.Subjects * columns];
        _places = new int[engine.Subjects];
        _shared = new(engine.Subjects, columns, engine.Structure, engine.Hypotheses);
        _unshared = new(engine.Subjects, columns, engine.Structure, engine.Hypotheses);
        Tables = _unshared;
        Coordinates = new double[columns];
        Profile = new(!engine.Options.Ml, columns, engine.Structure);
        _search = new(engine.Structure, Profile);
    }

    /// <summary>The rows of the last fit.</summary>
    public StructuredDesign Tables { get; private set; }

    /// <summary>The variances of the last fit.</summary>
    public StructuredProfile Profile { get; }

    /// <summary>The coordinates of the fixed effects on Q.</summary>
    public double[] Coordinates { get; }

    /// <summary>Fits one element of a block.</summary>
    public ElementStatus Fit(in ScalarBlock block, int element)
    {
        _values.Load(block, element);
        return _values.CountSelected() > _engine.Threshold ? FitRows() : ElementStatus.TooFewSubjects;
    }

    private ElementStatus FitRows()
    {
        _model.TransformResponse(_values.Response, _values.Predictors, _transformed);
        var lacksResponse = false;
        foreach (var row in _values.Finite)
            lacksResponse |= double.IsNaN(_transformed[row]);
        if (lacksResponse && !_engine.RebuildsOnRows)
            _values.Restrict(_transformed);
        var isShared = !_model.VariesWithScalars && !(lacksResponse && _engine.RebuildsOnRows);
        Tables = isShared ? _shared.Find(_values.Finite) : _unshared;
        if (!isShared || !Tables.IsFactored)
        {
            if (Prepare() is { } problem)
                return problem;
            Tables.IsFactored = isShared;
        }
        return Solve();
    }

    /// <summary>Computes the tables of the observed rows; a status if they cannot be used.</summary>
    private ElementStatus? Prepare()
    {
        var reuse = Tables.Design is not null && ReferenceEquals(Tables.Design, _lastBuilt) ? _lastBuilt : null;
        var design = Tables.Design = _lastBuilt = _model.Build(_values.Finite, _values.Predictors, reuse, _matrix);
        if (design.Problem != DesignProblem.None)
            return design.Problem.ToStatus();
        var rows = 0;
        for (var i = 0; i < design.Rows.Length; i++)
            if (design.Weights?[i] is not 0 && !double.IsNaN(_transformed[design.Rows[i]]))
                _places[rows++] = i;
        if (rows == 0)
            return ElementStatus.TooFewSubjects;
        Tables.Factor(_model, design, _values.Finite, _places.AsSpan(0, rows));
        return null;
    }

    private ElementStatus Solve()
    {
        if (Tables.Rows <= Tables.Rank)
            return ElementStatus.NoResidualDegreesOfFreedom;
        if (Tables.LacksGroups)
            return ElementStatus.NoGroupVariance;
        if (!Project(out var total, out var residual))
            return ElementStatus.InvalidValue;
        if (residual <= Exact * total)
            return ElementStatus.ConstantResponse;
        Profile.Sum(Tables, _residuals);
        if (!_search.Minimise(Tables.Grid))
            return ElementStatus.NoConvergence;
        for (var c = 0; c < Tables.Rank; c++)
            Coordinates[c] += Profile.Shift[c];
        return Tables.Rank < _engine.RankOfCohort ? ElementStatus.RankDeficient : ElementStatus.Fitted;
    }

    /// <summary>Ordinary least squares: coordinates on Q, and residuals; false where the response is infinite.</summary>
    private bool Project(out double total, out double residual)
    {
        var (tables, rank) = (Tables, Tables.Rank);
        (total, residual) = (0, 0);
        var coordinates = Coordinates.AsSpan(0, rank);
        coordinates.Clear();
        for (var row = 0; row < tables.Rows; row++)
        {
            var y = (_transformed[tables.Subject[row]] - tables.Offset[row]) * tables.Root[row];
            if (!double.IsFinite(y))
                return false;
            _residuals[row] = y;
            total += y * y;
            var basis = tables.Basis.AsSpan(row * rank, rank);
            for (var c = 0; c < coordinates.Length; c++)
                coordinates[c] += basis[c] * y;
        }
        for (var row = 0; row < tables.Rows; row++)
        {
            var fitted = 0.0;
            var basis = tables.Basis.AsSpan(row * rank, rank);
            for (var c = 0; c < coordinates.Length; c++)
                fitted += basis[c] * coordinates[c];
            _residuals[row] -= fitted;
            residual += _residuals[row] * _residuals[row];
        }
        return true;
    }
}
