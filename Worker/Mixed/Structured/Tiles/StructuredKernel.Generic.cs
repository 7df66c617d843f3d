using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>The kernel at one register width.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed partial class StructuredKernel<TLanes> : StructuredKernel
    where TLanes : struct, ILanes<TLanes>
{
    private const int Width = TileKernel.Width;

    /// <summary>Residual sums of squares this small relative to Σ w y² are rounding errors of an exact fit.</summary>
    private const double Exact = 1e-20;

    private readonly SharedStructure _shared;
    private readonly StartLattice _lattice;
    private readonly int _degrees;
    private readonly ResidualSums<TLanes> _sums;
    private readonly AbsorbedJets<TLanes> _absorbed;
    private readonly DenseBlock<TLanes>? _dense;
    private readonly BorderedCriterion<TLanes> _criterion;
    private readonly TLanes[] _bordered;
    private readonly TLanes[] _logarithm;
    private readonly TLanes[] _cross;

    public StructuredKernel(SharedStructure shared, StartLattice lattice, bool isRestricted)
    {
        (_shared, _lattice) = (shared, lattice);
        _degrees = isRestricted ? shared.Tables.Rows - shared.Tables.Rank : shared.Tables.Rows;
        (_sums, _absorbed) = (new(shared), shared.Absorbed.CreateJets<TLanes>(shared, lattice));
        _dense = shared.Dense > 0 ? new(shared) : null;
        _criterion = new(shared, isRestricted);
        _bordered = new TLanes[SharedStructure.Entries(shared.Size + 1) * shared.Jets.Count];
        (_logarithm, _cross) = (new TLanes[shared.Jets.Count], new TLanes[(shared.Size + 1) * lattice.Count]);
        var count = shared.Jets.Variables;
        (_theta, _trial, _step, _best) = (new TLanes[count], new TLanes[count], new TLanes[count], new TLanes[count]);
        (_next, _bends, _isFixed) = (new TLanes[count], new TLanes[count], new TLanes[count]);
        (_factor, _pivots, _values) = (new TLanes[SharedStructure.Entries(count)], new TLanes[count], new TLanes[lattice.Count]);
    }

    /// <inheritdoc/>
    public override void Fit(in ElementTile responses, int lanes, StructuredTile tile)
    {
        for (var lane = 0; lane < lanes; lane += TLanes.Count)
        {
            _sums.Sum(responses, lane);
            _absorbed.Sum(_sums);
            var wanted = TLanes.WhereSet(
                TLanes.Finite(_sums.Total),
                TLanes.LessThan(TLanes.Broadcast(Exact) * _sums.Total, _sums.Residual)
            );
            if (TLanes.Any(wanted))
                wanted = Minimise(wanted);
            TLanes.Store(wanted, ref tile.IsFitted[lane]);
            if (TLanes.Any(wanted))
                Store(tile, lane);
        }
    }

    private void Evaluate(TLanes[] theta)
    {
        Evaluations++;
        _absorbed.Evaluate(theta, _sums, _bordered, _logarithm);
        _dense?.Transform(theta, _bordered);
        _criterion.Evaluate(theta, _bordered, _logarithm);
    }

    /// <summary>The criterion at the points of the lattice, up to a constant; infinite where it does not exist.</summary>
    private void EvaluateLattice()
    {
        var (size, points) = (_shared.Size, _values.Length);
        for (var c = 0; c <= size; c++)
            _cross.AsSpan(c * points, points).Fill(c < size ? _sums.Within[c] : _sums.WithinSquares);
        _absorbed.CrossAtPoints(_cross);
        for (var point = 0; point < points; point++)
        {
            var squares = _cross[(size * points) + point];
            var scale = _lattice.Scale(point);
            var factor = _lattice.Factor(point);
            for (var i = 0; i < size; i++)
            {
                var sum = _cross[(i * points) + point] * TLanes.Broadcast(scale[i]);
                for (var j = 0; j < i; j++)
                    sum = TLanes.SubtractProduct(sum, TLanes.Broadcast(factor[(i * size) + j]), _cross[(j * points) + point]);
                sum *= TLanes.Broadcast(1 / factor[(i * size) + i]);
                _cross[(i * points) + point] = sum;
                squares = TLanes.SubtractProduct(squares, sum, sum);
            }
            var isPositive = TLanes.WhereSet(TLanes.Finite(squares), TLanes.LessThan(default, squares));
            var log = ReproducibleMath.Log(TLanes.Select(isPositive, squares, TLanes.Broadcast(1)));
            var value = TLanes.AddProduct(TLanes.Broadcast(_lattice.Determinant(point)), TLanes.Broadcast(_degrees), log);
            _values[point] = TLanes.Select(isPositive, value, TLanes.Broadcast(double.PositiveInfinity));
        }
    }

    private void Store(StructuredTile tile, int lane)
    {
        Evaluate(_best);
        _criterion.DifferentiateCovariance(_best, _bordered);
        TLanes.Store(_criterion.Criterion, ref tile.Criterion[lane]);
        TLanes.Store(_criterion.Squares, ref tile.Squares[lane]);
        Store(_best, tile.Theta, 0, lane);
        Store(_criterion.SquareSlopes, tile.SquareSlopes, 0, lane);
        Store(_criterion.SigmaHessian, tile.SigmaHessian, 0, lane);
        Store(_criterion.Covariance, tile.Covariance, 0, lane);
        for (var k = 0; k < _best.Length; k++)
            Store(_criterion.CovarianceSlopes[k], tile.CovarianceSlopes, k * _criterion.Covariance.Length, lane);
        for (var c = 0; c < _shared.Tables.Rank; c++)
            TLanes.Store(_sums.Ordinary[c] + _criterion.Solution[_shared.Dense + c], ref tile.Coordinates[(c * Width) + lane]);
    }

    private static void Store(TLanes[] values, double[] target, int first, int lane)
    {
        for (var i = 0; i < values.Length; i++)
            TLanes.Store(values[i], ref target[((first + i) * Width) + lane]);
    }
}
