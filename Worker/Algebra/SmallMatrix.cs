namespace HpcFit.Worker.Algebra;

/// <summary>Products of matrices of a few rows, row-major in spans.</summary>
internal static class SmallMatrix
{
    /// <summary><c>A B</c> of square matrices.</summary>
    public static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int size, Span<double> result)
    {
        for (var i = 0; i < size; i++)
        for (var j = 0; j < size; j++)
        {
            var sum = 0.0;
            for (var l = 0; l < size; l++)
                sum += a[(i * size) + l] * b[(l * size) + j];
            result[(i * size) + j] = sum;
        }
    }

    /// <summary><c>S M Sᵀ</c>, S rows × columns.</summary>
    public static void Congruent(DenseMatrix s, ReadOnlySpan<double> m, Span<double> result)
    {
        for (var i = 0; i < s.Rows; i++)
        for (var j = 0; j < s.Rows; j++)
        {
            var sum = 0.0;
            for (var a = 0; a < s.Columns; a++)
            for (var b = 0; b < s.Columns; b++)
                sum += s[i, a] * m[(a * s.Columns) + b] * s[j, b];
            result[(i * s.Rows) + j] = sum;
        }
    }

    /// <summary><c>A x</c>.</summary>
    public static void Apply(ReadOnlySpan<double> a, ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < x.Length; j++)
                sum += a[(i * x.Length) + j] * x[j];
            result[i] = sum;
        }
    }

    /// <summary><c>tr(A B)</c>.</summary>
    public static double Trace(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int size)
    {
        var sum = 0.0;
        for (var i = 0; i < size; i++)
        for (var j = 0; j < size; j++)
            sum += a[(i * size) + j] * b[(j * size) + i];
        return sum;
    }

    /// <summary>tr A.</summary>
    public static double Trace(ReadOnlySpan<double> a, int size)
    {
        var sum = 0.0;
        for (var i = 0; i < size; i++)
            sum += a[(i * size) + i];
        return sum;
    }

    /// <summary><c>Aᵀ B</c> of square matrices.</summary>
    public static void MultiplyTransposed(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int size, Span<double> result)
    {
        for (var i = 0; i < size; i++)
        for (var j = 0; j < size; j++)
        {
            var sum = 0.0;
            for (var l = 0; l < size; l++)
                sum += a[(l * size) + i] * b[(l * size) + j];
            result[(i * size) + j] = sum;
        }
    }

    /// <summary>Replaces a positive definite matrix by its inverse; returns the logarithm of its determinant, NaN if it is none.</summary>
    public static double Invert(Span<double> matrix, int size)
    {
        var determinant = new LogarithmOfProduct();
        for (var k = 0; k < size; k++)
        {
            var pivot = matrix[(k * size) + k];
            if (!(pivot > 0))
                return double.NaN;
            determinant.Multiply(pivot);
            Sweep(matrix, size, k);
        }
        return determinant.Value;
    }

    /// <summary>
    /// Gauss-Jordan elimination of one pivot, which must not be 0; returns it. After all of them, the matrix is its inverse.
    /// </summary>
    public static double Sweep(Span<double> matrix, int size, int k)
    {
        var own = matrix.Slice(k * size, size);
        var pivot = own[k];
        own[k] = 1;
        for (var j = 0; j < own.Length; j++)
            own[j] /= pivot;
        for (var i = 0; i < size; i++)
        {
            if (i == k)
                continue;
            var row = matrix.Slice(i * size, size);
            var factor = row[k];
            row[k] = 0;
            for (var j = 0; j < row.Length; j++)
                row[j] -= factor * own[j];
        }
        return pivot;
    }
}
