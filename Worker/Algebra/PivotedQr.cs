namespace HpcFit.Worker.Algebra;

/// <summary>
/// Householder QR of a design matrix X (rows × columns, column-major), with R's limited pivoting: columns are processed in their order, and
/// one whose part outside the columns before it is shorter than a tolerance times its own length is moved to the right
/// edge and excluded from the model (aliased). A reused workspace: <see cref="Factor"/> allocates only when a matrix is larger
/// than any before. Not thread-safe while factoring.
/// </summary>
/// <remarks>
/// Dongarra, Bunch, Moler and Stewart, LINPACK Users' Guide (1979), chapter 9; the pivoting rule is the one in R's documentation of
/// <c>lm.fit</c> and <c>qr</c> (limited column pivoting). Column norms are computed again at every step, not updated. Reflectors are
/// scaled, products summed and equations solved in LINPACK's order: where a response is fitted exactly, estimates are rounding noise, and
/// thus the same noise as R's. The order is fixed, so the factors have the same bits on every machine.
/// </remarks>
internal sealed class PivotedQr : ILeastSquares
{
    /// <summary>The default tolerance of R's <c>lm</c>.</summary>
    public const double Tolerance = 1e-7;

    private double[] _factors = [];
    private double[] _reflectorHeads = [];
    private double[] _norms = [];
    private int[] _pivots = [];
    private double[] _unit = [];

    private readonly double _tolerance = Tolerance;

    /// <summary>A workspace that grows with its matrices.</summary>
    public PivotedQr() { }

    /// <summary>A workspace with memory for matrices up to a size.</summary>
    public PivotedQr(int maxRows, int maxColumns) => Reserve(maxRows, maxColumns);

    /// <summary>The same with another tolerance than <see cref="Tolerance"/>.</summary>
    public PivotedQr(int maxRows, int maxColumns, double tolerance)
        : this(maxRows, maxColumns) => _tolerance = tolerance;

    /// <summary>Rows of X.</summary>
    public int Rows { get; private set; }

    /// <summary>Columns of X.</summary>
    public int Columns { get; private set; }

