using HpcFit.Worker.Families;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Generalized;

/// <summary>The fit of one lane of a tile. A workspace of one thread.</summary>
internal sealed class FittedLane : IFittedElement
{
    private readonly SharedRows _shared;
    private readonly NormalEquations _factor;
    private readonly NullModel _null;
    private readonly ObservedRows _observed;
    private readonly double[] _coordinates;
    private readonly double[] _responses;
    private readonly double[] _predictors;
    private readonly double[] _means;
    private readonly double[] _slopes;
    private double _alphaCurvature;
    private bool _hasResponses;

    /// <summary>A workspace.</summary>
    public FittedLane(GeneralizedEngine engine, SharedRows shared)
    {
        _shared = shared;
        Family = Family.Create(engine.Family);
        var (rank, subjects) = (shared.Tables.Rank, engine.Subjects);
        (_factor, _null, _observed) = (new(0, rank), new(engine, Family), new(subjects, 1, isReference: false));
        (_coordinates, _responses, _predictors) = (new double[rank], new double[subjects], new double[subjects]);
        (_means, _slopes) = (new double[subjects], new double[subjects]);
    }

    /// <inheritdoc/>
    public Family Family { get; }

    /// <inheritdoc/>
    public ObservedRows Tables => _shared.Tables;

    /// <inheritdoc/>
    public int Rows { get; private set; }

    /// <inheritdoc/>
    public ReadOnlySpan<double> Coordinates => _coordinates;

    /// <inheritdoc/>
    public double Deviance { get; private set; }

    /// <inheritdoc/>
    public double PearsonSquares { get; private set; }

    /// <inheritdoc/>
    public double Theta => 1 / ((NegativeBinomialFamily)Family).Alpha;

    /// <inheritdoc/>
    public double ThetaStandardError => Theta * Theta / Math.Sqrt(-_alphaCurvature);

    /// <summary>Takes a lane.</summary>
    public void Take(ScoringTile tile, int lane)
    {
        Rows = (int)tile.Rows[lane];
        (Deviance, PearsonSquares) = (tile.Deviance[lane], tile.PearsonSquares[lane]);
        for (var c = 0; c < _coordinates.Length; c++)
            _coordinates[c] = tile.Coordinates[(c * TileKernel.Width) + lane];
        _factor.Take(_coordinates.Length, tile.Factor.AsSpan(lane), TileKernel.Width);
        if (Family is NegativeBinomialFamily counts)
            (counts.Alpha, _alphaCurvature) = (tile.Alpha[lane], tile.AlphaCurvature[lane]);
        _hasResponses = false;
    }

    /// <summary>Takes the lane's responses, which likelihoods need.</summary>
    public void TakeResponses(in ElementTile responses, int lane)
    {
        var shared = _shared.Tables;
        for (var row = 0; row < shared.Rows; row++)
        {
            var at = responses.RowStarts[row] + lane;
            var predictor = shared.Offset[row];
            for (var c = 0; c < _coordinates.Length; c++)
                predictor += _coordinates[c] * shared.Basis[(c * shared.Rows) + row];
            _responses[row] = responses.Doubles.IsEmpty ? responses.Singles[at] : responses.Doubles[at];
            _predictors[row] = double.IsFinite(_responses[row]) ? predictor : double.NaN;
        }
        _observed.TakeFinite(shared, _responses);
        var kept = 0;
        for (var row = 0; row < shared.Rows; row++)
            if (!double.IsNaN(_predictors[row]))
                _predictors[kept++] = _predictors[row];
        Family.Link.Invert(_predictors.AsSpan(0, kept), _means, _slopes);
        _hasResponses = true;
    }

    /// <inheritdoc/>
    public void SolveLower(Span<double> values) => _factor.SolveLower(values);

    /// <inheritdoc/>
    public double LogLikelihood() =>
        _hasResponses
            ? Family.LogLikelihood(_responses.AsSpan(0, Rows), _means.AsSpan(0, Rows), _observed.Weight.AsSpan(0, Rows), Deviance)
            : throw new InvalidOperationException("The responses were not taken.");

    /// <inheritdoc/>
    public double NullDeviance() =>
        _hasResponses ? _null.Deviance(_responses, _observed) : throw new InvalidOperationException("The responses were not taken.");
}
