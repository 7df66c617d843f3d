using HpcFit.Shared.Elements;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Rows;

/// <summary>
/// The observed rows of one element: its transformed response, and the tables of these rows. Elements with the same rows share tables where
/// no scalar is a predictor, which changes no bit. A workspace of one thread.
/// </summary>
/// <typeparam name="T">The tables of an engine.</typeparam>
internal sealed class ElementRows<T>
    where T : class, IRowTables
{
    private readonly ModelDesign _model;
    private readonly double _threshold;
    private readonly bool _rebuildsOnRows;
    private readonly ElementValues _values;
    private readonly double[] _matrix;
    private readonly int[] _places;
    private readonly PatternTables<T> _shared;
    private readonly T _unshared;
    private DesignMatrix? _lastBuilt;

    /// <summary>A workspace.</summary>
    /// <param name="model">The model.</param>
    /// <param name="subjects">The number of subjects in the cohort.</param>
    /// <param name="threshold">An element is fitted when more subjects of the subset than this are finite.</param>
    /// <param name="rebuildsOnRows">Whether tables depend on rows without a response, as those of <c>poly()</c> do.</param>
    /// <param name="bytes">The size of the tables of one pattern of missing subjects.</param>
    /// <param name="create">Allocates tables.</param>
    public ElementRows(ModelDesign model, int subjects, double threshold, bool rebuildsOnRows, long bytes, Func<T> create)
    {
        (_model, _threshold, _rebuildsOnRows) = (model, threshold, rebuildsOnRows);
        _values = new(subjects, model.ScalarPredictors.Count, model.Subset.Rows);
        _matrix = new double[subjects * model.ColumnNames.Count];
        _places = new int[subjects];
        _shared = new(subjects, bytes, create, tables => (tables.Design, tables.IsFactored) = (null, false));
        Response = new double[subjects];
        Tables = _unshared = create();
    }

    /// <summary>The transformed response, by the cohort's rows; NaN where it is missing.</summary>
    public double[] Response { get; }

    /// <summary>The tables of the rows that were loaded last.</summary>
    public T Tables { get; private set; }

    /// <summary>Loads an element of a block.</summary>
    /// <returns>Why it cannot be fitted; null: its tables are complete.</returns>
    public ElementStatus? Load(in ScalarBlock block, int element)
    {
        _values.Load(block, element);
        if (_values.CountSelected() <= _threshold)
            return ElementStatus.TooFewSubjects;
        _model.TransformResponse(_values.Response, _values.Predictors, Response);
        var lacksResponse = false;
        foreach (var row in _values.Finite)
            lacksResponse |= double.IsNaN(Response[row]);
        if (lacksResponse && !_rebuildsOnRows)
            _values.Restrict(Response);
        var isShared = !_model.VariesWithScalars && !(lacksResponse && _rebuildsOnRows);
        Tables = isShared ? _shared.Find(_values.Finite) : _unshared;
        if (isShared && Tables.IsFactored)
            return null;
        var problem = Compute();
        Tables.IsFactored = problem is null && isShared;
        return problem;
    }

    private ElementStatus? Compute()
    {
        var reuse = Tables.Design is not null && ReferenceEquals(Tables.Design, _lastBuilt) ? _lastBuilt : null;
        var design = Tables.Design = _lastBuilt = _model.Build(_values.Finite, _values.Predictors, reuse, _matrix);
        if (design.Problem != DesignProblem.None)
            return design.Problem.ToStatus();
        var rows = 0;
        for (var i = 0; i < design.Rows.Length; i++)
            if (design.Weights?[i] is not 0 && !double.IsNaN(Response[design.Rows[i]]))
                _places[rows++] = i;
        if (rows == 0)
            return ElementStatus.TooFewSubjects;
        Tables.Factor(design, _values.Finite, _places.AsSpan(0, rows));
        return null;
    }
}