    /// <summary>The number of columns that are not aliased.</summary>
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
            while (step < model && !(Norm(Column(step)[step..]) >= _tolerance * _norms[step] && _norms[step] > 0))
            {
                MoveToRightEdge(step);
                model--;
            }
            if (step < model)
                Reflect(step);
        }
        Rank = Math.Min(rows, model);
    }

    /// <summary>
    /// Replaces y (<see cref="Rows"/> values) by Q'y: the first <see cref="Rank"/> are its projections, the squares of the rest sum to the
    /// residual sum of squares.
    /// </summary>
    public void ApplyTransposed(Span<double> y)
    {
        for (var k = 0; k < Rank; k++)
            ApplyReflector(k, y);
    }

    /// <summary>
    /// Solves R b = (Q'y)(first <see cref="Rank"/>) by back substitution; in place of the first <see cref="Rank"/> values.
    /// </summary>
    public void BackSubstitute(Span<double> projections)
    {
        for (var j = Rank - 1; j >= 0; j--)
        {
            projections[j] /= R(j, j);
            for (var i = 0; i < j; i++)
                projections[i] -= projections[j] * R(i, j);
        }
    }

    /// <summary>The diagonal of (X'X)⁻¹ over the columns of the model, at their positions in R.</summary>
    /// <param name="variances">Receives <see cref="Rank"/> values.</param>
    /// <param name="column">Workspace of <see cref="Rank"/> values.</param>
    public void UnscaledVariances(Span<double> variances, Span<double> column)
    {
        variances[..Rank].Clear();
        for (var c = 0; c < Rank; c++)
        {
            for (var i = c; i >= 0; i--)
            {
                var x = i == c ? 1.0 : 0.0;
                for (var k = i + 1; k <= c; k++)
                    x -= R(i, k) * column[k];
                column[i] = x / R(i, i);
                variances[i] += column[i] * column[i];
            }
        }
    }

    /// <inheritdoc/>
    public void SolveTransposed(Span<double> values)
    {
        for (var j = 0; j < Rank; j++)
        {
            for (var i = 0; i < j; i++)
                values[j] -= R(i, j) * values[i];
            values[j] /= R(j, j);
        }
    }

    /// <inheritdoc/>
    public void Coordinates(int column, Span<double> target)
    {
        var place = Pivots.IndexOf(column);
        for (var i = 0; i < Rank; i++)
            target[i] = i <= place ? R(i, place) : 0;
    }

    /// <summary>Writes the orthonormal basis of the model's columns, <see cref="Rows"/> × <see cref="Rank"/>, row-major.</summary>
    public void CopyBasis(Span<double> basis)
    {
        if (_unit.Length < Rows)
            _unit = new double[Rows];
        var unit = _unit.AsSpan(0, Rows);
        for (var c = 0; c < Rank; c++)
        {
            unit.Clear();
            unit[c] = 1;
            for (var k = Rank - 1; k >= 0; k--)
                ApplyReflector(k, unit);
            for (var i = 0; i < Rows; i++)
                basis[(i * Rank) + c] = unit[i];
        }
    }

    private void Reserve(int rows, int columns)
    {
        (Rows, Columns) = (rows, columns);
        if (_factors.Length < rows * columns)
            _factors = new double[rows * columns];
        if (_pivots.Length >= columns)
            return;
        _pivots = new int[columns];
        _norms = new double[columns];
        _reflectorHeads = new double[columns];
    }

    private Span<double> Column(int c) => _factors.AsSpan(c * Rows, Rows);

    private void MoveToRightEdge(int c)
    {
        var (pivot, norm) = (_pivots[c], _norms[c]);
        for (var from = c; from < Columns - 1; from++)
        {
            var left = Column(from);
            var right = Column(from + 1);
            for (var i = 0; i < Rows; i++)
                (left[i], right[i]) = (right[i], left[i]);
            (_pivots[from], _norms[from]) = (_pivots[from + 1], _norms[from + 1]);
        }
        (_pivots[Columns - 1], _norms[Columns - 1]) = (pivot, norm);
    }

    /// <summary>
    /// Computes reflector k, I - u u' / u(k), and applies it to the columns after it. u(k) is stored separately, the rest of u below R's
    /// diagonal. The last row needs no reflector.
    /// </summary>
    private void Reflect(int k)
    {
        var u = Column(k)[k..];
        if (u.Length == 1)
        {
            _reflectorHeads[k] = 0;
            return;
        }
        var norm = u[0] < 0 ? -Norm(u) : Norm(u);
        var scale = 1 / norm;
        for (var i = 0; i < u.Length; i++)
            u[i] *= scale;
        _reflectorHeads[k] = 1 + u[0];
        u[0] = -norm;
        for (var c = k + 1; c < Columns; c++)
            ApplyReflector(k, Column(c));
    }

    private void ApplyReflector(int k, Span<double> y)
    {
        var head = _reflectorHeads[k];
        if (head == 0)
            return;
        var u = Column(k)[(k + 1)..];
        var tail = y.Slice(k + 1, u.Length);
        var step = -Sequential.AddDot(head * y[k], u, tail) / head;
        y[k] += step * head;
        for (var i = 0; i < u.Length; i++)
            tail[i] += step * u[i];
    }

    /// <summary>The length of a vector, scaled by its largest value so that squares neither overflow nor underflow.</summary>
    private static double Norm(ReadOnlySpan<double> v)
    {
        var largest = 0.0;
        foreach (var value in v)
            largest = Math.Max(largest, Math.Abs(value));
        if (largest is 0 || !double.IsFinite(largest))
            return largest;
        if (largest is > 1e-100 and < 1e100)
            return Math.Sqrt(Sequential.Dot(v, v));
        var sum = 0.0;
        foreach (var value in v)
            sum += value / largest * (value / largest);
        return largest * Math.Sqrt(sum);
    }
}
