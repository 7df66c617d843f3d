using HpcFit.Shared.Elements;
using HpcFit.Worker.Models;
using HpcFit.Worker.Rows;

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
    private readonly ElementRows<StructuredDesign> _rows;
    private readonly double[] _residuals;
    private readonly ThetaSearch _search;

    public StructuredElement(StructuredEngine engine)
    {
        _engine = engine;
        var columns = engine.Design.ColumnNames.Count;
        _residuals = new double[engine.Subjects];
        _rows = new(
            engine.Design,
            engine.Subjects,
            engine.Threshold,
            engine.RebuildsOnRows,
            StructuredDesign.Bytes(engine.Subjects, columns, engine.Structure),
            () => new(engine.Design, engine.Subjects, engine.Structure, engine.Hypotheses)
        );
        Coordinates = new double[columns];
        Profile = new(!engine.Options.Ml, columns, engine.Structure);
        _search = new(engine.Structure, Profile);
    }

    /// <summary>The rows of the last fit.</summary>
    public StructuredDesign Tables => _rows.Tables;

    /// <summary>The transformed response of the last element, by the cohort's rows.</summary>
    public ReadOnlySpan<double> Response => _rows.Response;

    /// <summary>The variances of the last fit.</summary>
    public StructuredProfile Profile { get; }

    /// <summary>The coordinates of the fixed effects on Q.</summary>
    public double[] Coordinates { get; }

    /// <summary>Fits of tiles on the rows of the last element, created if they are needed for the first time; null: it must be fitted on
    /// its own.</summary>
    public StructuredLanes? Lanes
    {
        get
        {
            if (!Tables.HasLanes)
                (Tables.Lanes, Tables.HasLanes) = (StructuredLanes.Create(_engine, Tables), true);
            return Tables.Lanes;
        }
    }

    /// <summary>Loads one element of a block.</summary>
    /// <returns>Why it cannot be fitted, which depends on the rows that are observed; null: its tables are complete.</returns>
    public ElementStatus? Load(in ScalarBlock block, int element) =>
        _rows.Load(block, element) is { } problem ? problem
        : Tables.Rows <= Tables.Rank ? ElementStatus.NoResidualDegreesOfFreedom
        : Tables.LacksGroups ? ElementStatus.NoGroupVariance
        : null;

    /// <summary>Fits one element of a block.</summary>
    public ElementStatus Fit(in ScalarBlock block, int element) => Load(block, element) ?? Solve();

    private ElementStatus Solve()
    {
        if (
            !OrdinaryLeastSquares.Fit(
                Tables,
                _rows.Response,
                Coordinates.AsSpan(0, Tables.Rank),
                _residuals,
                out var total,
                out var residual
            )
        )
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
}
