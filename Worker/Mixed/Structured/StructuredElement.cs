using HpcFit.Shared.Elements;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Structured.Profile;
using HpcFit.Worker.Mixed.Structured.Tables;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>The fit of one element: its rows, and the minimum of the criterion. A workspace of one thread.</summary>
internal sealed class StructuredElement
{
    private readonly StructuredEngine _engine;
    private readonly ElementStart<StructuredDesign, StructuredLanes> _start;
    private readonly Func<StructuredDesign, StructuredLanes?> _createLanes;
    private readonly ThetaSearch _search;

    public StructuredElement(StructuredEngine engine)
    {
        _engine = engine;
        var columns = engine.Design.ColumnNames.Count;
        _start = new(
            engine.Design,
            engine.Subjects,
            engine.Threshold,
            engine.RebuildsOnRows,
            StructuredDesign.Bytes(engine.Subjects, columns, engine.Structure),
            () => new(engine.Design, engine.Subjects, engine.Structure, engine.Hypotheses)
        );
        _createLanes = tables => StructuredLanes.Create(engine, tables);
        Coordinates = new double[columns];
        Profile = new(!engine.Options.Ml, columns, engine.Structure);
        _search = new(engine.Structure, Profile);
    }

    /// <summary>The rows of the last fit.</summary>
    public StructuredDesign Tables => _start.Tables;

    /// <inheritdoc cref="ElementStart{TTables, TTiles}.Response"/>
    public ReadOnlySpan<double> Response => _start.Response;

    /// <summary>The variances of the last fit.</summary>
    public StructuredProfile Profile { get; }

    /// <summary>The coordinates of the fixed effects on Q.</summary>
    public double[] Coordinates { get; }

    /// <inheritdoc cref="ElementStart{TTables, TTiles}.Tiles"/>
    public StructuredLanes? Lanes => _start.Tiles(_createLanes);

    /// <inheritdoc cref="ElementStart{TTables, TTiles}.Load"/>
    public ElementStatus? Load(in ScalarBlock block, int element) => _start.Load(block, element);

    /// <summary>Fits one element of a block.</summary>
    public ElementStatus Fit(in ScalarBlock block, int element) => Load(block, element) ?? Solve();

    private ElementStatus Solve()
    {
        if (_start.Fit(Coordinates) is { } problem)
            return problem;
        Profile.Sum(Tables, _start.Residuals);
        if (!_search.Minimise(Tables.Grid))
            return ElementStatus.NoConvergence;
        for (var c = 0; c < Tables.Rank; c++)
            Coordinates[c] += Profile.Shift[c];
        return Tables.Rank < _engine.RankOfCohort ? ElementStatus.RankDeficient : ElementStatus.Fitted;
    }
}
