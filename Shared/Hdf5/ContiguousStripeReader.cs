using HpcFit.Shared.Runs;

namespace HpcFit.Shared.Hdf5;

/// <summary>Reads a contiguous scalar: one positional read a subject, or one in all when elements are the rows.</summary>
internal sealed class ContiguousStripeReader : StripeReader
{
    private readonly StripeBuffer buffer;
    private byte[] row = [];

    /// <summary>A reader of a contiguous source.</summary>
    public ContiguousStripeReader(StripeSource source) : base(source) =>
        buffer = new(source.Scalar.Type, source.Scalar.IsTransposed, checked((int)source.Scalar.Subjects));

    /// <inheritdoc/>
    protected override void LoadRange(ElementRange range)
    {
        var scalar = Source.Scalar;
        var (subjects, elements) = ((int)scalar.Subjects, checked((int)range.Count));
        buffer.Start(range);
        if (scalar.Layout.Offset is not { } offset) buffer.Fill(scalar.Layout.FillValue, 0, subjects, 0, elements);
        else if (scalar.IsTransposed)
        {
            // Whole disk rows, some at a time: the elements of the range lie side by side.
            var together = (int)Math.Clamp(StripePlan.SmallestStripeBytes / (subjects * scalar.Type.Size), 1, elements);
            for (var first = 0; first < elements; first += together)
            {
                var rows = Math.Min(together, elements - first);
                var block = Fetch(offset, (range.First + first) * subjects, rows * subjects, subjects, range);
                buffer.Place(block, 0, rows, 0, subjects, 0, first);
            }
        }
        else
        {
            for (var subject = 0; subject < subjects; subject++)
            {
                var block = Fetch(offset, (subject * scalar.Elements) + range.First, elements, elements, range);
                buffer.Place(block, 0, 1, 0, elements, subject, 0);
            }
        }
    }

    /// <inheritdoc/>
    protected override StripeValues ValuesOf(ElementRange part) => buffer.Values(part);

    private StoredBlock Fetch(long offset, long firstValue, int values, int width, ElementRange range)
    {
        var bytes = checked(values * Source.Scalar.Type.Size);
        if (row.Length < bytes) row = GC.AllocateUninitializedArray<byte>(bytes);
        var position = offset + (firstValue * Source.Scalar.Type.Size);
        var read = PositionalRead.Fill(Source.Data, row.AsSpan(0, bytes), position);
        if (read < bytes) throw Source.Corrupt("A part", range, $"the file ends {bytes - read:N0} bytes before the values at {position:N0}.");
        Source.Counters.AddRead(bytes);
        return new(row.AsMemory(0, bytes), width, values, IsShuffled: false);
    }
}
