using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Profile;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed;

/// <summary>The fit of one element: its rows, and the minimum of the criterion. A workspace of one thread.</summary>
internal sealed class MixedElement
{
    private readonly MixedEngine _engine;
    private readonly ElementStart<GroupedDesign, TileFits> _start;
    private readonly VarianceProfile _profile;

    public MixedElement(MixedEngine engine)
    {
        _engine = engine;
        var columns = engine.Design.ColumnNames.Count;
        var isSimulated = engine.Options.TestRandom == MixedSpec.Exact;
        _start = new(
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

    /// <inheritdoc cref="ElementStart{TTables, TTiles}.Response"/>
    public ReadOnlySpan<double> Response => _start.Response;

    /// <inheritdoc cref="ElementStart{TTables, TTiles}.Load"/>
    public ElementStatus? Load(in ScalarBlock block, int element) => _start.Load(block, element);

    /// <summary>The fits of tiles on the rows of the last element.</summary>
    /// <param name="create">Creates them.</param>
    public TileFits Tiles(Func<GroupedDesign, TileFits> create) => _start.Tiles(create)!;

    /// <summary>Fits one element of a block.</summary>
    public ElementStatus Fit(in ScalarBlock block, int element) => Load(block, element) ?? Solve();

    private ElementStatus Solve()
    {
        if (_start.Fit(Solution.Coordinates) is { } problem)
            return problem;
        _profile.Sum(_start.Tables, _start.Residuals);
        if (!_profile.Minimise())
            return ElementStatus.NoConvergence;
        _profile.Store(Solution);
        return _start.Tables.Rank < _engine.RankOfCohort ? ElementStatus.RankDeficient : ElementStatus.Fitted;
    }
}
