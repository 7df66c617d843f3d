using System.Runtime.InteropServices;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Tests.Running;

/// <summary>A block that tests both sides holds what one that tests one side has.</summary>
public sealed class OneSidedBlocksTests
{
    private const int Shuffles = 9;

    /// <summary>Positive, negative, a negative statistic without support, none, outside.</summary>
    private static readonly float[] Map = [2, -3, -0f, 0, float.NaN];

    [Theory]
    [InlineData(nameof(TestedSide.Upper), new[] { 2, 0, 0, 0, float.NaN }, new[] { 4, 9, 9, 9, 0 })]
    [InlineData(nameof(TestedSide.Lower), new[] { 0, -3, -0f, 0, float.NaN }, new[] { 9, 5, 9, 9, 0 })]
    [InlineData(nameof(TestedSide.Both), new[] { 2, -3, -0f, 0, float.NaN }, new[] { 7, 7, 7, 7, 0 })]
    public void The_other_side_is_0_and_counts_are_those_of_the_side(string side, float[] map, int[] asExtreme)
    {
        // The second hypothesis stays as it is.
        var layout = new EnhancedBlock(2, Map.Length, HasStatistics: true);
        var (columns, bytes) = (Enumerable.Range(1, layout.Columns * Shuffles).Select(i => (double)i).ToArray(), new byte[layout.Bytes]);
        Array.Fill(bytes, (byte)77);
        for (var hypothesis = 0; hypothesis < 2; hypothesis++)
        {
            Map.CopyTo(Of<float>(bytes, layout.MapAt(hypothesis)));
            ushort[][] counts =
            [
                [4, 4, 4, 4, 0],
                [5, 5, 5, 5, 0],
                [7, 7, 7, 7, 0],
            ];
            foreach (var (which, values) in counts.Index())
                values.CopyTo(Of<ushort>(bytes, layout.CountsAt(hypothesis, which)));
        }
        var (columnsBefore, bytesBefore) = ((double[])columns.Clone(), (byte[])bytes.Clone());

        var tested = Enum.Parse<TestedSide>(side);
        new OneSidedBlocks(layout, [tested, TestedSide.Both]).Convert(columns, bytes, Shuffles);
        Of<float>(bytes, layout.MapAt(0))
            .ToArray()
            .Select(BitConverter.SingleToInt32Bits)
            .ShouldBe(map.Select(BitConverter.SingleToInt32Bits));
        Of<ushort>(bytes, layout.CountsAt(0, EnhancedBlock.AsExtreme)).ToArray().Select(count => (int)count).ShouldBe(asExtreme);
        columns[..Shuffles].ShouldBe(tested == TestedSide.Lower ? new double[Shuffles] : columnsBefore[..Shuffles], "the largest values");
        columns[Shuffles..(2 * Shuffles)]
            .ShouldBe(tested == TestedSide.Upper ? new double[Shuffles] : columnsBefore[Shuffles..(2 * Shuffles)], "the least ones");
        columns[(2 * Shuffles)..].ShouldBe(columnsBefore[(2 * Shuffles)..], "the second hypothesis, and the statistics themselves");
        bytes[(int)layout.StatisticCountsAt(0, 0)..].ShouldBe(bytesBefore[(int)layout.StatisticCountsAt(0, 0)..]);
    }

    [Fact]
    public void The_stage_of_both_sides_is_that_of_the_run_without_an_alternative()
    {
        using var run = new TestRun(shuffles: 300);
        RunDocument Stage(string? alternative, string? form)
        {
            var document = run.Stage!.Document;
            var model = document.Spec.Model with
            {
                Permutation = new() { Count = 300, Alternative = alternative },
                Enhancement = new() { Enhance = EnhancementSpec.Tfce, TfceLike = form },
            };
            var spec = document.Spec with { Model = model };
            return document with { Spec = spec, Digest = RunDigest.ComputeStage(spec, document.Inputs, document.Stage!) };
        }
        OneSidedBlocks.DigestOfBoth(Stage(PermutationSpec.Less, "palm")).ShouldBe(Stage(null, "palm").Digest);
        OneSidedBlocks.DigestOfBoth(Stage(null, "palm")).ShouldBeNull("both sides are tested");
        OneSidedBlocks.DigestOfBoth(Stage(PermutationSpec.Less, "nilearn")).ShouldBeNull("its heights depend on both signs");
        OneSidedBlocks.DigestOfBoth(run.Stage!.Document).ShouldBeNull("no permutation tests");
    }

    private static Span<T> Of<T>(byte[] bytes, long at)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes.AsSpan((int)at))[..Map.Length];
}
