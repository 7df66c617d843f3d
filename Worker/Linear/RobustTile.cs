using System.Runtime.Intrinsics;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Linear;

/// <summary>
/// Robust variances of a tile of elements without missing subjects. Elements are lanes; no product is fused, so the bits do not depend on
/// the registers. A workspace of one thread.
/// </summary>
internal sealed class RobustTile
{
    private readonly WholeCohortDesign _design;
    private readonly RobustFactors _factors;
    private readonly RobustWorkspace _workspace;
    private readonly int _rank;
    private readonly double[] _sums;
    private readonly double[] _ofCluster;
    private readonly double[] _ofLane;
    private readonly double[] _projections;

    /// <summary>A workspace for a design.</summary>
    public RobustTile(WholeCohortDesign design, RobustFactors factors)
    {
        (_design, _factors, _rank) = (design, factors, design.Rank);
        _workspace = factors.CreateWorkspace();
        _sums = new double[factors.Products * TileKernel.Width];
        _ofCluster = new double[factors.Products * Vector512<double>.Count];
        (_ofLane, _projections) = (new double[factors.Products], new double[_rank]);
    }

    /// <summary>Computes the sums of all lanes; those of lanes with missing subjects do not matter.</summary>
    /// <param name="tile">The weighted responses.</param>
    /// <param name="projections">Q'y, rank × <see cref="TileKernel.Width"/>.</param>
    public void OnAllRows(in ElementTile tile, ReadOnlySpan<double> projections)
    {
        Array.Clear(_sums);
        for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
            if (_factors.ClusterEnds.IsEmpty)
                AddSquares(tile, projections, lane);
            else
                AddClusters(tile, projections, lane);
    }

    /// <summary>Stores a lane's results.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="element">The element's place in the block.</param>
    /// <param name="projections">Q'y of the tile.</param>
    /// <param name="fits">Receives the results.</param>
    public void Store(int lane, int element, ReadOnlySpan<double> projections, HypothesisFits fits)
    {
        for (var p = 0; p < _ofLane.Length; p++)
            _ofLane[p] = _sums[(p * TileKernel.Width) + lane];
        for (var k = 0; k < _rank; k++)
            _projections[k] = projections[(k * TileKernel.Width) + lane];
        _factors.Store(_ofLane, _projections, element, _workspace, fits);
    }

    private void AddSquares(in ElementTile tile, ReadOnlySpan<double> projections, int lane)
    {
        var weights = _factors.Weights;
        for (var row = 0; row < tile.Rows; row++)
        {
            var residual = Residual(tile, row, projections, lane);
            Add(residual * residual, weights.Slice(row * _factors.Products, _factors.Products), _sums, TileKernel.Width, lane);
        }
    }

    private void AddClusters(in ElementTile tile, ReadOnlySpan<double> projections, int lane)
    {
        var order = _factors.RowOrder;
        var (products, start) = (_factors.Products, 0);
        foreach (var end in _factors.ClusterEnds)
        {
            Array.Clear(_ofCluster);
            for (; start < end; start++)
                Add(
                    Residual(tile, order[start], projections, lane),
                    _factors.Weights.Slice(start * products, products),
                    _ofCluster,
                    Vector512<double>.Count,
                    0
                );
            for (var p = 0; p < products; p++)
            {
                var sum = Vector512.Create(_ofCluster.AsSpan(p * Vector512<double>.Count));
                var target = _sums.AsSpan((p * TileKernel.Width) + lane);
                (Vector512.Create<double>(target) + (sum * sum)).CopyTo(target);
            }
        }
    }

    private static void Add(Vector512<double> value, ReadOnlySpan<double> weights, double[] sums, int stride, int lane)
    {
        for (var p = 0; p < weights.Length; p++)
        {
            var target = sums.AsSpan((p * stride) + lane);
            (Vector512.Create<double>(target) + (value * Vector512.Create(weights[p]))).CopyTo(target);
        }
    }

    private Vector512<double> Residual(in ElementTile tile, int row, ReadOnlySpan<double> projections, int lane)
    {
        var at = tile.RowStarts[row] + lane;
        var residual = tile.Doubles.IsEmpty ? Widened(tile.Singles[at..]) : Vector512.Create(tile.Doubles[at..]);
        for (var k = 0; k < _rank; k++)
            residual -=
                Vector512.Create(_design.Basis[(row * _rank) + k]) * Vector512.Create(projections[((k * TileKernel.Width) + lane)..]);
        return residual;
    }

    private static Vector512<double> Widened(ReadOnlySpan<float> values)
    {
        var (lower, upper) = Vector256.Widen(Vector256.Create(values));
        return Vector512.Create(lower, upper);
    }
}
