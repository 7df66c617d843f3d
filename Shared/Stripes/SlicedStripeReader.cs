using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// Reads a scalar whose chunks are too large for memory: streams the range's slice out of each chunk. The digest is that of the values.
/// </summary>
internal sealed class SlicedStripeReader : ChunkGridReader
{
    private readonly ChunkSlicer _slicer;

    /// <summary>A reader of a source that <see cref="StripeSource.SlicesChunks"/>.</summary>
    public SlicedStripeReader(StripeSource source)
        : base(source) => _slicer = new(source, Grid);

    /// <inheritdoc/>
    protected override void LoadRange(ElementRange range)
    {
        Start(range);
        foreach (var number in Grid.Numbers(range))
        {
            var part = Grid.Part(number, range);
            Place(Slice(number, part), 0, part);
        }
        DigestValues(Buffer.Values(range));
    }

    /// <inheritdoc/>
    protected override void DigestRange(ElementRange range) => LoadRange(range);

    private StoredBlock? Slice(long number, in ChunkPart part) =>
        Source.Scalar.IsTransposed
            ? _slicer.Slice(number, part.First, part.Count, 0, part.Subjects)
            : _slicer.Slice(number, 0, part.Subjects, part.First, part.Count);
}
