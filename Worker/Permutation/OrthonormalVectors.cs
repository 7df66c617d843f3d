using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// Orthonormal vectors of a small space, by Gram-Schmidt with one repetition, which is enough (Giraud et al. 2005, Numer. Math. 101:87).
/// </summary>
/// <param name="dimension">The dimension of the space.</param>
internal sealed class OrthonormalVectors(int dimension)
{
    /// <summary>Vectors with a smaller part outside of the others are combinations of them.</summary>
    private const double Tolerance = 1e-9;

    private readonly List<double[]> _vectors = [];

    /// <summary>The vectors, in the order in which they were added.</summary>
    public IReadOnlyList<double[]> Vectors => _vectors;

    /// <summary>Adds the part of a vector of about unit length that is outside of the others, normalised.</summary>
    /// <returns>Whether there is such a part.</returns>
    public bool Add(ReadOnlySpan<double> vector)
    {
        if (_vectors.Count == dimension)
            return false;
        var rest = vector.ToArray();
        for (var pass = 0; pass < 2; pass++)
            foreach (var other in _vectors)
                Subtract(rest, other, Sequential.Dot(rest, other));
        var length = Math.Sqrt(Sequential.Dot(rest, rest));
        if (!(length > Tolerance))
            return false;
        for (var i = 0; i < rest.Length; i++)
            rest[i] /= length;
        _vectors.Add(rest);
        return true;
    }

    /// <summary>The length of the part of a vector that is inside the span.</summary>
    public double LengthInside(ReadOnlySpan<double> vector)
    {
        var squares = 0.0;
        foreach (var one in _vectors)
        {
            var product = Sequential.Dot(one, vector);
            squares += product * product;
        }
        return Math.Sqrt(squares);
    }

    private static void Subtract(Span<double> from, ReadOnlySpan<double> vector, double factor)
    {
        for (var i = 0; i < from.Length; i++)
            from[i] -= factor * vector[i];
    }
}
