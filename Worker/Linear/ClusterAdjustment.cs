using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Linear;

/// <summary>
/// The CR2 estimator of covariances with clusters of subjects: per combination of coefficients, row weights p such that its variance is
/// Σ (p'r)² over clusters, r the weighted residuals, and its Satterthwaite degrees of freedom. A reused workspace.
/// </summary>
/// <remarks>
/// Bell and McCaffrey 2002; Pustejovsky and Tipton 2018, J. Bus. Econ. Stat. 36, with the identity as working model, as clubSandwich for
/// lm.
/// With H = X (X'WX)⁻¹ X'W and B = [(I - H)(I - H)'] of a cluster, residuals are multiplied by A = B^(-1/2), pseudo-inverse. In terms of
/// √w X = Q R and S = Q'WQ, B = I - W^(-1/2) Q Q' W^(1/2) - W^(1/2) Q Q' W^(-1/2) + W^(-1/2) Q S Q' W^(-1/2), the identity plus a matrix of
/// rank 2k at most, so that eigenvalues are needed of matrices of this order only. With a = A W^(1/2) Q w of each cluster, the degrees of
/// freedom are (Σ M_gg)² / Σ M_gh², M_gh = δ_gh a_g'a_g - s_g't_h - t_g's_h + s_g' S s_h, s = Q'W^(-1/2) a, t = Q'W^(1/2) a.
/// </remarks>
internal sealed class ClusterAdjustment
{
    /// <summary>Eigenvalues of B up to this are zero.</summary>
    private const double Zero = 1e-12;

    /// <summary>Columns shorter than this, relative to their length, are linear combinations of others.</summary>
    private const double Dependent = 1e-10;

    private readonly int[] _clusterOf;
    private readonly int[] _order;
    private readonly int[] _ends;
    private readonly int[] _keys;
    private readonly double[] _frame;
    private readonly double[] _coordinates;
    private readonly (DenseMatrix Matrix, SymmetricEigen Eigen)?[] _bySize;
    private readonly double[] _ofWeights;
    private readonly double[] _a;
    private readonly double[] _z;
    private readonly double[] _kz;
    private readonly double[] _sumOfZ;
    private readonly double[] _traces;
    private readonly double[] _small;
    private SymmetricEigen _eigen = null!;
    private int _rows;
    private int _count;

    /// <summary>A workspace.</summary>
    /// <param name="clusterOf">The cluster of each subject.</param>
    /// <param name="subjects">The maximum number of rows.</param>
    /// <param name="columns">Columns of X.</param>
    /// <param name="slots">The number of combinations.</param>
    public ClusterAdjustment(int[] clusterOf, int subjects, int columns, int slots)
    {
        var twice = 2 * columns;
        _clusterOf = clusterOf;
        (_order, _ends, _keys) = (new int[subjects], new int[subjects], new int[subjects]);
        _frame = new double[subjects * twice];
        _coordinates = new double[twice * twice];
        _bySize = new (DenseMatrix, SymmetricEigen)?[twice + 1];
        _ofWeights = new double[columns * columns];
        _a = new double[subjects];
        (_z, _kz) = (new double[twice], new double[twice]);
        _sumOfZ = new double[slots * twice * twice];
        _traces = new double[slots * 3];
        _small = new double[twice * twice];
        Degrees = new double[slots];
    }

    /// <summary>The Satterthwaite degrees of freedom of each combination.</summary>
    public double[] Degrees { get; }

    /// <summary>The rows, those of a cluster together.</summary>
    public ReadOnlySpan<int> RowOrder => _order.AsSpan(0, _rows);

    /// <summary>Where each cluster ends in <see cref="RowOrder"/>.</summary>
    public ReadOnlySpan<int> Ends => _ends.AsSpan(0, _count);

    /// <summary>Computes weights and degrees of freedom.</summary>
    /// <param name="basis">Q, rows × rank, row-major.</param>
    /// <param name="rank">k.</param>
    /// <param name="subjects">The subject of each row.</param>
    /// <param name="rootWeights">√w of each row; empty without weights.</param>
    /// <param name="functionals">w of each combination; as many values as X has columns are reserved for each.</param>
    /// <param name="isKnown">Which combinations are estimated.</param>
    /// <param name="weights">Receives p, rows in the order of <see cref="RowOrder"/> × combinations, row-major.</param>
    public void Compute(
        ReadOnlySpan<double> basis,
        int rank,
        ReadOnlySpan<int> subjects,
        ReadOnlySpan<double> rootWeights,
        ReadOnlySpan<double> functionals,
        bool[] isKnown,
        Span<double> weights
    )
    {
        Sort(subjects);
        Array.Clear(_ofWeights);
        for (var row = 0; row < _rows; row++)
            AddOuter(_ofWeights, basis.Slice(row * rank, rank), rootWeights.IsEmpty ? 1 : rootWeights[row] * rootWeights[row]);
        Array.Clear(_sumOfZ);
        Array.Clear(_traces);
        for (int g = 0, start = 0; g < _count; start = _ends[g++])
        {
            var rows = _order.AsSpan(start, _ends[g] - start);
            var width = BuildRoot(basis, rank, rows, rootWeights);
            for (var slot = 0; slot < isKnown.Length; slot++)
            {
                var functional = functionals.Slice(slot * (functionals.Length / isKnown.Length), rank);
                Adjust(basis, rank, rows, rootWeights, functional, width);
                for (var i = 0; i < rows.Length; i++)
                    weights[((start + i) * isKnown.Length) + slot] = _a[i] / (rootWeights.IsEmpty ? 1 : rootWeights[rows[i]]);
                AddTraces(basis, rank, rows, rootWeights, slot);
            }
        }
        for (var slot = 0; slot < isKnown.Length; slot++)
            Degrees[slot] = isKnown[slot] ? DegreesOf(slot, 2 * rank) : double.NaN;
    }

