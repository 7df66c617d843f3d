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
    private readonly double[] _factors = new double[size]; // of the pivot row: 0 in padding, and in coordinates of other groups

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
            FixedOrder.Scale(_scales[i], matrix.Row(i), row);
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
        var values = _inverse.Values;
        for (int i = 0, at = k; i < size; i++, at += size)
            _factors[i] = i == k ? 0 : -values[at];
        ref var to = ref MemoryMarshal.GetArrayDataReference(values);
        var inverse = Vector256.Create(inversePivot);
        var own = (nuint)(k * size);
        // Single entries are exchanged in registers: loading a register from memory just after storing a part of it would wait.
        var j = 0;
        for (; j + 12 <= size; j += 12)
        {
            Vector256<double> first = Entry(k - j),
                second = Entry(k - j - 4),
                third = Entry(k - j - 8);
            var at = (nuint)j;
            var one = Vector256.ConditionalSelect(first, Vector256<double>.One, Vector256.LoadUnsafe(ref to, own + at)) * inverse;
            var two = Vector256.ConditionalSelect(second, Vector256<double>.One, Vector256.LoadUnsafe(ref to, own + at + 4)) * inverse;
            var three = Vector256.ConditionalSelect(third, Vector256<double>.One, Vector256.LoadUnsafe(ref to, own + at + 8)) * inverse;
            one.StoreUnsafe(ref to, own + at);
            two.StoreUnsafe(ref to, own + at + 4);
            three.StoreUnsafe(ref to, own + at + 8);
            foreach (var factor in _factors)
            {
                if (factor != 0)
                {
                    var factors = Vector256.Create(factor);
                    (Vector256.AndNot(Vector256.LoadUnsafe(ref to, at), first) + (factors * one)).StoreUnsafe(ref to, at);
                    (Vector256.AndNot(Vector256.LoadUnsafe(ref to, at + 4), second) + (factors * two)).StoreUnsafe(ref to, at + 4);
                    (Vector256.AndNot(Vector256.LoadUnsafe(ref to, at + 8), third) + (factors * three)).StoreUnsafe(ref to, at + 8);
                }
                at += (nuint)size;
            }
        }
        for (; j + 4 <= size; j += 4)
        {
            var first = Entry(k - j);
            var at = (nuint)j;
            var one = Vector256.ConditionalSelect(first, Vector256<double>.One, Vector256.LoadUnsafe(ref to, own + at)) * inverse;
            one.StoreUnsafe(ref to, own + at);
            foreach (var factor in _factors)
            {
                if (factor != 0)
                    (Vector256.AndNot(Vector256.LoadUnsafe(ref to, at), first) + (Vector256.Create(factor) * one)).StoreUnsafe(ref to, at);
                at += (nuint)size;
            }
        }
        for (; j < size; j++)
        {
            var one = values[(k * size) + j] = (j == k ? 1 : values[(k * size) + j]) * inversePivot;
            for (var i = 0; i < size; i++)
                if (_factors[i] != 0)
                    values[(i * size) + j] = (j == k ? 0 : values[(i * size) + j]) + (_factors[i] * one);
        }
    }

    /// <summary>All bits of entry <paramref name="index"/> of a register, if it has one.</summary>
    private static Vector256<double> Entry(int index) => Vector256.Equals(Vector256.Create(0.0, 1, 2, 3), Vector256.Create((double)index));
}
