using HpcFit.Shared.Runs;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Reads runs of elements of one scalar, for one thread. Owns its buffers; in the steady state it allocates nothing an element.
/// </summary>
public abstract class StripeReader : IDisposable
{
    /// <summary>Bytes of a piece: a part of a core's own cache, which also holds the next one on its way.</summary>
    private const long PieceBytes = 1 << 18;

    /// <summary>Elements of a piece at least, and in whole multiples: cache lines of the narrowest values.</summary>
    private const long PieceStep = 64;

    private ElementRange loaded;

    /// <summary>A reader of <paramref name="source"/>.</summary>
    private protected StripeReader(StripeSource source)
    {
        Source = source;
        var elements = PieceBytes / (source.Scalar.Subjects * source.Scalar.Type.MemorySize);
        ElementsPerPiece = (int)Math.Max(PieceStep, elements / PieceStep * PieceStep);
    }

    /// <summary>What it reads from.</summary>
    protected StripeSource Source { get; }

    /// <summary>
    /// Brings the values of all subjects at <paramref name="range"/> into memory. Each chunk that the range touches is read and inflated
    /// once: ask for whole stripes of <see cref="StripeSource.Plan"/>.
    /// </summary>
    /// <exception cref="CorruptChunkException">Stored values are damaged; the message names the elements.</exception>
    public void Load(ElementRange range)
    {
        if (range.First < 0 || range.Count < 1 || range.End > Source.Scalar.Elements)
            throw new ArgumentOutOfRangeException(nameof(range), $"Elements {range.First}..{range.End} do not lie in 0..{Source.Scalar.Elements}.");
        Source.Counters.AddStripe();
        loaded = range;
        LoadRange(range);
    }

    /// <summary>Tells that a range is going to be loaded by some reader soon, so that the disk works while this thread computes.</summary>
    public virtual void Expect(ElementRange range)
    {
    }

    /// <summary>The values at a part of what was loaded last, which stay valid until the next call.</summary>
    public StripeValues Values(ElementRange part)
    {
        if (part.First < loaded.First || part.Count < 1 || part.End > loaded.End)
            throw new ArgumentOutOfRangeException(nameof(part), $"Elements {part.First}..{part.End} do not lie in those loaded, {loaded.First}..{loaded.End}.");
        return ValuesOf(part);
    }

    /// <summary>How many elements to ask <see cref="Values"/> for at once, so that what comes is still in a core's own cache when it is used.</summary>
    public int ElementsPerPiece { get; }

    /// <summary>Loads a range and gives all of its values.</summary>
    /// <inheritdoc cref="Load"/>
    public StripeValues Read(ElementRange range)
    {
        Load(range);
        return ValuesOf(range);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Loads a range that was checked.</summary>
    protected abstract void LoadRange(ElementRange range);

    /// <summary>Values of a part that was checked.</summary>
    protected abstract StripeValues ValuesOf(ElementRange part);

    /// <summary>Frees what the reader holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
