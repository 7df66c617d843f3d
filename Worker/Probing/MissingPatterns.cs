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
    /// <returns>The number of distinct patterns, and what is missing at the elements of the sample.</returns>
    public static (long Patterns, MissingSample Sample) Count(RunModel model, IReadOnlyList<StripePiece> pieces)
    {
        var started = Stopwatch.GetTimestamp();
        var seen = new HashSet<ulong>();
        var subjects = model.Scalars[0].SubjectRows.Length;
        var missing = new MissingCounts(model.Engine.FittedRows ?? [.. Enumerable.Range(0, subjects)], subjects);
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
            missing.Add(block, piece);
        }
        return (seen.Count, missing.Sample(model.Elements.Count));
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
