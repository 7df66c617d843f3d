using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using HpcFit.Worker.Enhancing.Trees;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>From the weights of a fixel's connections by height to its scores in <see cref="Lanes"/> maps.</summary>
internal sealed class CfeScores
{
    /// <summary>The number of maps.</summary>
    public const int Lanes = 16;

    private readonly PowerFunction _extent;
    private readonly double[] _heights;

    /// <summary>The scores of a parametrization.</summary>
    public CfeScores(CfeParameters parameters)
    {
        _extent = new(parameters.E);
        var height = new PowerFunction(parameters.H);
        _heights = [.. Enumerable.Range(0, ReachedHeights.Limit + 1).Select(level => height.Of(level * parameters.Step))];
    }

    /// <summary>Sums from the highest bin down: extents, then the score. The registers' chains of additions run side by side.</summary>
    /// <param name="histograms">The weights by bin and map.</param>
    /// <param name="highest">The highest bin.</param>
    /// <param name="total">The fixel's connectivity to all fixels.</param>
    /// <param name="scores">Receives the scores.</param>
    public void Integrate(ReadOnlySpan<double> histograms, int highest, double total, Span<double> scores)
    {
        if (total == 0)
        {
            scores[..Lanes].Clear();
            return;
        }
        ref var sums = ref MemoryMarshal.GetReference(histograms[..((highest + 1) * Lanes)]);
        if (_extent.Exponent == 2)
            Integrate<Square>(new(), ref sums, highest, total, scores);
        else
            Integrate<Power>(new(_extent), ref sums, highest, total, scores);
    }

    private void Integrate<TPower>(TPower power, ref double histograms, int highest, double total, Span<double> scores)
        where TPower : struct, IExtentPower
    {
        Vector256<double> extents0 = default,
            extents1 = default,
            extents2 = default,
            extents3 = default;
        Vector256<double> sums0 = default,
            sums1 = default,
            sums2 = default,
            sums3 = default;
        ReadOnlySpan<double> heights = _heights.AsSpan(0, highest + 1);
        for (var level = highest; (uint)level < (uint)heights.Length && level >= 1; level--)
        {
            ref var sums = ref Unsafe.Add(ref histograms, level * Lanes);
            var height = Vector256.Create(heights[level]);
            extents0 += Vector256.LoadUnsafe(ref sums);
            extents1 += Vector256.LoadUnsafe(ref sums, 4);
            extents2 += Vector256.LoadUnsafe(ref sums, 8);
            extents3 += Vector256.LoadUnsafe(ref sums, 12);
            sums0 += power.Of(extents0) * height;
            sums1 += power.Of(extents1) * height;
            sums2 += power.Of(extents2) * height;
            sums3 += power.Of(extents3) * height;
        }
        (sums0 / total).CopyTo(scores);
        (sums1 / total).CopyTo(scores[4..]);
        (sums2 / total).CopyTo(scores[8..]);
        (sums3 / total).CopyTo(scores[12..]);
    }

    /// <summary>e^E of four extents.</summary>
    private interface IExtentPower
    {
        Vector256<double> Of(Vector256<double> extents);
    }

    private readonly struct Square : IExtentPower
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<double> Of(Vector256<double> extents) => extents * extents;
    }

    private readonly struct Power(PowerFunction function) : IExtentPower
    {
        public Vector256<double> Of(Vector256<double> extents) =>
            Vector256.Create(function.Of(extents[0]), function.Of(extents[1]), function.Of(extents[2]), function.Of(extents[3]));
    }
}
