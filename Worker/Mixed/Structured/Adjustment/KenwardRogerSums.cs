using HpcFit.Worker.Algebra;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured.Adjustment;

/// <summary>
/// What Kenward and Roger's method needs of a model with several random terms: products of Q, V⁻¹ and the derivatives G of V in the
/// variances and covariances of random effects and in the residual variance. A workspace of one thread.
/// </summary>
/// <remarks>
/// G = Z E Z', with E the positions of one covariance in that of all random effects, so that everything follows from S = Z'V⁻¹Q and H =
/// Z'V⁻¹Z. With L the Cholesky factor of the dense block B and Y = (Z'W⁻¹E T)L⁻ᵀ, W the covariance of the absorbed effects and residuals,
/// H = Z'W⁻¹Z - YY' over the dense random effects' columns of Y, and S is Y's other columns times L's last block. Sums over absorbed groups
/// are linear in their number. The residuals' G is V - Σ γ G.
/// </remarks>
internal sealed class KenwardRogerSums
{
    private readonly RandomStructure _structure;
    private readonly int _dense;
    private readonly RelativeFactors _factors;
    private readonly AbsorbedInformation _absorbed;
    private readonly ProfilePoint _point;
    private readonly double[] _information;
    private readonly double[] _product;
    private readonly double[] _block;
    private readonly double[] _denseY;
    private readonly double[] _denseS;
    private readonly double[] _denseH;
    private readonly double[] _images;
    private readonly KenwardRogerGroups _groups;
    private readonly double[] _gammas;
    private readonly double[] _ownTraces;
    private KenwardRogerCovariance _target = null!;
    private StructuredDesign _design = null!;

    public KenwardRogerSums(RandomStructure structure, int columns)
    {
        (_structure, _dense) = (structure, structure.DenseColumns);
        var (size, parameters) = (_dense + columns, structure.Parameters.Count);
        (_factors, _absorbed, _point) = (new(structure), new(structure.AbsorbedEffects, size), new(parameters));
        (_information, _product, _block) = (new double[size * size], new double[size * size], new double[size * size]);
        _groups = new(structure, columns);
        (_denseY, _denseS) = (new double[_dense * size], new double[_dense * columns]);
        (_denseH, _images) = (new double[_dense * _dense], new double[_dense * columns]);
        (_gammas, _ownTraces) = (new double[parameters], new double[parameters]);
    }

    /// <summary>The Cholesky factor of the dense block B, lower, row-major.</summary>
    public ReadOnlySpan<double> Factor => _point.Factor;

    private int Rank => _design.Rank;

    /// <summary>Fills slopes, products and traces at θ.</summary>
    public void Compute(StructuredDesign design, ReadOnlySpan<double> theta, KenwardRogerCovariance target)
    {
        (_design, _target) = (design, target);
        theta.CopyTo(_point.Theta);
        _point.Compute(design, _factors, _absorbed, _information, _product, _block);
        for (var r = 0; r < _gammas.Length; r++)
            Start(r);
        SolveDense();
        _groups.Sum(design, _factors, _absorbed, _point, _denseY, target);
        AddDense();
        AddResiduals();
    }

    private void Start(int r)
    {
        var ((index, row, column), all) = (_structure.Parameters[r], _gammas.Length + 1);
        var factor = _factors.Of(index);
        var effects = _structure.Terms[index].Effects;
        _gammas[r] = FixedOrder.Dot(factor.Slice(row * effects, effects), factor.Slice(column * effects, effects));
        _target.Slope(r, Rank).Clear();
        for (var s = 0; s < all; s++)
        {
            _target.Product(r, s, Rank).Clear();
            _target.Traces[r, s] = 0;
        }
    }

    private bool IsAbsorbed(int parameter) => _structure.Terms[_structure.Parameters[parameter].Term].IsAbsorbed;

    private void SolveDense()
    {
        var size = _design.Size;
        for (var i = 0; i < _dense; i++)
        {
            var y = _denseY.AsSpan(i * size, size);
            _product.AsSpan(i * size, size).CopyTo(y);
            Cholesky.SolveLower(_point.Factor, size, y);
            KenwardRogerGroups.Sensitivity(_point, y, _dense, _denseS.AsSpan(i * Rank, Rank));
            for (var j = 0; j <= i; j++)
                _denseH[(i * _dense) + j] = _denseH[(j * _dense) + i] =
                    _information[(i * size) + j] - FixedOrder.Dot(y[.._dense], _denseY.AsSpan(j * size, _dense));
        }
    }

