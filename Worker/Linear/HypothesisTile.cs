using System.Runtime.Intrinsics;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Linear;

/// <summary>
/// Contrasts and F tests of a tile of elements: with the factors of the whole cohort, or, where subjects are missing, with each lane's own.
/// Elements are lanes; no product is fused, so the bits do not depend on the registers. A workspace of one thread.
/// </summary>
internal sealed class HypothesisTile
{
    private readonly HypothesisFactors _factors;
    private readonly int _rank;
    private readonly double[] _scales;
    private readonly double[] _squares;
    private readonly double[] _directions;
    private readonly double[] _columnSquares;
    private readonly double[] _upper;

    /// <summary>A workspace for a design.</summary>
    public HypothesisTile(WholeCohortDesign design)
    {
        (_factors, _rank, _upper) = (design.Hypotheses, design.Rank, design.Upper);
        _columnSquares = new double[_factors.ColumnSquares.Length * TileKernel.Width];
        _scales = new double[_factors.Hypotheses.Count * TileKernel.Width];
        _squares = new double[_factors.Hypotheses.Count * TileKernel.Width];
        var vectors = _factors.Hypotheses.Select(one => one.Given.Count + one.Rows.Count).DefaultIfEmpty(0).Max();
        _directions = new double[vectors * _rank * TileKernel.Width];
    }

    /// <summary>Evaluates lanes without missing subjects.</summary>
    /// <param name="projections">Q'y, rank × <see cref="TileKernel.Width"/>.</param>
    public void OnAllRows(ReadOnlySpan<double> projections)
    {
        for (var column = 0; column < _factors.ColumnSquares.Length; column++)
            _columnSquares.AsSpan(column * TileKernel.Width, TileKernel.Width).Fill(_factors.ColumnSquares[column]);
        for (var h = 0; h < _factors.Hypotheses.Count; h++)
        {
            _scales.AsSpan(h * TileKernel.Width, TileKernel.Width).Fill(_factors.Scales[h]);
            var directions = _factors.Directions(h);
            for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
            {
                var squares = Vector512<double>.Zero;
                for (var start = 0; start < directions.Length; start += _rank)
                {
                    var product = Vector512<double>.Zero;
                    for (var k = 0; k < _rank; k++)
                        product += Vector512.Create(directions[start + k]) * At(projections, k, lane);
                    squares += product * product;
                }
                squares.CopyTo(_squares.AsSpan((h * TileKernel.Width) + lane));
            }
        }
    }

    /// <summary>Evaluates lanes with missing subjects; other lanes get values that do not matter. No column is aliased.</summary>
    /// <param name="factor">L of <see cref="TileKernel.SolveOnObservedRows"/>, packed.</param>
    /// <param name="projections">u: the projections on an orthonormal basis of the observed rows.</param>
    public void OnObservedRows(ReadOnlySpan<double> factor, ReadOnlySpan<double> projections)
    {
        for (var h = 0; h < _factors.Hypotheses.Count; h++)
        for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
            Evaluate(h, factor, projections, lane);
        for (var column = 0; column < _factors.ColumnSquares.Length; column++)
        for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
            ColumnSquares(column, factor, lane).CopyTo(_columnSquares.AsSpan((column * TileKernel.Width) + lane));
    }

    /// <summary>On the observed rows, column c of X = Q R has the coordinates L' R(:, c); the intercept is the first column.</summary>
    private Vector512<double> ColumnSquares(int column, ReadOnlySpan<double> factor, int lane)
    {
        var squares = Vector512<double>.Zero;
        for (var i = 1; i <= column; i++)
        {
            var entry = Vector512<double>.Zero;
            for (var k = i; k <= column; k++)
                entry += At(factor, Packed(k, i), lane) * Vector512.Create(_upper[(k * _rank) + column]);
            squares += entry * entry;
        }
        return squares;
    }

