using System.IO.Hashing;
using System.Runtime.InteropServices;
using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// Reads ranges of elements of one scalar, for one thread. Owns its buffers; in the steady state it allocates nothing per element.
/// </summary>
public abstract class StripeReader : IDisposable
{
    /// <summary>Bytes of a piece: a part of a core's own cache, which also holds what is prefetched for the next piece.</summary>
    private const long PieceBytes = 1 << 18;

    /// <summary>A piece has a multiple of so many elements: whole cache lines of the narrowest values.</summary>
    private const long PieceStep = 64;

    private readonly byte[] _digest = new byte[DigestBytes];
    private ElementRange _loaded;

    /// <summary>Bytes of <see cref="Digest"/>.</summary>
    public const int DigestBytes = 16;

    /// <summary>A reader of <paramref name="source"/>.</summary>
    private protected StripeReader(StripeSource source)
    {
        Source = source;
        var elements = PieceBytes / (source.Scalar.Subjects * source.Scalar.Type.MemorySize);
        ElementsPerPiece = (int)Math.Max(PieceStep, elements / PieceStep * PieceStep);
    }

    /// <summary>The scalar that is read.</summary>
    protected StripeSource Source { get; }

    /// <summary>The digest in progress.</summary>
    private protected XxHash128 Stored { get; } = new();

    /// <summary>
    /// XxHash128 of what <see cref="Load"/> or <see cref="DigestOnly"/> read last: of the stored bytes, in the order of the file's chunks
    /// or rows; of the values where only the library reads the layout, or a chunk is too large for memory. It depends only on the range and
    /// the file.
    /// </summary>
    public ReadOnlySpan<byte> Digest => _digest;

    /// <summary>
    /// Loads the values of all subjects at <paramref name="range"/>. Each chunk that overlaps the range is read and inflated once per call:
    /// load whole stripes of <see cref="StripeSource.Plan"/>.
    /// </summary>
    /// <exception cref="CorruptChunkException">Stored values are damaged; the message names the elements.</exception>
    public void Load(ElementRange range)
    {
        if (range.First < 0 || range.Count < 1 || range.End > Source.Scalar.Elements)
            throw new ArgumentOutOfRangeException(
                nameof(range),
                $"Elements {range.First}..{range.End} are not within 0..{Source.Scalar.Elements}."
            );
        Source.Counters.AddStripe();
        _loaded = range;
        Stored.Reset();
        LoadRange(range);
        Stored.GetHashAndReset(_digest);
    }

    /// <summary>
    /// Digests a range as <see cref="Load"/> does, without inflating where stored bytes are digested. Nothing is loaded afterwards.
    /// </summary>
    /// <exception cref="CorruptChunkException">The stored bytes cannot be read.</exception>
    public void DigestOnly(ElementRange range)
    {
        _loaded = default;
        Stored.Reset();
        DigestRange(range);
        Stored.GetHashAndReset(_digest);
    }

    /// <summary>
    /// Serves the values that another reader of the same scalar has loaded, from another thread, until one of the two loads again: a range
    /// that several threads fit is read and inflated once.
    /// </summary>
    /// <param name="loaded">The other reader. It must not load again while these values are used.</param>
    public void Share(StripeReader loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        if (!ReferenceEquals(loaded.Source, Source))
            throw new ArgumentException(
                $"A reader of '{loaded.Source.Scalar.Name}' has no values of '{Source.Scalar.Name}'.",
                nameof(loaded)
            );
        _loaded = loaded._loaded;
        loaded._digest.CopyTo(_digest, 0);
        ShareRange(loaded);
    }

    /// <summary>Announces a range that some reader will load soon, so that the disk works while this thread computes.</summary>
    public virtual void Prefetch(ElementRange range) { }

    /// <summary>The values at some of the elements that were loaded last. Valid until the next call.</summary>
    public ScalarValues Values(ElementRange part)
    {
        if (part.First < _loaded.First || part.Count < 1 || part.End > _loaded.End)
            throw new ArgumentOutOfRangeException(
                nameof(part),
                $"Elements {part.First}..{part.End} are not within those loaded, {_loaded.First}..{_loaded.End}."
            );
        return ValuesOf(part);
    }

    /// <summary>
    /// How many elements to request from <see cref="Values"/> at once, so that their values are still in the core's own cache when used.
    /// </summary>
    public int ElementsPerPiece { get; }

    /// <summary>Loads a range and returns all of its values.</summary>
    /// <inheritdoc cref="Load"/>
    public ScalarValues Read(ElementRange range)
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

    /// <summary>Loads and digests a valid range.</summary>
    protected abstract void LoadRange(ElementRange range);

    /// <summary>Takes over what another reader has loaded, without copying it.</summary>
    protected abstract void ShareRange(StripeReader loaded);

    /// <summary>Digests a valid range.</summary>
    protected abstract void DigestRange(ElementRange range);

    /// <summary>The values of a valid part.</summary>
    protected abstract ScalarValues ValuesOf(ElementRange part);

    /// <summary>Digests values as <see cref="Values"/> returns them.</summary>
    private protected void DigestValues(ScalarValues values)
    {
        for (var subject = 0; subject < Source.Scalar.Subjects; subject++)
        {
            Stored.Append(
                values.AreSingles
                    ? MemoryMarshal.AsBytes(values.Singles.Span.Slice(subject * values.Stride, values.Count))
                    : MemoryMarshal.AsBytes(values.Doubles.Span.Slice(subject * values.Stride, values.Count))
            );
        }
    }

    /// <summary>Frees what the reader holds.</summary>
    protected virtual void Dispose(bool disposing) { }
}
