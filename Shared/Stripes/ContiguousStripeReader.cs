using HpcFit.Shared.Elements;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Stripes;

/// <summary>Reads a contiguous scalar: one positional read per subject, or a few in all when elements are the rows.</summary>
internal sealed class ContiguousStripeReader : StripeReader
{
    private readonly StripeBuffer _buffer;
    private StripeBuffer _filled;
    private byte[] _row = [];

    /// <summary>A reader of a contiguous source.</summary>
    public ContiguousStripeReader(StripeSource source)
        : base(source) =>
        _filled = _buffer = new(
            source.Scalar.Type,
            source.Scalar.IsTransposed,
            checked((int)source.Scalar.Subjects),
            source.Scalar.Missing
        );

    /// <inheritdoc/>
    protected override void LoadRange(ElementRange range)
    {
        _filled = _buffer;
        _buffer.Start(range);
        if (Source.Scalar.Layout.Offset is null)
            _buffer.Fill(Source.Scalar.Layout.FillValue, 0, (int)Source.Scalar.Subjects, 0, checked((int)range.Count));
        else
            ForEachBlock(
                range,
                static (reader, block, rows, columns, subject, element) =>
                    reader._buffer.Place(block, 0, rows, 0, columns, subject, element)
            );
    }

    /// <inheritdoc/>
    protected override void DigestRange(ElementRange range)
    {
        if (Source.Scalar.Layout.Offset is not null)
            ForEachBlock(range, static (_, _, _, _, _, _) => { });
    }

    /// <inheritdoc/>
    protected override void ShareRange(StripeReader loaded) => _filled = ((ContiguousStripeReader)loaded)._filled;

    /// <inheritdoc/>
    protected override ScalarValues ValuesOf(ElementRange part) => _filled.Values(part);

    /// <summary>
    /// Reads a range and passes on its blocks: disk rows, disk columns, first subject, and first element counted from the range's.
    /// </summary>
    private void ForEachBlock(ElementRange range, Action<ContiguousStripeReader, StoredBlock, int, int, int, int> action)
    {
        var scalar = Source.Scalar;
        var (offset, subjects, elements) = (scalar.Layout.Offset!.Value, (int)scalar.Subjects, checked((int)range.Count));
        if (scalar.IsTransposed)
        {
            // Whole disk rows, some at a time: the elements of the range are contiguous.
            var together = (int)Math.Clamp(StripePlan.SmallestStripeBytes / (subjects * scalar.Type.Size), 1, elements);
            for (var first = 0; first < elements; first += together)
            {
                var rows = Math.Min(together, elements - first);
                var block = Fetch(offset, (range.First + first) * subjects, rows * subjects, subjects, range);
                action(this, block, rows, subjects, 0, first);
            }
        }
        else
        {
            for (var subject = 0; subject < subjects; subject++)
            {
                var block = Fetch(offset, (subject * scalar.Elements) + range.First, elements, elements, range);
                action(this, block, 1, elements, subject, 0);
            }
        }
    }

    private StoredBlock Fetch(long offset, long firstValue, int values, int width, ElementRange range)
    {
        var bytes = checked(values * Source.Scalar.Type.Size);
        if (_row.Length < bytes)
            _row = GC.AllocateUninitializedArray<byte>(bytes);
        var position = offset + (firstValue * Source.Scalar.Type.Size);
        var read = PositionalRead.Fill(Source.Data, _row.AsSpan(0, bytes), position);
        if (read < bytes)
            throw Source.Corrupt("A part", range, $"the file ends {bytes - read:N0} bytes before the values at {position:N0}.");
        Source.Counters.AddRead(bytes);
        Stored.Append(_row.AsSpan(0, bytes));
        return new(_row.AsMemory(0, bytes), width, values, IsShuffled: false);
    }
}
