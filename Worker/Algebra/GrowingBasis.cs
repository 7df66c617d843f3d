namespace HpcFit.Worker.Algebra;

/// <summary>An orthonormal basis to which vectors are appended. A reused workspace.</summary>
/// <param name="columns">The largest number of components, and of vectors.</param>
internal sealed class GrowingBasis(int columns)
{
    private readonly double[] _vectors = new double[columns * columns];
    private int _size;

    /// <summary>The number of vectors.</summary>
    public int Count { get; private set; }

    /// <summary>Removes all vectors.</summary>
    /// <param name="size">The number of components of those that follow.</param>
    public void Clear(int size) => (_size, Count) = (size, 0);

    /// <summary>A vector of the basis.</summary>
    public ReadOnlySpan<double> Vector(int index) => _vectors.AsSpan(index * _size, _size);

    /// <summary>
    /// Appends the part of a vector that is orthogonal to the basis, normalised. Orthogonalising twice is enough (Giraud et al. 2005).
    /// </summary>
    /// <param name="vector">The vector, which is replaced by that part.</param>
    /// <param name="tolerance">A part that is not longer, relative to the vector, is not appended.</param>
    /// <returns>The length of the part; 0 if it is not appended.</returns>
    public double Append(Span<double> vector, double tolerance)
    {
        var length = Math.Sqrt(Sequential.Dot(vector, vector));
        for (var pass = 0; pass < 2; pass++)
        for (var i = 0; i < Count; i++)
        {
            var direction = Vector(i);
            var share = Sequential.Dot(direction, vector);
            for (var k = 0; k < vector.Length; k++)
                vector[k] -= share * direction[k];
        }
        var rest = Math.Sqrt(Sequential.Dot(vector, vector));
        if (!(rest > tolerance * length) || Count == _size)
            return 0;
        for (var k = 0; k < vector.Length; k++)
            _vectors[(Count * _size) + k] = vector[k] / rest;
        Count++;
        return rest;
    }
}