    private void Evaluate(int h, ReadOnlySpan<double> factor, ReadOnlySpan<double> projections, int lane)
    {
        var hypothesis = _factors.Hypotheses[h];
        var given = hypothesis.Given.Count;
        var functionals = _factors.Functionals(h);
        var squares = Vector512<double>.Zero;
        for (var i = 0; i < given + hypothesis.Rows.Count; i++)
        {
            SolveLower(factor, functionals.Slice(i * _rank, _rank), i, lane);
            for (var j = 0; j < i; j++)
                RemoveDirection(j, i, lane);
            var square = Product(Direction(i), Direction(i), lane);
            if (hypothesis.Kind == HypothesisKind.T)
                square.CopyTo(_scales.AsSpan((h * TileKernel.Width) + lane));
            var product = Product(Direction(i), projections, lane);
            if (i >= given)
                squares += product * product / square;
            Normalise(i, Vector512.Sqrt(square), lane);
        }
        squares.CopyTo(_squares.AsSpan((h * TileKernel.Width) + lane));
        if (hypothesis.Kind == HypothesisKind.F)
            Vector512.Create((double)hypothesis.Rows.Count).CopyTo(_scales.AsSpan((h * TileKernel.Width) + lane));
    }

    /// <summary>Copies the tile's results of lanes without missing subjects.</summary>
    /// <param name="first">The first element's place in the block.</param>
    /// <param name="fits">Receives the results.</param>
    public void StoreTile(int first, HypothesisFits fits)
    {
        for (var h = 0; h < _factors.Hypotheses.Count; h++)
        {
            _scales.AsSpan(h * TileKernel.Width, TileKernel.Width).CopyTo(fits.Scales(h)[first..]);
            _squares.AsSpan(h * TileKernel.Width, TileKernel.Width).CopyTo(fits.Squares(h)[first..]);
        }
        for (var column = 0; column < _factors.ColumnSquares.Length; column++)
            _columnSquares.AsSpan(column * TileKernel.Width, TileKernel.Width).CopyTo(fits.ColumnSquares(column)[first..]);
    }

    /// <summary>Copies one lane's results.</summary>
    public void Store(int lane, int element, HypothesisFits fits)
    {
        for (var h = 0; h < _factors.Hypotheses.Count; h++)
        {
            fits.Scales(h)[element] = _scales[(h * TileKernel.Width) + lane];
            fits.Squares(h)[element] = _squares[(h * TileKernel.Width) + lane];
        }
        for (var column = 0; column < _factors.ColumnSquares.Length; column++)
            fits.ColumnSquares(column)[element] = _columnSquares[(column * TileKernel.Width) + lane];
    }

    /// <summary>w = L⁻¹ (a functional of the whole cohort), into direction i.</summary>
    private void SolveLower(ReadOnlySpan<double> factor, ReadOnlySpan<double> functional, int i, int lane)
    {
        var target = Direction(i);
        for (var row = 0; row < _rank; row++)
        {
            var value = Vector512.Create(functional[row]);
            for (var k = 0; k < row; k++)
                value -= At(factor, Packed(row, k), lane) * At(target, k, lane);
            (value / At(factor, Packed(row, row), lane)).CopyTo(target[((row * TileKernel.Width) + lane)..]);
        }
    }

    private void RemoveDirection(int j, int i, int lane)
    {
        var direction = Direction(j);
        var target = Direction(i);
        var share = Product(direction, target, lane);
        for (var k = 0; k < _rank; k++)
            (At(target, k, lane) - (share * At(direction, k, lane))).CopyTo(target[((k * TileKernel.Width) + lane)..]);
    }

    private void Normalise(int i, Vector512<double> length, int lane)
    {
        var target = Direction(i);
        for (var k = 0; k < _rank; k++)
            (At(target, k, lane) / length).CopyTo(target[((k * TileKernel.Width) + lane)..]);
    }

    private Vector512<double> Product(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int lane)
    {
        var sum = Vector512<double>.Zero;
        for (var k = 0; k < _rank; k++)
            sum += At(a, k, lane) * At(b, k, lane);
        return sum;
    }

    private Span<double> Direction(int i) => _directions.AsSpan(i * _rank * TileKernel.Width, _rank * TileKernel.Width);

    private static int Packed(int row, int column) => (row * (row + 1) / 2) + column;

    private static Vector512<double> At(ReadOnlySpan<double> values, int row, int lane) =>
        Vector512.Create(values[((row * TileKernel.Width) + lane)..]);
}
