using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Models;
using HpcFit.Worker.Rows;

namespace HpcFit.Worker.Mixed;

/// <summary>
/// The fit of one element: its rows, ordinary least squares on their basis, and the minimum of the criterion. Elements with the same rows
/// share tables where no scalar is a predictor, which changes no bit. A workspace of one thread.
/// </summary>
internal sealed class MixedElement
{
    /// <summary>Residual sums of squares this small relative to Σ w y² are rounding errors of an exact fit.</summary>
    private const double Exact = 1e-24;

    private readonly MixedEngine _engine;
    private readonly ElementRows<GroupedDesign> _rows;
    private readonly double[] _residuals;
    private readonly VarianceProfile _profile;

    public MixedElement(MixedEngine engine)
    {
        _engine = engine;
        var columns = engine.Design.ColumnNames.Count;
        var isSimulated = engine.Options.TestRandom == MixedSpec.Exact;
        _residuals = new double[engine.Subjects];
        _rows = new(
            engine.Design,
            engine.Subjects,
            engine.Threshold,
            engine.Design.RebuildsOnRows,
            // Tables, and their layout for tiles with its kernels.
            sizeof(double) * ((6L * engine.Subjects * (columns + 4)) + (isSimulated ? LikelihoodRatioNull.Draws : 0)),
            () => new(engine.Subjects, columns, engine.Groups, engine.Hypotheses)
        );
        Solution = new(columns);
        _profile = new(!engine.Options.Ml, columns, engine.Groups.Levels);
    }

    /// <summary>The last fit.</summary>
    public MixedSolution Solution { get; }

    /// <summary>The transformed response of the last element, by the cohort's rows.</summary>
    public ReadOnlySpan<double> Response => _rows.Response;

    /// <summary>The rows of the last element.</summary>
    public GroupedDesign Tables => _rows.Tables;

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
                Solution.Coordinates.AsSpan(0, Tables.Rank),
                _residuals,
                out var total,
                out var residual
            )
        )
            return ElementStatus.InvalidValue;
        if (residual <= Exact * total)
            return ElementStatus.ConstantResponse;
        _profile.Sum(Tables, _residuals);
        if (!_profile.Minimise())
            return ElementStatus.NoConvergence;
        _profile.Store(Solution);
        return Tables.Rank < _engine.RankOfCohort ? ElementStatus.RankDeficient : ElementStatus.Fitted;
    }
}