    /// <summary>Adds, per combination, the squares of the clusters' sums of weighted residuals.</summary>
    public void Sum(ReadOnlySpan<double> residuals, ReadOnlySpan<double> weights, Span<double> sums)
    {
        for (var slot = 0; slot < sums.Length; slot++)
        for (int g = 0, start = 0; g < _count; start = _ends[g++])
        {
            var sum = 0.0;
            for (var i = start; i < _ends[g]; i++)
                sum += residuals[_order[i]] * weights[(i * sums.Length) + slot];
            sums[slot] += sum * sum;
        }
    }

    private void Sort(ReadOnlySpan<int> subjects)
    {
        _rows = subjects.Length;
        for (var row = 0; row < _rows; row++)
            (_order[row], _keys[row]) = (row, (_clusterOf[subjects[row]] * _rows) + row); // unique, so the order is
        _keys.AsSpan(0, _rows).Sort(_order.AsSpan(0, _rows));
        _count = 0;
        for (var i = 0; i < _rows; i++)
            if (i + 1 == _rows || _clusterOf[subjects[_order[i]]] != _clusterOf[subjects[_order[i + 1]]])
                _ends[_count++] = i + 1;
    }

    /// <summary>
    /// E, an orthonormal basis of the columns of [W^(-1/2) Q, W^(1/2) Q] of a cluster, and the eigenvectors U of I + E' (B - I) E, each
    /// with μ^(-1/2) - 1: A = I + E U diag(μ^(-1/2) - 1) U' E'. Returns the number of columns of E.
    /// </summary>
    private int BuildRoot(ReadOnlySpan<double> basis, int rank, ReadOnlySpan<int> rows, ReadOnlySpan<double> rootWeights)
    {
        var (n, twice, width) = (rows.Length, 2 * rank, 0);
        _coordinates.AsSpan(0, twice * twice).Clear();
        for (var c = 0; c < twice && width < n; c++)
        {
            var target = _frame.AsSpan(width * n, n);
            for (var i = 0; i < n; i++)
                target[i] = basis[(rows[i] * rank) + (c % rank)] * Power(rootWeights, rows[i], c < rank ? -1 : 1);
            width += Orthonormalise(width, n) ? 1 : 0;
        }
        // C = E' F of all columns F, also those that E spans already.
        for (var c = 0; c < twice; c++)
        for (var e = 0; e < width; e++)
        {
            var sum = 0.0;
            for (var i = 0; i < n; i++)
                sum += _frame[(e * n) + i] * basis[(rows[i] * rank) + (c % rank)] * Power(rootWeights, rows[i], c < rank ? -1 : 1);
            _coordinates[(e * twice) + c] = sum;
        }
        (var matrix, _eigen) = _bySize[width] ??= (new(width, width), new(width));
        var isFinite = true;
        for (var e = 0; e < width; e++)
        for (var f = 0; f < width; f++)
        {
            matrix[e, f] = (e == f ? 1 : 0) + Middle(e, f, rank);
            isFinite &= double.IsFinite(matrix[e, f]);
        }
        // Weights whose quotients overflow: the results are NaN.
        if (isFinite)
            _eigen.Decompose(matrix);
        else
            Array.Fill(_eigen.Vectors.Values, double.NaN);
        return width;
    }

    /// <summary>Entry (e, f) of E' (B - I) E = C₁ S C₁' - C₁ C₂' - C₂ C₁', C = [C₁, C₂].</summary>
    private double Middle(int e, int f, int rank)
    {
        var left = _coordinates.AsSpan(e * 2 * rank, 2 * rank);
        var right = _coordinates.AsSpan(f * 2 * rank, 2 * rank);
        var sum = 0.0;
        for (var k = 0; k < rank; k++)
        {
            var inner = 0.0;
            for (var j = 0; j < rank; j++)
                inner += _ofWeights[(k * rank) + j] * right[j];
            sum += (left[k] * inner) - (left[k] * right[rank + k]) - (left[rank + k] * right[k]);
        }
        return sum;
    }

