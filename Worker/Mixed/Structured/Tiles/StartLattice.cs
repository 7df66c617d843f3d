using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// The points of <see cref="StartGrid"/> with what all elements share there: computed once per design. Immutable and shared by threads.
/// </summary>
internal sealed class StartLattice
{
    private readonly StartGrid _grid;
    private readonly double[][] _points;
    private readonly double[][] _factors;
    private readonly double[] _determinants;
    private readonly double[][] _scales;

    public StartLattice(SharedStructure shared, bool isRestricted)
    {
        _grid = shared.Tables.Grid;
        var count = _grid.Points.Length;
        (_points, _factors, _scales, _determinants) = (new double[count][], new double[count][], new double[count][], new double[count]);
        var (size, dense, information) = (shared.Size, shared.Dense, new double[shared.Within.Length]);
        for (var point = 0; point < count; point++)
        {
            var theta = _grid.Points[point].Theta;
            _determinants[point] = shared.Absorbed.Tabulate(shared, theta, information, out _points[point]);
            var scale = _scales[point] = Scale(shared, theta);
            var factor = _factors[point] = new double[size * size];
            for (var i = 0; i < size; i++)
            for (var j = 0; j <= i; j++)
                factor[(i * size) + j] = (information[SharedStructure.Entry(i, j)] * scale[i] * scale[j]) + (i == j && i < dense ? 1 : 0);
            if (!Cholesky.TryFactor(factor, size))
                _determinants[point] = double.NaN;
            for (var c = 0; c < (isRestricted ? size : dense); c++)
                _determinants[point] += 2 * ReproducibleMath.Log(factor[(c * size) + c]);
        }
    }

    /// <summary>The number of points.</summary>
    public int Count => _points.Length;

    /// <summary>The parameters along the axes of the lattice.</summary>
    public ReadOnlySpan<int> Diagonals => _grid.DiagonalParameters;

    /// <summary>θ of a point.</summary>
    public double[] Theta(int point) => _grid.Points[point].Theta;

    /// <summary>What the eliminated effects need at a point.</summary>
    public double[] Point(int point) => _points[point];

    /// <summary>The diagonal of T at a point.</summary>
    public ReadOnlySpan<double> Scale(int point) => _scales[point];

    /// <summary>The Cholesky factor of B at a point, lower, row-major.</summary>
    public ReadOnlySpan<double> Factor(int point) => _factors[point];

    /// <summary>The log determinants of the criterion at a point.</summary>
    public double Determinant(int point) => _determinants[point];

    /// <summary>A mask of the lanes in which no neighbour of a point has a smaller value.</summary>
    public TLanes LocalMinimum<TLanes>(TLanes[] values, int point)
        where TLanes : struct, ILanes<TLanes>
    {
        var isMinimum = TLanes.Finite(values[point]);
        for (var d = 0; d < _grid.Diagonals; d++)
        {
            if (_grid.Below(point, d) is >= 0 and var below)
                isMinimum = TLanes.WhereSet(isMinimum, TLanes.LessThan(values[point], values[below]));
            if (_grid.Above(point, d) is >= 0 and var above)
                isMinimum = TLanes.WhereSet(isMinimum, TLanes.LessThanOrEqual(values[point], values[above]));
        }
        return isMinimum;
    }

    /// <summary>
    /// The factor from a local minimum to the vertex of the parabola in ln θ through it and its neighbours along a diagonal; 1 at the ends.
    /// </summary>
    public TLanes Vertex<TLanes>(TLanes[] values, int point, int diagonal)
        where TLanes : struct, ILanes<TLanes>
    {
        var (below, above, one) = (_grid.Below(point, diagonal), _grid.Above(point, diagonal), TLanes.Broadcast(1));
        if (below < 0 || above < 0)
            return one;
        var bend = values[below] - values[point] + (values[above] - values[point]);
        var isBent = TLanes.WhereSet(TLanes.Finite(bend), TLanes.LessThan(default, bend));
        var places = TLanes.Broadcast(0.5) * (values[below] - values[above]) / TLanes.Select(isBent, bend, one);
        return ReproducibleMath.Exp(TLanes.WhereSet(isBent, places) * TLanes.Broadcast(_grid.LogRatio));
    }

    private static double[] Scale(SharedStructure shared, double[] theta)
    {
        var scale = new double[shared.Size];
        Array.Fill(scale, 1);
        foreach (var term in shared.DenseTerms)
            for (var at = term.Start; at < term.End; at++)
            {
                var (parameter, effect) = (term.FirstParameter, (at - term.Start) % term.Effects);
                for (var column = 0; column < effect; column++)
                    parameter += term.Effects - column;
                scale[at] = theta[parameter];
            }
        return scale;
    }
}
