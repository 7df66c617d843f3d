namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>Bytes of a file, half-open.</summary>
/// <param name="Start">The first byte.</param>
/// <param name="End">One past the last byte.</param>
internal readonly record struct ByteRange(long Start, long End)
{
    /// <summary>The number of bytes.</summary>
    public long Length => End - Start;

    /// <summary>
    /// The parts of [0, <paramref name="length"/>) that none of the ranges contains, ascending and disjoint. The ranges may overlap and be
    /// in any order.
    /// </summary>
    public static IReadOnlyList<ByteRange> Outside(IEnumerable<ByteRange> ranges, long length)
    {
        var gaps = new List<ByteRange>();
        var reached = 0L;
        foreach (var range in ranges.OrderBy(range => range.Start))
        {
            if (range.Start > reached)
                gaps.Add(new(reached, Math.Min(range.Start, length)));
            reached = Math.Max(reached, range.End);
            if (reached >= length)
                return gaps;
        }
        gaps.Add(new(reached, length));
        return gaps;
    }
}