    private bool Orthonormalise(int width, int n)
    {
        var target = _frame.AsSpan(width * n, n);
        var length = Math.Sqrt(Sequential.Dot(target, target));
        for (var pass = 0; pass < 2; pass++)
        for (var e = 0; e < width; e++)
        {
            var other = _frame.AsSpan(e * n, n);
            var share = Sequential.Dot(other, target);
            for (var i = 0; i < n; i++)
                target[i] -= share * other[i];
        }
        var rest = Math.Sqrt(Sequential.Dot(target, target));
        if (!(rest > Dependent * length))
            return false;
        for (var i = 0; i < n; i++)
            target[i] /= rest;
        return true;
    }

    /// <summary>a = A W^(1/2) Q w of a cluster.</summary>
    private void Adjust(
        ReadOnlySpan<double> basis,
        int rank,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<double> rootWeights,
        ReadOnlySpan<double> functional,
        int width
    )
    {
        var n = rows.Length;
        for (var i = 0; i < n; i++)
            _a[i] = Sequential.Dot(basis.Slice(rows[i] * rank, rank), functional) * Power(rootWeights, rows[i], 1);
        var inside = _small.AsSpan(0, width);
        var turned = _small.AsSpan(width, width);
        for (var e = 0; e < width; e++)
            inside[e] = Sequential.Dot(_frame.AsSpan(e * n, n), _a.AsSpan(0, n));
        for (var j = 0; j < width; j++)
        {
            turned[j] = 0;
            for (var e = 0; e < width; e++)
                turned[j] += _eigen.Vectors[e, j] * inside[e];
            var eigenvalue = _eigen.Values[j];
            turned[j] *= (eigenvalue > Zero ? 1 / Math.Sqrt(eigenvalue) : 0) - 1;
        }
        for (var e = 0; e < width; e++)
        {
            var change = 0.0;
            for (var j = 0; j < width; j++)
                change += _eigen.Vectors[e, j] * turned[j];
            for (var i = 0; i < n; i++)
                _a[i] += _frame[(e * n) + i] * change;
        }
    }

    /// <summary>
    /// Adds a cluster to Σ d, Σ d² + 2 d z'Kz and Σ z z', with d = a'a, z = [s; t], K = [S, -I; -I, 0], so that M_gh = δ_gh d + z_g'K z_h.
    /// </summary>
    private void AddTraces(ReadOnlySpan<double> basis, int rank, ReadOnlySpan<int> rows, ReadOnlySpan<double> rootWeights, int slot)
    {
        var twice = 2 * rank;
        var a = _a.AsSpan(0, rows.Length);
        _z.AsSpan(0, twice).Clear();
        for (var i = 0; i < a.Length; i++)
        for (var k = 0; k < rank; k++)
        {
            var q = basis[(rows[i] * rank) + k];
            _z[k] += a[i] * q * Power(rootWeights, rows[i], -1);
            _z[rank + k] += a[i] * q * Power(rootWeights, rows[i], 1);
        }
        MultiplyByK(_z, _kz, rank);
        var (d, inner) = (Sequential.Dot(a, a), Sequential.Dot(_z.AsSpan(0, twice), _kz.AsSpan(0, twice)));
        _traces[slot * 3] += d + inner;
        _traces[(slot * 3) + 1] += (d * d) + (2 * d * inner);
        AddOuter(_sumOfZ.AsSpan(slot * twice * twice, twice * twice), _z.AsSpan(0, twice), 1);
    }

    /// <summary>(Σ M_gg)² / Σ M_gh², Σ (z_g'K z_h)² = trace (K Z K Z), Z = Σ z z'.</summary>
    private double DegreesOf(int slot, int twice)
    {
        var z = _sumOfZ.AsSpan(slot * twice * twice, twice * twice);
        for (var c = 0; c < twice; c++)
        {
            MultiplyByK(z.Slice(c * twice, twice), _kz, twice / 2); // Z is symmetric
            for (var r = 0; r < twice; r++)
                _small[(r * twice) + c] = _kz[r];
        }
        var trace = 0.0;
        for (var r = 0; r < twice; r++)
        for (var c = 0; c < twice; c++)
            trace += _small[(r * twice) + c] * _small[(c * twice) + r];
        return _traces[slot * 3] * _traces[slot * 3] / (_traces[(slot * 3) + 1] + trace);
    }

    private void MultiplyByK(ReadOnlySpan<double> z, Span<double> target, int rank)
    {
        for (var k = 0; k < rank; k++)
        {
            var sum = -z[rank + k];
            for (var j = 0; j < rank; j++)
                sum += _ofWeights[(k * rank) + j] * z[j];
            (target[k], target[rank + k]) = (sum, -z[k]);
        }
    }

    private static void AddOuter(Span<double> target, ReadOnlySpan<double> vector, double factor)
    {
        for (var i = 0; i < vector.Length; i++)
        for (var j = 0; j < vector.Length; j++)
            target[(i * vector.Length) + j] += factor * vector[i] * vector[j];
    }

    private static double Power(ReadOnlySpan<double> rootWeights, int row, int exponent) =>
        rootWeights.IsEmpty ? 1
        : exponent > 0 ? rootWeights[row]
        : 1 / rootWeights[row];
}
