using HpcFit.Shared.Elements;

namespace HpcFit.Worker.Pipeline;

/// <summary>Takes a block apart at elements that are not to be published.</summary>
internal static class BlockParts
{
    /// <summary>The runs of elements whose status is none of <paramref name="left"/>, each as a block of its own.</summary>
    public static IReadOnlyList<(ElementRange Elements, double[] Columns, ElementStatus[] Status)> Without(
        ReadOnlySpan<ElementStatus> left,
        ElementRange range,
        ReadOnlySpan<double> columns,
        ReadOnlySpan<ElementStatus> status
    )
    {
        var parts = new List<(ElementRange, double[], ElementStatus[])>();
        for (var first = 0; first < status.Length; first++)
        {
            var end = first;
            while (end < status.Length && !left.Contains(status[end]))
                end++;
            if (end > first)
                parts.Add(
                    (
                        new(range.First + first, range.First + end),
                        Columns(columns, status.Length, first, end - first),
                        status[first..end].ToArray()
                    )
                );
            first = end;
        }
        return parts;
    }

    private static double[] Columns(ReadOnlySpan<double> columns, int stride, int first, int count)
    {
        var part = new double[columns.Length / stride * count];
        for (var column = 0; column < columns.Length / stride; column++)
            columns.Slice((column * stride) + first, count).CopyTo(part.AsSpan(column * count));
        return part;
    }
}
