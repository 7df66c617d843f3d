using HpcFit.Shared.Elements;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Generalized;

/// <summary>
/// Fits tiles of elements by <see cref="ScoringKernel"/>. The elements that it does not fit are left to <see cref="GeneralizedElement"/>;
/// the choice depends on an element's own values only. A workspace of one thread; allocates nothing per element unless the response is
/// transformed.
/// </summary>
internal sealed class TileFits
{
    private readonly GeneralizedEngine _engine;
    private readonly SharedRows _rows;
    private readonly ScoringKernel _kernel;
    private readonly ScoringTile _tile;
    private readonly ResponseTile _responses;
    private readonly FittedLane _lane;
    private readonly GeneralizedStatistics _statistics;
    private readonly bool _needsResponses;
    private readonly bool _wholeMeansAllSubjects;
    private readonly double[] _raw;
    private readonly double[] _transformed;
    private readonly double[] _transformedTile;
    private readonly int[] _rowStarts;
    private readonly bool[] _isLeft = new bool[TileKernel.Width];

    private TileFits(GeneralizedEngine engine, SharedRows rows, ScoringKernel kernel, GeneralizedStatistics statistics)
    {
        (_engine, _rows, _kernel, _statistics) = (engine, rows, kernel, statistics);
        (_tile, _responses, _lane) = (new(rows.Tables.Rank), new(rows), new(engine, rows));
        _needsResponses = engine.Columns.Partial.Any(column => column.Statistic is "logLik" or "AIC" or "BIC" or "null.deviance");
        _wholeMeansAllSubjects = engine.Design.RebuildsOnRows && rows.Rows.Length < engine.Subjects;
        var isTransformed = engine.Design.ResponseIsTransformed;
        (_raw, _transformed) = (new double[engine.Subjects], new double[engine.Subjects]);
        _transformedTile = isTransformed ? new double[rows.Rows.Length * TileKernel.Width] : [];
        _rowStarts = [.. Enumerable.Range(0, isTransformed ? rows.Rows.Length : 0).Select(row => row * TileKernel.Width)];
    }

    /// <summary>A workspace; null: tiles cannot fit this model.</summary>
    public static TileFits? Create(GeneralizedEngine engine, GeneralizedStatistics statistics) =>
        engine.WholeCohort is { } rows && ScoringKernel.Create(engine.Kernel, engine.Family, rows) is { } kernel
            ? new(engine, rows, kernel, statistics)
            : null;

    /// <summary>Takes a block, which is used until the next call.</summary>
    public void Start(in ScalarBlock block) => _responses.Start(block.Scalars.Span[0], block.SubjectRows[0]);

    /// <summary>Fits the elements of a tile that this can.</summary>
    /// <param name="block">The block.</param>
    /// <param name="first">The tile's first element.</param>
    /// <param name="results">Receives values and statuses of the fitted elements.</param>
    /// <param name="values">Workspace of one value per column.</param>
    /// <param name="isFitted">Receives for each element of the tile whether it was fitted; as many as the tile has elements.</param>
    public void Fit(in ScalarBlock block, int first, in ResultBlock results, double[] values, Span<bool> isFitted)
    {
        Array.Clear(_isLeft);
        var tile = _rowStarts.Length > 0 ? Transform(block, first, isFitted.Length) : _responses.At(first, isFitted.Length);
        _kernel.Fit(tile, _tile);
        for (var lane = 0; lane < isFitted.Length; lane++)
        {
            isFitted[lane] = !_isLeft[lane] && _tile.HasFit(lane) && IsEnough(first, lane);
            if (!isFitted[lane])
                continue;
            _lane.Take(_tile, lane);
            if (_needsResponses)
                _lane.TakeResponses(tile, lane);
            _statistics.Write(_lane, values);
            results.Status[first + lane] = ElementStatus.Fitted;
            for (var c = 0; c < values.Length; c++)
                results[c, first + lane] = values[c];
        }
    }

    /// <summary>Whether enough subjects are finite without counting those that have no phenotypes.</summary>
    private bool IsEnough(int first, int lane) =>
        _tile.Rows[lane] > _engine.Threshold && !(_wholeMeansAllSubjects && _responses.CountFinite(first + lane) < _engine.Subjects);

    private ElementTile Transform(in ScalarBlock block, int first, int lanes)
    {
        Array.Clear(_transformedTile);
        for (var lane = 0; lane < lanes; lane++)
        {
            block.CopyElement(0, first + lane, _raw);
            _engine.Design.TransformResponse(_raw, [], _transformed);
            for (var row = 0; row < _rowStarts.Length; row++)
            {
                var value = _transformed[_rows.Rows[row]];
                // A raw value that is infinite is missing, a transformed one invalid.
                _isLeft[lane] |= double.IsInfinity(value);
                _transformedTile[_rowStarts[row] + lane] = value;
            }
        }
        return new(_transformedTile, _rowStarts);
    }
}
