namespace HpcFit.Worker.Linear;

/// <summary>
/// Householder QR of a design matrix X (rows × columns, column-major), with R's limited pivoting: columns are taken in their order, and
/// one whose part outside the columns before it is shorter than <see cref="Tolerance"/> times its own length is moved to the right
/// edge, where it stays out of the model (aliased). A reused workspace: <see cref="Factor"/> allocates only when a matrix is larger
/// than any before. Not safe for several threads at once while factoring.
/// </summary>
/// <remarks>
/// Golub and Van Loan, Matrix Computations, algorithm 5.2.1; the pivoting rule is the one R's documentation of <c>lm.fit</c> and
/// <c>qr</c> gives (LINPACK's dqrdc with limited column pivoting). Column norms are taken anew at every step, not updated.
/// Sums run in one fixed order, so the factors have the same bits on every machine.
/// </remarks>
internal sealed class PivotedQr
{
    /// <summary>The default of <c>lm</c>.</summary>
    public const double Tolerance = 1e-7;

    private double[] _factors = [];
    private double[] _reflectorScales = [];
    private double[] _norms = [];
    private int[] _pivots = [];

    /// <summary>Rows of X.</summary>
    public int Rows { get; private set; }

    /// <summary>Columns of X.</summary>
    public int Columns { get; private set; }

    /// <summary>How many columns are not aliased.</summary>
    public int Rank { get; private set; }

    /// <summary>The column of X at each position of R; the first <see cref="Rank"/> are those of the model, in ascending order.</summary>
    public ReadOnlySpan<int> Pivots => _pivots.AsSpan(0, Columns);

    /// <summary>Entry (row, column) of R, both below <see cref="Rank"/>, row ≤ column.</summary>
    public double R(int row, int column) => _factors[(column * Rows) + row];

    /// <summary>Factors X = Q R.</summary>
    /// <param name="x">X, rows × columns, column-major; not changed.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public void Factor(ReadOnlySpan<double> x, int rows, int columns)
    {
        Reserve(rows, columns);
        x[..(rows * columns)].CopyTo(_factors);
        for (var c = 0; c < columns; c++)
        {
            _pivots[c] = c;
            _norms[c] = Norm(Column(c));
        }
        Rank = Math.Min(rows, columns);
        var model = columns;
        for (var step = 0; step < Math.Min(rows, model); step++)
        {
            while (step < model && !(Norm(Column(step)[step..]) >= Tolerance * _norms[step] && _norms[step] > 0))
            {
                MoveToRightEdge(step);
                model--;
            }
            if (step < model) Reflect(step);
        }
        Rank = Math.Min(rows, model);
    }

    /// <summary>Replaces y (<see cref="Rows"/> values) by Q'y: the first <see cref="Rank"/> are its projections, the squares of the rest sum to the residual sum of squares.</summary>
    public void ApplyTransposed(Span<double> y)
    {
        for (var k = 0; k < Rank; k++) ApplyReflector(k, y);
    }

    /// <summary>Solves R b = (Q'y)(first <see cref="Rank"/>) by back substitution; in place of the first <see cref="Rank"/> values.</summary>
    public void BackSubstitute(Span<double> projections)
    {
        for (var i = Rank - 1; i >= 0; i--)
        {
            var b = projections[i];
            for (var j = i + 1; j < Rank; j++) b -= R(i, j) * projections[j];
            projections[i] = b / R(i, i);
        }
    }

    /// <summary>The diagonal of (X'X)⁻¹ over the columns of the model, at their positions in R.</summary>
    /// <param name="variances">Receives <see cref="Rank"/> values.</param>
    /// <param name="column">Room for <see cref="Rank"/> values.</param>
    public void UnscaledVariances(Span<double> variances, Span<double> column)
    {
        variances[..Rank].Clear();
        for (var c = 0; c < Rank; c++)
        {
            for (var i = c; i >= 0; i--)
            {
                var x = i == c ? 1.0 : 0.0;
                for (var k = i + 1; k <= c; k++) x -= R(i, k) * column[k];
                column[i] = x / R(i, i);
                variances[i] += column[i] * column[i];
            }
        }
    }

    /// <summary>Writes the orthonormal basis of the model's columns, <see cref="Rows"/> × <see cref="Rank"/>, row-major.</summary>
    public void CopyBasis(Span<double> basis)
    {
        var unit = new double[Rows];
        for (var c = 0; c < Rank; c++)
        {
            Array.Clear(unit);
            unit[c] = 1;
            for (var k = Rank - 1; k >= 0; k--) ApplyReflector(k, unit);
            for (var i = 0; i < Rows; i++) basis[(i * Rank) + c] = unit[i];
        }
    }

    private void Reserve(int rows, int columns)
    {
        (Rows, Columns) = (rows, columns);
        if (_factors.Length < rows * columns) _factors = new double[rows * columns];
        if (_pivots.Length >= columns) return;
        _pivots = new int[columns];
        _norms = new double[columns];
        _reflectorScales = new double[columns];
    }

    private Span<double> Column(int c) => _factors.AsSpan(c * Rows, Rows);

    private void MoveToRightEdge(int c)
    {
        var (pivot, norm) = (_pivots[c], _norms[c]);
        for (var from = c; from < Columns - 1; from++)
        {
            var left = Column(from);
            var right = Column(from + 1);
            for (var i = 0; i < Rows; i++) (left[i], right[i]) = (right[i], left[i]);
            (_pivots[from], _norms[from]) = (_pivots[from + 1], _norms[from + 1]);
        }
        (_pivots[Columns - 1], _norms[Columns - 1]) = (pivot, norm);
    }

    /// <summary>Makes reflector k, I - s v v' with v(k) = 1 and v's rest stored below R's diagonal, and applies it to the columns after it.</summary>
    private void Reflect(int k)
    {
        var v = Column(k)[k..];
        var norm = Norm(v);
        var alpha = v[0] > 0 ? -norm : norm;
        var head = v[0] - alpha;
        _reflectorScales[k] = -head / alpha;
        for (var i = 1; i < v.Length; i++) v[i] /= head;
        v[0] = alpha;
        for (var c = k + 1; c < Columns; c++) ApplyReflector(k, Column(c));
    }

    private void ApplyReflector(int k, Span<double> y)
    {
        var v = Column(k)[(k + 1)..];
        var tail = y.Slice(k + 1, v.Length);
        var scaled = _reflectorScales[k] * (y[k] + Dot(v, tail));
        y[k] -= scaled;
        for (var i = 0; i < v.Length; i++) tail[i] -= scaled * v[i];
    }

    /// <summary>The length of a vector, scaled by its largest value so that squares neither overflow nor vanish.</summary>
    private static double Norm(ReadOnlySpan<double> v)
    {
        var largest = 0.0;
        foreach (var value in v) largest = Math.Max(largest, Math.Abs(value));
        if (largest is 0 || !double.IsFinite(largest)) return largest;
        if (largest is > 1e-100 and < 1e100) return Math.Sqrt(Dot(v, v));
        var sum = 0.0;
        foreach (var value in v) sum += value / largest * (value / largest);
        return largest * Math.Sqrt(sum);
    }

    /// <summary>Four partial sums in a fixed order.</summary>
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        var i = 0;
        for (; i + 4 <= a.Length; i += 4)
        {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.Length; i++) s0 += a[i] * b[i];
        return s0 + s1 + (s2 + s3);
    }
}
