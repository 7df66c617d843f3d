namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>Bytes of a file, half-open.</summary>
/// <param name="Start">The first.</param>
/// <param name="End">One behind the last.</param>
internal readonly record struct ByteRange(long Start, long End)
{
    /// <summary>How many.</summary>
    public long Length => End - Start;

    /// <summary>
    /// What of [0, <paramref name="length"/>) none of the ranges holds, ascending and disjoint. The ranges may overlap and come in any
    /// order.
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
