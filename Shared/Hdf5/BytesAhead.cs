namespace HpcFit.Shared.Hdf5;

/// <summary>
/// The shuffled bytes that the next piece of values is made of. Whoever computes with a piece asks the processor for them on the way, a cache line
/// a row: when their turn comes, they are in the core's own cache. The default has none.
/// </summary>
/// <param name="Bytes">The bytes, from the next piece's first new cache line on.</param>
/// <param name="Pitch">Bytes from one row to the next.</param>
/// <param name="Plane">Bytes from one plane of the shuffle to the next.</param>
/// <param name="Planes">How many planes: bytes of a value.</param>
public readonly record struct BytesAhead(ReadOnlyMemory<byte> Bytes, int Pitch, int Plane, int Planes)
{
    /// <summary>Bytes that come into the cache together.</summary>
    public const int CacheLine = 64;

    /// <summary>
    /// One cache line of every row, the first row's at the beginning and the others <see cref="Pitch"/> bytes apart; empty behind the last. Numbers
    /// go through the planes first, then along the row: the n-th <see cref="CacheLine"/> / <see cref="Planes"/> values of a row have a line n each.
    /// </summary>
    public ReadOnlySpan<byte> Line(int number)
    {
        if (Bytes.IsEmpty) return default;
        var at = (number % Planes * Plane) + (number / Planes * CacheLine);
        return at < Bytes.Length ? Bytes.Span[at..] : default;
    }
}
