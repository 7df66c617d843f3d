using System.Globalization;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Imaging.Mif;

/// <summary>
/// MRtrix's layout: for each axis, its rank among the strides (0: adjacent in the file) and the direction in which it is stored.
/// </summary>
internal static class MifLayout
{
    /// <summary>
    /// The strides in samples, and the sample of the first cell, which is the last along every axis that is stored backwards.
    /// </summary>
    /// <param name="layout">Such as <c>-0,-1,+2</c>.</param>
    /// <param name="shape">Number of cells along each axis.</param>
    /// <param name="path">The file, for messages.</param>
    public static (long[] Strides, long Origin) Strides(string layout, IReadOnlyList<int> shape, string path)
    {
        var ranks = layout.Split(',', StringSplitOptions.TrimEntries).Select(Parse).ToArray();
        if (ranks.Length != shape.Count || !ranks.Select(rank => rank.Rank).Order().SequenceEqual(Enumerable.Range(0, shape.Count)))
            throw new BadInputException(
                $"'{path}' has the line 'layout: {layout}'; the ranks 0 to {shape.Count - 1} with signs were expected, one for each "
                    + $"of its {shape.Count} axes."
            );
        var strides = new long[shape.Count];
        long stride = 1,
            origin = 0;
        foreach (var axis in Enumerable.Range(0, shape.Count).OrderBy(axis => ranks[axis].Rank))
        {
            strides[axis] = ranks[axis].Backwards ? -stride : stride;
            if (ranks[axis].Backwards)
                origin += stride * (shape[axis] - 1);
            stride *= shape[axis];
        }
        return (strides, origin);
    }

    private static (int Rank, bool Backwards) Parse(string text)
    {
        var digits = text.AsSpan(text.StartsWith('-') || text.StartsWith('+') ? 1 : 0);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var rank)
            ? (rank, text.StartsWith('-'))
            : (-1, false);
    }
}
