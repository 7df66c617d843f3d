using HpcFit.Shared.Elements;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Stripes;

/// <summary>What readers of chunked scalars share: the grid, the values of a range, and placing chunks in them.</summary>
internal abstract class ChunkGridReader : StripeReader
{
    /// <summary>A smaller chunk costs less to read than to prefetch.</summary>
    private const long MinPrefetchBytes = 1 << 16;

    /// <summary>A reader of a chunked source.</summary>
    private protected ChunkGridReader(StripeSource source)
        : base(source)
    {
        var scalar = source.Scalar;
        Grid = new(scalar);
        Loaded = Buffer = new(scalar.Type, scalar.IsTransposed, checked((int)scalar.Subjects), scalar.Missing);
    }

    /// <summary>The scalar's chunks.</summary>
    protected ChunkGrid Grid { get; }

    /// <summary>This reader's own values.</summary>
    protected StripeBuffer Buffer { get; }

    /// <summary>The values of the range that was loaded last: this reader's own, or those of another reader that it shares.</summary>
    protected StripeBuffer Loaded { get; private set; }

    /// <inheritdoc/>
    public override void Prefetch(ElementRange range)
    {
        if (Source.Index is not { } index)
            return;
        foreach (var number in Grid.Numbers(range))
        {
            var location = index[number];
            if (location.IsStored && location.Size >= MinPrefetchBytes)
                PositionalRead.Prefetch(Source.Data, location.Address, location.Size);
        }
    }

    /// <inheritdoc/>
    protected override void ShareRange(StripeReader loaded) => Loaded = ((ChunkGridReader)loaded).Loaded;

    /// <inheritdoc/>
    protected override ScalarValues ValuesOf(ElementRange part) => Loaded.Values(part);

    /// <summary>Starts to fill this reader's own values.</summary>
    protected void Start(ElementRange range)
    {
        Loaded = Buffer;
        Buffer.Start(range);
    }

    /// <summary>Places a chunk's values of a part.</summary>
    /// <param name="block">The values; null when the chunk was never written, so that they are the fill value.</param>
    /// <param name="first">The part's first element in the block.</param>
    /// <param name="part">The part.</param>
    protected void Place(in StoredBlock? block, int first, in ChunkPart part)
    {
        if (block is not { } values)
            Buffer.Fill(Source.Scalar.Layout.FillValue, part.Subject, part.Subjects, part.Offset, part.Count);
        else if (Source.Scalar.IsTransposed)
            Buffer.Place(values, first, part.Count, 0, part.Subjects, part.Subject, part.Offset);
        else
            Buffer.Place(values, 0, part.Subjects, first, part.Count, part.Subject, part.Offset);
    }
}
