using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// Pairs the maps of each half of a register by the number of heights that a fixel reaches: the lowest with the highest, the second lowest
/// with the second highest, and so on. Then the products of both numbers are small.
/// </summary>
internal static class LaneOrder
{
    /// <summary>Maps of a half.</summary>
    private const int Half = 16;

    /// <summary>Per distance, which lane is compared with each, and 1 where that lane comes first among equals.</summary>
    private static readonly (byte[] Lanes, byte[] IsEarlier)[] Distances = [.. Enumerable.Range(1, Half - 1).Select(Distance)];

    /// <summary>The order of the lanes.</summary>
    /// <param name="heights">The numbers of heights, 0 to 123.</param>
    /// <returns>
    /// For each position its lane in the half: those with even positions ascend, each is followed by the lane with which it is paired.
    /// </returns>
    public static Vector256<byte> Arrange(Vector256<sbyte> heights)
    {
        var ranks = Vector256<sbyte>.Zero;
        foreach (var (lanes, isEarlier) in Distances)
        {
            var others = Shuffle(heights.AsByte(), Vector256.LoadUnsafe(ref lanes[0])).AsSByte();
            // A comparison that holds is -1.
            ranks -= Vector256.GreaterThan(heights + Vector256.LoadUnsafe(ref isEarlier[0]).AsSByte(), others);
        }
        var doubled = ranks + ranks;
        var isHigh = Vector256.GreaterThan(ranks, Vector256.Create((sbyte)((Half / 2) - 1)));
        var places = Vector256.ConditionalSelect(isHigh, Vector256.Create((sbyte)((2 * Half) - 1)) - doubled, doubled).AsByte();
        Span<byte> place = stackalloc byte[2 * Half];
        Span<byte> lane = stackalloc byte[2 * Half];
        places.CopyTo(place);
        for (byte one = 0; one < Half; one++)
        {
            lane[place[one] & (Half - 1)] = one;
            lane[Half + (place[Half + one] & (Half - 1))] = one;
        }
        return Vector256.Create<byte>(lane);
    }

    /// <summary>Selects bytes within each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Shuffle(Vector256<byte> values, Vector256<byte> lanes) =>
        Avx2.IsSupported
            ? Avx2.Shuffle(values, lanes)
            : Vector256.Create(
                Vector128.Shuffle(values.GetLower(), lanes.GetLower()),
                Vector128.Shuffle(values.GetUpper(), lanes.GetUpper())
            );

    private static (byte[] Lanes, byte[] IsEarlier) Distance(int distance)
    {
        int[] lanes = [.. Enumerable.Range(0, 2 * Half).Select(lane => lane % Half)];
        return (
            [.. lanes.Select(lane => (byte)((lane + distance) % Half))],
            [.. lanes.Select(lane => (byte)(lane + distance >= Half ? 1 : 0))]
        );
    }
}
