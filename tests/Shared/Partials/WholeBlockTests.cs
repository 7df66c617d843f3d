using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;

namespace HpcFit.Shared.Tests.Partials;

/// <summary>Blocks that carry bytes besides their columns and are used as a whole or not at all.</summary>
public sealed class WholeBlockTests : IDisposable
{
    private const int Bytes = 20_000_000; // more than a divided frame would hold
    private static readonly BlockShape Shape = new(2, Bytes, Units: 1000, TotalElements: 50_000);
    private readonly PartialFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Columns_and_bytes_are_read_back_and_overlapping_blocks_count_once()
    {
        var (one, other) = (Write("a", (0, 256), (256, 512)), Write("b", (256, 512), (200, 300)));
        var coverage = Coverage.Read([one, other], PartialFiles.Digest, Shape, blocksAreWhole: true, CancellationToken.None);
        coverage.LeftOut.ShouldBeEmpty();
        coverage.Elements.ShouldBe(ElementSet.From(0, 512));
        coverage.Slices.Select(slice => slice.Elements).ShouldBe([new(0, 256), new(256, 512)]);
        using var reader = new PartialColumns();
        var column = new double[256];
        reader.ReadColumn(coverage.Slices[1], 1, column);
        column[7].ShouldBe(PartialFiles.Value(1, 263));
        var tail = new byte[3];
        reader.ReadBytes(coverage.Slices[1].Block, Shape.Columns, Bytes - 3, tail);
        tail.ShouldBe([unchecked((byte)(Bytes - 3)), unchecked((byte)(Bytes - 2)), unchecked((byte)(Bytes - 1))]);
    }

    [Fact]
    public void A_changed_byte_makes_the_block_count_as_not_done()
    {
        var path = Write("a", (0, 256), (256, 512));
        using (var file = File.Open(path, FileMode.Open))
        {
            file.Position = Bytes / 2;
            file.WriteByte(0xee);
        }
        var coverage = Coverage.Read([path], PartialFiles.Digest, Shape, blocksAreWhole: true, CancellationToken.None);
        coverage.Elements.ShouldBe(ElementSet.From(256, 512));
        coverage.LeftOut.ShouldHaveSingleItem().ShouldContain("not complete blocks");
    }

    [Fact]
    public void Attempts_that_differ_are_refused()
    {
        var (one, other) = (Write("a", (0, 256)), Write("b", offset: 1, (0, 256)));
        Should
            .Throw<PartialConflictException>(() =>
                Coverage.Read([one, other], PartialFiles.Digest, Shape, blocksAreWhole: true, CancellationToken.None)
            )
            .Message.ShouldContain("different results for units");
    }

    private string Write(string name, params (long First, long End)[] blocks) => Write(name, 0, blocks);

    private string Write(string name, int offset, params (long First, long End)[] blocks)
    {
        var path = _files.Path(name);
        using var writer = PartialWriter.Create(path, new(PartialFiles.Digest, new(new(1), new(0), "00000000"), "host", ["a", "b"]));
        var bytes = new byte[Bytes];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(i + offset);
        foreach (var (first, end) in blocks)
        {
            var count = (int)(end - first);
            var columns = new double[2 * count];
            for (var i = 0; i < columns.Length; i++)
                columns[i] = PartialFiles.Value(i / count, first + (i % count));
            writer.AppendWhole(new(new(first, end), columns, new ElementStatus[count]), bytes, new(new(0, 50_000), new byte[16]));
        }
        writer.Complete();
        return path;
    }
}
