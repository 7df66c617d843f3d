using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// <c>M = VᵀV + Σ λⱼ EⱼᵀEⱼ</c>, V the data's part or empty: its log determinant with first and second derivatives in ρ = log λ, and its
/// factor. M is never formed: <c>[V; √λ E] = Q T</c> separates directions whose λ differ by ten orders of magnitude.
/// </summary>
/// <remarks>
/// Wood 2011, J. R. Statist. Soc. B 73, 3-36, §3.2 and appendix B, on why sums of penalties must not be formed. With Pⱼ the rows of Q
/// that belong to Eⱼ, <c>Kⱼ = PⱼᵀPⱼ = T⁻ᵀ λⱼEⱼᵀEⱼ T⁻¹</c> and <c>∂ log|M| / ∂ρⱼ = tr Kⱼ</c>.
/// </remarks>
internal sealed class PenaltyDeterminant
{
    private readonly (int Index, DenseMatrix Root)[] _terms;
    private readonly int _size;
    private readonly DenseMatrix? _data;
    private readonly int _dataRows;
    private readonly DenseMatrix _columns; // one row per column of the stack; finally Q's columns
    private readonly double[] _diagonal;
    private readonly DenseMatrix[] _shares;

    /// <summary>Prepares for the roots Eⱼ (rank × size), each with the index j of its λ, and V (rows × size) or null.</summary>
    public PenaltyDeterminant(IReadOnlyList<(int Index, DenseMatrix Root)> terms, DenseMatrix? data)
    {
        this._terms = [.. terms];
        _size = terms[0].Root.Columns;
        this._data = data;
        _dataRows = data?.Rows ?? 0;
        _columns = new DenseMatrix(_size, _dataRows + terms.Sum(t => t.Root.Rows));
        _diagonal = new double[_size];
        _shares = [.. terms.Select(_ => new DenseMatrix(_size, _size))];
        DataPart = new DenseMatrix(_dataRows, _size);
        Triangle = new DenseMatrix(_size, _size);
    }

    /// <summary><c>G = V T⁻¹</c> of the last evaluation: the rows of Q that belong to V.</summary>
    public DenseMatrix DataPart { get; }

    /// <summary>T of the last evaluation, upper triangular, <c>TᵀT = M</c>.</summary>
    public DenseMatrix Triangle { get; }

    /// <summary><c>Kⱼ</c> of the last evaluation.</summary>
    public DenseMatrix Share(int term) => _shares[term];

    /// <summary>
    /// The value at <paramref name="lambda"/>; adds <paramref name="factor"/> times the derivatives. NaN if M is singular.
    /// </summary>
    public double Evaluate(ReadOnlySpan<double> lambda, double factor, Span<double> gradient, Span<double> hessian)
    {
        Stack(lambda);
        if (!Orthonormalise())
            return double.NaN;
        var value = 0.0;
        foreach (var length in _diagonal)
            value += 2 * ReproducibleMath.Log(length);
        for (var i = 0; i < _dataRows; i++)
        for (var j = 0; j < _size; j++)
            DataPart[i, j] = _columns[j, i];
        var first = _dataRows;
        for (var t = 0; t < _terms.Length; t++)
        {
            Share(_shares[t], first, _terms[t].Root.Rows);
            first += _terms[t].Root.Rows;
        }
        if (factor != 0)
            AddDerivatives(factor, gradient, hessian, gradient.Length);
        return value;
    }

    private void Stack(ReadOnlySpan<double> lambda)
    {
        for (var j = 0; j < _size; j++)
        {
            var column = _columns.Row(j);
            for (var i = 0; i < _dataRows; i++)
                column[i] = _data![i, j];
            var row = _dataRows;
            foreach (var (index, root) in _terms)
            {
                var weight = Math.Sqrt(lambda[index]);
                for (var i = 0; i < root.Rows; i++)
                    column[row++] = weight * root[i, j];
            }
        }
    }

    /// <summary>Gram-Schmidt, twice: row-wise stable, however different the rows' norms.</summary>
    private bool Orthonormalise()
    {
        Array.Clear(Triangle.Values);
        for (var j = 0; j < _size; j++)
        {
            var column = _columns.Row(j);
            for (var pass = 0; pass < 2; pass++)
            for (var i = 0; i < j; i++)
            {
                var basis = _columns.Row(i);
                var dot = FixedOrder.Dot(basis, column);
                Triangle[i, j] += dot;
                FixedOrder.Add(-dot, basis, column);
            }
            var length = Math.Sqrt(FixedOrder.Dot(column, column));
            if (!(length > 0) || double.IsInfinity(length))
                return false;
            _diagonal[j] = Triangle[j, j] = length;
            for (var r = 0; r < column.Length; r++)
                column[r] /= length;
        }
        return true;
    }

    private void Share(DenseMatrix share, int first, int count)
    {
        for (var i = 0; i < _size; i++)
        for (var j = 0; j <= i; j++)
            share[i, j] = share[j, i] = FixedOrder.Dot(_columns.Row(i).Slice(first, count), _columns.Row(j).Slice(first, count));
    }

    private void AddDerivatives(double factor, Span<double> gradient, Span<double> hessian, int count)
    {
        for (var j = 0; j < _terms.Length; j++)
        {
            var trace = Trace(_shares[j]);
            gradient[_terms[j].Index] += factor * trace;
            hessian[_terms[j].Index * count + _terms[j].Index] += factor * trace;
            for (var k = 0; k < _terms.Length; k++)
                hessian[_terms[j].Index * count + _terms[k].Index] -= factor * FixedOrder.Dot(_shares[j].Values, _shares[k].Values);
        }
    }

    private static double Trace(DenseMatrix a)
    {
        var trace = 0.0;
        for (var i = 0; i < a.Rows; i++)
            trace += a[i, i];
        return trace;
    }
}
