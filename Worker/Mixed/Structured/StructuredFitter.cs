using HpcFit.Shared.Elements;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;
using HpcFit.Worker.Rows;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>
/// Fits blocks of elements on one thread: tiles of elements without missing subjects, then of elements that have the same missing subjects,
/// and one by one where that is not possible. Which of them depends on an element's own values only.
/// </summary>
internal sealed class StructuredFitter(StructuredEngine engine) : IBlockFitter
{
    private const int Width = TileKernel.Width;

    private readonly StructuredTileFits? _byTile = engine.WholeCohort is { } whole ? new(engine, whole.Shared, whole.Lattice) : null;
    private readonly StructuredElement _element = new(engine);
    private readonly StructuredSolution _solution = new(engine.Structure, engine.Design.ColumnNames.Count);
    private readonly StructuredStatistics _statistics = new(engine);
    private readonly double[] _values = new double[engine.Columns.Partial.Count];
    private readonly ElementsByPattern _order = new(engine.Subjects);
    private readonly GatheredTile _gathered = new();
    private readonly int[] _elements = new int[Width];
    private bool[] _isLeft = [];

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        if (_isLeft.Length < block.Count)
            _isLeft = new bool[block.Count];
        var isLeft = _isLeft.AsSpan(0, block.Count);
        isLeft.Fill(true);
        FitTiles(block, results, isLeft);
        if (engine.SharesPatterns && isLeft.Contains(true))
            FitPatterns(block, results, isLeft);
        for (var element = 0; element < block.Count; element++)
            if (isLeft[element])
                FitAlone(block, element, results);
    }

    private void FitTiles(in ScalarBlock block, in ResultBlock results, Span<bool> isLeft)
    {
        if (_byTile is null)
            return;
        _byTile.Start(block);
        for (var first = 0; first < block.Count; first += Width)
        {
            var lanes = Math.Min(Width, block.Count - first);
            _byTile.Fit(first, lanes);
            for (var lane = 0; lane < lanes; lane++)
                if (_byTile.TryLoad(lane, _solution))
                {
                    Write(first + lane, results);
                    isLeft[first + lane] = false;
                }
        }
    }

    private void FitPatterns(in ScalarBlock block, in ResultBlock results, Span<bool> isLeft)
    {
        var (response, subjectRows) = (block.Scalars.Span[0], block.SubjectRows[0]);
        _order.Sort(response, subjectRows, isLeft);
        for (int place = 0, end; place < _order.Count; place = end)
        {
            end = _order.EndOfPattern(place);
            if (_element.Load(block, _order[place]) is { } problem)
            {
                for (var i = place; i < end; i++)
                {
                    Fail(_order[i], problem, results);
                    isLeft[_order[i]] = false;
                }
                continue;
            }
            if (_element.Lanes is not { } fits)
                continue;
            for (var first = place; first < end; first += Width)
            {
                var elements = _elements.AsSpan(0, Math.Min(Width, end - first));
                for (var lane = 0; lane < elements.Length; lane++)
                    elements[lane] = _order[first + lane];
                fits.Fit(_gathered.Copy(fits.Shared, response, subjectRows, elements), elements.Length);
                for (var lane = 0; lane < elements.Length; lane++)
                    if (fits.TryLoad(lane, _solution))
                    {
                        Write(elements[lane], results);
                        isLeft[elements[lane]] = false;
                    }
            }
        }
    }

    private void FitAlone(in ScalarBlock block, int element, in ResultBlock results)
    {
        var status = _element.Fit(block, element);
        if (status is not (ElementStatus.Fitted or ElementStatus.RankDeficient))
        {
            Fail(element, status, results);
            return;
        }
        _solution.Load(_element.Tables, _element.Profile, _element.Coordinates);
        Write(element, results);
    }

    private void Write(int element, in ResultBlock results)
    {
        results.Status[element] = _solution.Tables.Rank < engine.RankOfCohort ? ElementStatus.RankDeficient : ElementStatus.Fitted;
        _statistics.Write(_solution, _values);
        for (var c = 0; c < _values.Length; c++)
            results[c, element] = _values[c];
    }

    private void Fail(int element, ElementStatus status, in ResultBlock results)
    {
        results.Status[element] = status;
        for (var c = 0; c < _values.Length; c++)
            results[c, element] = double.NaN;
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
