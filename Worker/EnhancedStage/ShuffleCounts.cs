using System.Numerics;
using System.Runtime.InteropServices;

namespace HpcFit.Worker.EnhancedStage;

/// <summary>
/// Counts per element how many enhanced maps are at least, at most, and in absolute value at least the unpermuted map. NaN counts as
/// neither.
/// </summary>
/// <remarks>
/// Compared exactly: shuffled statistics that tie with the unpermuted one have its bits before they are rounded to float32 and enhanced.
/// </remarks>
internal static class ShuffleCounts
{
    /// <summary>Elements that are counted at once: their counters stay in the core's first cache.</summary>
    public const int Chunk = 2048;

    /// <summary>Counts at consecutive elements.</summary>
    /// <param name="unpermuted">The unpermuted map at these elements, at most <see cref="Chunk"/>.</param>
    /// <param name="maps">All enhanced maps, one after the other.</param>
    /// <param name="first">The first of the elements.</param>
    /// <param name="length">The length of a map.</param>
    /// <param name="counters">Memory for three counters per element.</param>
    public static void Count(ReadOnlySpan<float> unpermuted, ReadOnlySpan<float> maps, int first, int length, Span<int> counters)
    {
        var count = unpermuted.Length;
        var atLeast = counters[..count];
        var atMost = counters.Slice(Chunk, count);
        var asExtreme = counters.Slice(2 * Chunk, count);
        atLeast.Clear();
        atMost.Clear();
        asExtreme.Clear();
        for (var map = first; map < maps.Length; map += length)
            Add(unpermuted, maps.Slice(map, count), atLeast, atMost, asExtreme);
    }

    private static void Add(
        ReadOnlySpan<float> unpermuted,
        ReadOnlySpan<float> shuffled,
        Span<int> atLeast,
        Span<int> atMost,
        Span<int> asExtreme
    )
    {
        var s = MemoryMarshal.Cast<float, Vector<float>>(unpermuted);
        var t = MemoryMarshal.Cast<float, Vector<float>>(shuffled);
        var more = MemoryMarshal.Cast<int, Vector<int>>(atLeast);
        var less = MemoryMarshal.Cast<int, Vector<int>>(atMost);
        var extreme = MemoryMarshal.Cast<int, Vector<int>>(asExtreme);
        // A comparison that holds is -1 as an integer.
        for (var i = 0; i < s.Length; i++)
        {
            more[i] -= Vector.GreaterThanOrEqual(t[i], s[i]);
            less[i] -= Vector.LessThanOrEqual(t[i], s[i]);
            extreme[i] -= Vector.GreaterThanOrEqual(Vector.Abs(t[i]), Vector.Abs(s[i]));
        }
        for (var i = s.Length * Vector<float>.Count; i < unpermuted.Length; i++)
        {
            atLeast[i] += shuffled[i] >= unpermuted[i] ? 1 : 0;
            atMost[i] += shuffled[i] <= unpermuted[i] ? 1 : 0;
            asExtreme[i] += Math.Abs(shuffled[i]) >= Math.Abs(unpermuted[i]) ? 1 : 0;
        }
    }
}
