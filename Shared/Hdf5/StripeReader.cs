using HpcFit.Shared.Runs;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Reads runs of elements of one scalar, for one thread. Owns its buffers; in the steady state it allocates nothing an element.
/// </summary>
public abstract class StripeReader : IDisposable
{
    /// <summary>A reader of <paramref name="source"/>.</summary>
    private protected StripeReader(StripeSource source) => Source = source;

    /// <summary>What it reads from.</summary>
    protected StripeSource Source { get; }

    /// <summary>
    /// The values of all subjects at <paramref name="range"/>. Each chunk that the range touches is read and inflated once: ask for whole
    /// stripes of <see cref="StripeSource.Plan"/>.
    /// </summary>
    /// <returns>Values that stay valid until the next call.</returns>
    /// <exception cref="CorruptChunkException">Stored values are damaged; the message names the elements.</exception>
    public StripeValues Read(ElementRange range)
    {
        if (range.First < 0 || range.Count < 1 || range.End > Source.Scalar.Elements)
            throw new ArgumentOutOfRangeException(nameof(range), $"Elements {range.First}..{range.End} do not lie in 0..{Source.Scalar.Elements}.");
        Source.Counters.AddStripe();
        return ReadRange(range);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads a range that was checked.</summary>
    protected abstract StripeValues ReadRange(ElementRange range);

    /// <summary>Frees what the reader holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
