using System.Runtime.InteropServices;
using HpcFit.Coordinator.Merging;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Tests.Merging;

/// <summary>Enhanced maps of 4 elements and 600 shuffles, whose values are known, in blocks as attempts leave them.</summary>
public sealed class EnhancedResultsTests : IDisposable
{
    private const int Elements = 4;
    private const int Shuffles = 600;
    private static readonly EnhancedBlock Block = new(2, Elements);
    private readonly TestRun _run = new(Elements, Shuffles);
    private readonly RunDirectory _stage;

    public EnhancedResultsTests()
    {
        var document = _run.Stage!.Document;
        var folder = Path.Combine(_run.Directory.Root, "own");
        _stage = RunDirectory.CreateOrOpen(
            folder,
            document with
            {
                Layout = new(["a", "b", "c", "d"], []) { BytesPerBlock = Block.Bytes },
                Digest = document.Digest,
            }
        );
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public void P_values_are_fractions_of_all_shuffles_whatever_the_blocks()
    {
        Write((0, 256));
        Write((256, 300), (256, 512));
        Write((512, 600));
        using var results = Read();
        for (var h = 0; h < 2; h++)
        {
            var maps = Enumerable.Range(0, Shuffles).Select(k => Map(h, k)).ToList();
            results.UnpermutedMap(h).ShouldBe(maps[0]);
            var maxima = maps.ConvertAll(map => map.Where(value => !float.IsNaN(value)).Max(Math.Abs));
            var (perm, fwe) = (results.PermutationP(h), results.FamilyWiseP(h));
            for (var e = 0; e < Elements; e++)
            {
                var s = Math.Abs(maps[0][e]);
                perm[e].ShouldBe(float.IsNaN(s) ? double.NaN : (double)maps.Count(map => Math.Abs(map[e]) >= s) / Shuffles);
                fwe[e].ShouldBe(float.IsNaN(s) ? double.NaN : (double)maxima.Count(most => most >= s) / Shuffles);
            }
            results.Maxima(h)[411].ShouldBe((maps[411].Max(Positive), maps[411].Max(value => Positive(-value))));
        }
    }

    [Fact]
    public void Missing_shuffles_are_named()
    {
        Write((0, 256), (512, 600));
        Should
            .Throw<IncompleteRunException>(() => Read())
            .Message.ShouldContain("256 of 600 shuffles of the stage 'enhanced' have no result");
    }

    [Fact]
    public void Blocks_with_different_unpermuted_maps_are_refused()
    {
        Write((0, 256), (256, 512));
        Write(change: 1, (512, 600));
        using var results = Read();
        Should.Throw<PartialConflictException>(() => results.UnpermutedMap(1)).Message.ShouldContain("different unpermuted maps");
    }

    private static double Positive(float value) => Math.Max(0, float.IsNaN(value) ? 0 : value);

    private static float[] Map(int hypothesis, int shuffle) =>
        [.. Enumerable.Range(0, Elements).Select(e => e == 2 ? float.NaN : (((shuffle * 7) + (e * 3) + hypothesis) % 23) - 9)];

    private EnhancedResults Read() => new(Coverage.Read(_stage, CancellationToken.None), _stage.Document);

    private void Write(params (int First, int End)[] blocks) => Write(0, blocks);

    private void Write(float change, params (int First, int End)[] blocks)
    {
        var attempt = AttemptId.New(new(1), new(0));
        using var partial = PartialWriter.Create(
            _stage.PartialFile(attempt),
            PartialHeader.Create(_stage.Document.Digest, attempt, "node7", _stage.Document.Layout)
        );
        foreach (var (first, end) in blocks)
        {
            var count = end - first;
            var (columns, bytes) = (new double[4 * count], new byte[Block.Bytes]);
            for (var h = 0; h < 2; h++)
            {
                var unpermuted = Map(h, 0);
                var maps = Enumerable.Range(first, count).Select(k => Map(h, k)).ToList();
                for (var k = 0; k < count; k++)
                {
                    columns[(2 * h * count) + k] = maps[k].Max(Positive);
                    columns[(((2 * h) + 1) * count) + k] = -maps[k].Max(value => Positive(-value));
                }
                Put(Block.MapAt(h), Array.ConvertAll(unpermuted, value => value + change));
                Put(Block.CountsAt(h, EnhancedBlock.AtLeast), Counts(maps, (value, s) => value >= s));
                Put(Block.CountsAt(h, EnhancedBlock.AtMost), Counts(maps, (value, s) => value <= s));
                Put(Block.CountsAt(h, EnhancedBlock.AsExtreme), Counts(maps, (value, s) => Math.Abs(value) >= Math.Abs(s)));

                ushort[] Counts(List<float[]> of, Func<float, float, bool> holds) =>
                    [.. Enumerable.Range(0, Elements).Select(e => (ushort)of.Count(map => holds(map[e], unpermuted[e])))];
            }
            partial.AppendWhole(new(new(first, end), columns, new ElementStatus[count]), bytes, default);

            void Put<T>(long at, T[] values)
                where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(bytes.AsSpan((int)at));
        }
        partial.Complete();
    }
}
