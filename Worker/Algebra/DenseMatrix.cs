using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Algebra;

/// <summary>A small dense matrix, row-major. Used where a basis or a design is built, never per element.</summary>
/// <param name="rows">The number of rows.</param>
/// <param name="columns">The number of columns.</param>
internal sealed class DenseMatrix(int rows, int columns)
{
    /// <summary>The number of rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>The number of columns.</summary>
    public int Columns { get; } = columns;

    /// <summary>The values, row-major; owned by the matrix.</summary>
    public double[] Values { get; } = new double[rows * columns];

    /// <summary>The value at a row and a column.</summary>
    public double this[int row, int column]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Values[row * Columns + column];
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => Values[row * Columns + column] = value;
    }

    /// <summary>A row as a span.</summary>
    public Span<double> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>The identity matrix.</summary>
    public static DenseMatrix Identity(int n)
    {
        var unit = new DenseMatrix(n, n);
        for (var i = 0; i < n; i++)
            unit[i, i] = 1;
        return unit;
    }

    /// <summary>The product with <paramref name="other"/>; sums run in the order of the inner index.</summary>
    public DenseMatrix Times(DenseMatrix other)
    {
        var product = new DenseMatrix(Rows, other.Columns);
        for (var i = 0; i < Rows; i++)
        {
            var target = product.Row(i);
            for (var l = 0; l < Columns; l++)
            {
                var factor = this[i, l];
                if (factor == 0)
                    continue;
                var source = other.Row(l);
                FixedOrder.Add(factor, source, target);
            }
        }
        return product;
    }

    /// <summary>The transpose.</summary>
    public DenseMatrix Transposed()
    {
        var result = new DenseMatrix(Columns, Rows);
        for (var i = 0; i < Rows; i++)
        for (var j = 0; j < Columns; j++)
            result[j, i] = this[i, j];
        return result;
    }

    /// <summary>The product with a number.</summary>
    public DenseMatrix Scaled(double factor)
    {
        var result = new DenseMatrix(Rows, Columns);
        for (var i = 0; i < Values.Length; i++)
            result.Values[i] = Values[i] * factor;
        return result;
    }

    /// <summary><c>zᵀ this z</c>: a quadratic form in new coordinates.</summary>
    public DenseMatrix Congruent(DenseMatrix z) => z.Transposed().Times(Times(z));

    /// <summary>The listed columns, in that order.</summary>
    public DenseMatrix TakeColumns(IReadOnlyList<int> columns)
    {
        var result = new DenseMatrix(Rows, columns.Count);
        for (var i = 0; i < Rows; i++)
        for (var j = 0; j < columns.Count; j++)
            result[i, j] = this[i, columns[j]];
        return result;
    }

    /// <summary>The block of <paramref name="rows"/> × <paramref name="columns"/> that begins at a row and a column.</summary>
    public DenseMatrix Block(int row, int column, int rows, int columns)
    {
        var block = new DenseMatrix(rows, columns);
        for (var i = 0; i < rows; i++)
            Row(row + i).Slice(column, columns).CopyTo(block.Row(i));
        return block;
    }

    /// <summary>Replaces the block that begins at a row and a column.</summary>
    public void SetBlock(int row, int column, DenseMatrix block)
    {
        for (var i = 0; i < block.Rows; i++)
            block.Row(i).CopyTo(Row(row + i)[column..]);
    }

    /// <summary>The block matrix [this, <paramref name="right"/>].</summary>
    public DenseMatrix ConcatenateColumns(DenseMatrix right)
    {
        var result = new DenseMatrix(Rows, Columns + right.Columns);
        for (var i = 0; i < Rows; i++)
        {
            Row(i).CopyTo(result.Row(i));
            right.Row(i).CopyTo(result.Row(i)[Columns..]);
        }
        return result;
    }

    /// <summary>The block matrix [this; <paramref name="below"/>].</summary>
    public DenseMatrix ConcatenateRows(DenseMatrix below)
    {
        var result = new DenseMatrix(Rows + below.Rows, Columns);
        Values.CopyTo(result.Values, 0);
        below.Values.CopyTo(result.Values, Values.Length);
        return result;
    }

    /// <summary>The difference.</summary>
    public DenseMatrix Minus(DenseMatrix other)
    {
        var result = new DenseMatrix(Rows, Columns);
        for (var i = 0; i < Values.Length; i++)
            result.Values[i] = Values[i] - other.Values[i];
        return result;
    }

    /// <summary>The largest sum of absolute values in a row.</summary>
    public double InfinityNorm()
    {
        var norm = 0.0;
        for (var i = 0; i < Rows; i++)
        {
            var sum = 0.0;
            foreach (var value in Row(i))
                sum += Math.Abs(value);
            norm = Math.Max(norm, sum);
        }
        return norm;
    }

    /// <summary>The largest sum of absolute values in a column.</summary>
    public double OneNorm() => Transposed().InfinityNorm();

    /// <summary>
    /// The row-wise Kronecker product: the columns of a tensor product basis, the last factor varying fastest (Wood 2006).
    /// </summary>
    public DenseMatrix RowKronecker(DenseMatrix right)
    {
        var result = new DenseMatrix(Rows, Columns * right.Columns);
        for (var i = 0; i < Rows; i++)
        for (var a = 0; a < Columns; a++)
        for (var b = 0; b < right.Columns; b++)
            result[i, a * right.Columns + b] = this[i, a] * right[i, b];
        return result;
    }

    /// <summary>The Kronecker product.</summary>
    public DenseMatrix Kronecker(DenseMatrix right)
    {
        var result = new DenseMatrix(Rows * right.Rows, Columns * right.Columns);
        for (var i = 0; i < Rows; i++)
        for (var j = 0; j < Columns; j++)
        for (var k = 0; k < right.Rows; k++)
        for (var l = 0; l < right.Columns; l++)
            result[i * right.Rows + k, j * right.Columns + l] = this[i, j] * right[k, l];
        return result;
    }
}
