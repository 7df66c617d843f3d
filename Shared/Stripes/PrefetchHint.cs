namespace HpcFit.Shared.Stripes;

/// <summary>
/// Where the bytes stand that the next values are going to be made of, cache line by cache line of every row. A hint for loops that compute
/// with the values at hand: one line touched a row brings the next ones nearer while nothing else waits for memory. Empty where there is
/// nothing to touch.
/// </summary>
/// <param name="bytes">What holds them.</param>
/// <param name="first">The first row's first byte, of the first plane.</param>
/// <param name="count">Bytes of a row in a plane, from 1.</param>
/// <param name="pitch">Bytes from one row to the next.</param>
/// <param name="planes">How many planes: bytes of a value where they are shuffled, else 1.</param>
/// <param name="plane">Bytes from one plane to the next.</param>
public readonly struct PrefetchHint(ReadOnlyMemory<byte> bytes, long first, int count, int pitch, int planes, long plane)
{
    private const int Line = 64;

    /// <summary>How many lines a row spans.</summary>
    public int Lines => planes * LinesOfPlane;

    /// <summary>Bytes from a line of one row to that of the next.</summary>
    public int Pitch => pitch;

    private int LinesOfPlane => (count + Line - 1) / Line;

    /// <summary>
    /// The first row's line of a number below <see cref="Lines"/>, by its last byte: the line's beginning was fetched with what stands
    /// before it.
    /// </summary>
    public ref readonly byte FirstOf(int line)
    {
        var (number, inPlane) = Math.DivRem(line, LinesOfPlane);
        var at = first + (number * plane) + Math.Min((inPlane * Line) + Line - 1, count - 1);
        return ref bytes.Span[checked((int)at)];
    }
}
