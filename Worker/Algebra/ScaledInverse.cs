using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HpcFit.Worker.Algebra;

/// <summary>
/// The inverse of a positive definite matrix plus a diagonal one, first scaled to unit diagonal: directions whose sizes differ by twenty
/// orders of magnitude do not disturb each other. A workspace; allocates only when it is created.
/// </summary>
/// <remarks>
/// Gauss-Jordan elimination on the diagonal, which is stable for positive definite matrices (Peters and Wilkinson 1975, Comm. ACM 18,
/// 20-24); its error after scaling is bounded by the scaled matrix's condition (Demmel 1989, LAPACK working note 14).
/// </remarks>
internal sealed class ScaledInverse(int size)
{
    private readonly DenseMatrix _inverse = new(size, size);
    private readonly double[] _scales = new double[size];
    private readonly double[] _pivotRow = new double[size];

    /// <summary>The last inverse, row-major.</summary>
    public ReadOnlySpan<double> Values => _inverse.Values;

    /// <summary>A row of the last inverse.</summary>
    public ReadOnlySpan<double> Row(int row) => _inverse.Row(row);

    /// <summary>
    /// Inverts <paramref name="matrix"/> + diag(<paramref name="diagonal"/>); returns the logarithm of its determinant, NaN if it is
    /// singular.
    /// </summary>
    public double Invert(DenseMatrix matrix, ReadOnlySpan<double> diagonal)
    {
        var determinant = new LogarithmOfProduct();
        for (var i = 0; i < size; i++)
        {
            var entry = matrix[i, i] + diagonal[i];
            if (!(entry > 0))
                return double.NaN;
            determinant.Multiply(entry);
            _scales[i] = 1 / Math.Sqrt(entry);
        }
        for (var i = 0; i < size; i++)
        {
            var row = _inverse.Row(i);
            var source = matrix.Row(i);
            for (var j = 0; j < size; j++)
                row[j] = source[j] * _scales[i];
            FixedOrder.Multiply(row, _scales, row);
            row[i] = 1;
        }
        for (var k = 0; k < size; k++)
        {
            var pivot = _inverse[k, k];
            if (!(pivot > 1e-15))
                return double.NaN;
            determinant.Multiply(pivot);
            Sweep(k, 1 / pivot);
        }
        for (var i = 0; i < size; i++)
        {
            Scale(_inverse.Row(i), _scales[i]);
        }
        return determinant.Value;
    }

    /// <summary>Multiplies a row by its scale and those of the columns.</summary>
    private void Scale(Span<double> row, double scale)
    {
        ref var to = ref MemoryMarshal.GetReference(row);
        ref var scales = ref MemoryMarshal.GetArrayDataReference(_scales);
        var factors = Vector256.Create(scale);
        var j = 0;
        for (; j + 4 <= row.Length; j += 4)
            (Vector256.LoadUnsafe(ref to, (nuint)j) * (factors * Vector256.LoadUnsafe(ref scales, (nuint)j))).StoreUnsafe(ref to, (nuint)j);
        for (; j < row.Length; j++)
            row[j] *= scale * _scales[j];
    }

    private void Sweep(int k, double inversePivot)
    {
        var own = _inverse.Row(k);
        own[k] = 1;
        for (var j = 0; j < own.Length; j++)
            own[j] *= inversePivot;
        own.CopyTo(_pivotRow);
        ref var pivotRow = ref MemoryMarshal.GetArrayDataReference(_pivotRow);
        for (var i = 0; i < size; i++)
        {
            var row = _inverse.Row(i);
            var factor = row[k];
            // Padding, and coordinates of other groups.
            if (i == k || factor == 0)
                continue;
            row[k] = 0;
            ref var to = ref MemoryMarshal.GetReference(row);
            var factors = Vector256.Create(-factor);
            var j = 0;
            for (; j + 4 <= row.Length; j += 4)
                (Vector256.LoadUnsafe(ref to, (nuint)j) + (factors * Vector256.LoadUnsafe(ref pivotRow, (nuint)j))).StoreUnsafe(
                    ref to,
                    (nuint)j
                );
            for (; j < row.Length; j++)
                row[j] -= factor * _pivotRow[j];
        }
    }
}
