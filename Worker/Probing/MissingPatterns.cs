using System.Diagnostics;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Inputs;
using HpcFit.Worker.Models;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.Probing;

/// <summary>
/// Counts the distinct patterns of missing subjects in a sample of a run: an engine may have to factor a design for each.
/// </summary>
internal static class MissingPatterns
{
    private const int Stripes = 8;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Samples up to eight evenly spaced stripes, fewer when they take long. Damaged stripes are skipped: the fit reports them.
    /// </summary>
    /// <returns>
    /// The number of distinct patterns, of elements with some but not all of the subjects that the model can use, and of elements in the
    /// sample.
    /// </returns>
    public static (long Patterns, long Incomplete, long Elements) Count(RunModel model, IReadOnlyList<StripePiece> pieces)
    {
        var started = Stopwatch.GetTimestamp();
        var seen = new HashSet<ulong>();
        var isUsable = new bool[model.Scalars[0].SubjectRows.Length];
        foreach (var row in model.Engine.CompleteRows ?? [.. Enumerable.Range(0, isUsable.Length)])
            isUsable[row] = true;
        long incomplete = 0,
            elements = 0;
        using var reader = new BlockReader(model.Scalars);
        var samples = Math.Min(Stripes, pieces.Count);
        for (var sample = 0; sample < samples && Stopwatch.GetElapsedTime(started) < Budget; sample++)
        {
            var piece = pieces[(int)((long)sample * pieces.Count / samples)];
            try
            {
                reader.Load(piece.Span);
            }
            catch (CorruptChunkException)
            {
                continue;
            }
            var block = reader.Read(piece.Span);
            Add(seen, block, piece);
            incomplete += CountIncomplete(block, piece, isUsable);
            elements += piece.Count;
        }
        return (seen.Count, incomplete, elements);
    }

    /// <summary>Counts elements that miss a usable subject, of those that have any: others are outside every analysis.</summary>
    private static long CountIncomplete(ScalarBlock block, StripePiece piece, bool[] isUsable)
    {
        var (anyMissing, anyFinite) = (new bool[block.Count], new bool[block.Count]);
        for (var scalar = 0; scalar < block.Scalars.Length; scalar++)
        for (var subject = 0; subject < isUsable.Length; subject++)
        {
            if (!isUsable[subject])
                continue;
            var values = block.Scalars.Span[scalar];
            for (var element = 0; element < anyMissing.Length; element++)
            {
                var isFinite = double.IsFinite(values[block.SubjectRows[scalar][subject], element]);
                anyMissing[element] |= !isFinite;
                anyFinite[element] |= isFinite;
            }
        }
        long count = 0;
        foreach (var range in piece.Ranges.Span)
            for (var element = (int)(range.First - piece.Span.First); element < range.End - piece.Span.First; element++)
                count += anyMissing[element] && anyFinite[element] ? 1 : 0;
        return count;
    }

    private static void Add(HashSet<ulong> seen, ScalarBlock block, StripePiece piece)
    {
        var patterns = new ulong[block.Count];
        for (var scalar = 0; scalar < block.Scalars.Length; scalar++)
        {
            var values = block.Scalars.Span[scalar];
            foreach (var row in block.SubjectRows[scalar])
            {
                if (values.AreSingles)
                    Mix(patterns, values.Singles.Span.Slice(row * values.Stride, patterns.Length));
                else
                    Mix(patterns, values.Doubles.Span.Slice(row * values.Stride, patterns.Length));
            }
        }
        foreach (var range in piece.Ranges.Span)
        {
            foreach (var pattern in patterns.AsSpan((int)(range.First - piece.Span.First), (int)range.Count))
                seen.Add(pattern);
        }
    }

    /// <summary>Adds one subject to every element's hash (FNV-1a over one byte per subject).</summary>
    private static void Mix<T>(Span<ulong> patterns, ReadOnlySpan<T> values)
        where T : System.Numerics.IFloatingPoint<T>
    {
        for (var i = 0; i < patterns.Length; i++)
            patterns[i] = (patterns[i] ^ (T.IsFinite(values[i]) ? 1UL : 2UL)) * 0x100000001B3;
    }
}