    private void AddDense()
    {
        for (var q = 0; q < _gammas.Length; q++)
        {
            if (IsAbsorbed(q))
                continue;
            AddOuterOfDense(_denseS, _denseS, q, _target.Slope(q, Rank));
            _ownTraces[q] = SumOver(_denseH, q);
            // H E S
            _images.AsSpan(0, _dense * Rank).Clear();
            foreach (var (k, l) in new DensePositions(_structure, q))
                for (var j = 0; j < _dense; j++)
                    FixedOrder.Add(_denseH[(j * _dense) + k], _denseS.AsSpan(l * Rank, Rank), _images.AsSpan(j * Rank, Rank));
            for (var p = 0; p < _gammas.Length; p++)
                if (IsAbsorbed(p))
                    Cross(p, q);
                else if (p >= q)
                    Square(p, q);
        }
    }

    private void Cross(int p, int q)
    {
        var product = _target.Product(p, q, Rank);
        foreach (var (k, l) in new DensePositions(_structure, q))
            for (var row = 0; row < Rank; row++)
                FixedOrder.Add(_groups.Crossed(p)[(row * _dense) + k], _denseS.AsSpan(l * Rank, Rank), product.Slice(row * Rank, Rank));
        _target.Traces[p, q] = SumOver(_groups.OfDense(p), q);
        Mirror(p, q);
    }

    private void Square(int p, int q)
    {
        AddOuterOfDense(_denseS, _images, p, _target.Product(p, q, Rank));
        var trace = 0.0;
        foreach (var (i, j) in new DensePositions(_structure, p))
        foreach (var (k, l) in new DensePositions(_structure, q))
            trace += _denseH[(j * _dense) + k] * _denseH[(l * _dense) + i];
        _target.Traces[p, q] = trace;
        Mirror(p, q);
    }

    private void Mirror(int p, int q) => KenwardRogerGroups.Mirror(_target, p, q, Rank);

    private void AddResiduals()
    {
        var residual = _gammas.Length;
        var slope = _target.Slope(residual, Rank);
        for (var a = 0; a < Rank; a++)
        for (var b = 0; b < Rank; b++)
            slope[(a * Rank) + b] = FixedOrder.Dot(Last(a, Math.Min(a, b) + 1), Last(b, Math.Min(a, b) + 1));
        for (var r = 0; r < residual; r++)
            FixedOrder.Add(-_gammas[r], _target.Slope(r, Rank), slope);
        double ofAll = _design.Rows;
        var both = _target.Product(residual, residual, Rank);
        slope.CopyTo(both);
        for (var s = 0; s < residual; s++)
        {
            var product = _target.Product(s, residual, Rank);
            var own = IsAbsorbed(s) ? _groups.Trace(s) : _ownTraces[s];
            var trace = own;
            _target.Slope(s, Rank).CopyTo(product);
            for (var r = 0; r < residual; r++)
            {
                FixedOrder.Add(-_gammas[r], _target.Product(s, r, Rank), product);
                trace -= _gammas[r] * _target.Traces[r, s];
            }
            _target.Traces[s, residual] = trace;
            Mirror(s, residual);
            FixedOrder.Add(-_gammas[s], product, both);
            ofAll -= _gammas[s] * (own + trace);
        }
        _target.Traces[residual, residual] = ofAll;
    }

    /// <summary>A row of the last block of L, the factor of Q'V⁻¹Q.</summary>
    private ReadOnlySpan<double> Last(int row, int count) => _point.Factor.AsSpan(((_dense + row) * _design.Size) + _dense, count);

    private void AddOuterOfDense(double[] left, double[] right, int parameter, Span<double> target)
    {
        foreach (var (i, j) in new DensePositions(_structure, parameter))
            for (var row = 0; row < Rank; row++)
                FixedOrder.Add(left[(i * Rank) + row], right.AsSpan(j * Rank, Rank), target.Slice(row * Rank, Rank));
    }

    private double SumOver(ReadOnlySpan<double> matrix, int parameter)
    {
        var sum = 0.0;
        foreach (var (i, j) in new DensePositions(_structure, parameter))
            sum += matrix[(i * _dense) + j];
        return sum;
    }
}
