using System.Text.Json;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Tests;

namespace HpcFit.Shared.Tests.Partials;

public sealed class PartialFileTests : IDisposable
{
    private readonly PartialFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Appended_blocks_are_read_back()
    {
        var coverage = PartialFiles.Cover(_files.Write("a", (0, 50), (100, 7)), _files.Write("b", (50, 50)));
        coverage.Elements.ShouldBe(ElementSet.From(0, 107));
        coverage.LeftOut.ShouldBeEmpty();
        foreach (var slice in coverage.Slices)
            PartialFiles.ShouldHoldKnownValues(slice);
    }

    [Fact]
    public void A_file_is_never_made_twice()
    {
        _files.Write("a", (0, 1));
        Should.Throw<IOException>(() => _files.Write("a", (0, 1)));
    }

    [Fact]
    public void Overlapping_attempts_count_each_element_once()
    {
        var coverage = PartialFiles.Cover(_files.Write("a", (0, 50), (60, 10)), _files.Write("b", (0, 50), (40, 30), (65, 20)));
        coverage.Slices.Sum(slice => slice.Elements.Count).ShouldBe(85);
        coverage.Elements.ShouldBe(ElementSet.From(0, 85));
        foreach (var slice in coverage.Slices)
            PartialFiles.ShouldHoldKnownValues(slice);
    }

    [Fact]
    public void Attempts_that_disagree_stop_the_merge_and_are_named()
    {
        var a = _files.Write("a", (0, 50));
        var b = _files.Write(
            "b",
            PartialFiles.Digest,
            (column, element) => PartialFiles.Value(column, element) + (element == 44 ? 1 : 0),
            (40, 20)
        );
        Should
            .Throw<PartialConflictException>(() => PartialFiles.Cover(a, b))
            .Message.ShouldSatisfyAllConditions(
                message => message.ShouldContain(a),
                message => message.ShouldContain(b),
                message => message.ShouldContain("41:50")
            );
    }

    [Fact]
    public void Another_runs_file_is_named_and_left_out()
    {
        var coverage = PartialFiles.Cover(
            _files.Write("mine", (0, 5)),
            _files.Write("theirs", "fedcba9876543210", PartialFiles.Value, (5, 5))
        );
        coverage.Elements.ShouldBe(ElementSet.From(0, 5));
        coverage
            .LeftOut.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(message => message.ShouldContain("theirs"), message => message.ShouldContain("fedcba987654"));
    }

    [Fact]
    public void Another_format_is_named_and_left_out()
    {
        var path = _files.Write("other", (0, 5));
        var bytes = File.ReadAllBytes(path);
        bytes[16].ShouldBe((byte)4, "the format number follows the signature");
        foreach (byte other in (ReadOnlySpan<byte>)[1, 2, 3, 5])
        {
            bytes[16] = other;
            File.WriteAllBytes(path, bytes);
            var scan = PartialFiles.Scan(path);
            scan.Blocks.ShouldBeEmpty();
            scan.LeftOut!.ShouldContain($"format {other}; this program reads 4");
        }
    }

    [Theory]
    [InlineData(16, 0xff, "header")] // the format: -1
    [InlineData(16, 0xc0, "header")] // nil
    [InlineData(17, 0xc0, "header")] // the run digest: nil
    [InlineData(17, 0xdb, "header")] // a string of a gigabyte
    [InlineData(0, 0xdd, "header")] // an array with more values than bytes
    public void A_header_of_other_values_is_damage_and_costs_no_block(int at, byte value, string named)
    {
        var path = _files.Write("damaged", (0, 5));
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
            RandomAccess.Write(file, [value], at);
        var scan = PartialFiles.Scan(path);
        scan.LeftOut!.ShouldContain("damaged " + named);
        scan.Blocks.ShouldHaveSingleItem().Elements.ShouldBe(new(0, 5));
    }

    [Theory]
    [InlineData(11, 0xff)] // the first element: -1
    [InlineData(11, 0xc0)] // nil
    [InlineData(12, 0x00)] // no elements
    [InlineData(13, 0xdb)] // a string for the columns
    [InlineData(13, 0xc6)] // a length of 4 bytes
    public void A_frame_of_other_values_is_damage_and_costs_no_other_block(int at, byte value)
    {
        var path = _files.Write("damaged", (0, 5), (5, 5));
        var frame = File.ReadAllBytes(path).AsSpan().IndexOf((ReadOnlySpan<byte>)[0x99, 0xc4, 8, 0xf1, 0x8e]);
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
            RandomAccess.Write(file, [value], frame + at);
        var scan = PartialFiles.Scan(path);
        scan.LeftOut!.ShouldContain("are not complete blocks");
        scan.Blocks.ShouldHaveSingleItem().Elements.ShouldBe(new(5, 10));
    }

    [Fact]
    public void A_torn_tail_costs_the_block_in_flight_only()
    {
        var path = _files.Write("torn", (0, 50), (50, 50), (100, 50));
        using (var file = File.OpenWrite(path))
            file.SetLength(file.Length - 40);
        PartialFiles.Cover(path).Elements.ShouldBe(ElementSet.From(0, 100));
    }

    [Fact]
    public void Damaged_blocks_cost_nothing_but_themselves()
    {
        var path = _files.Write("holes", [.. Enumerable.Range(0, 40).Select(block => (block * 10, 10))]);
        var whole = PartialFiles.Scan(path).Blocks;
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
        {
            foreach (var damaged in new[] { 17, 18, 30 })
                RandomAccess.Write(file, [0xa5], whole[damaged].ColumnsOffset + 3);
        }
        PartialFiles.Scan(path).Blocks.ShouldBe(whole.Where((_, block) => block is not (17 or 18 or 30)));
    }

    [Fact]
    public void A_part_of_a_block_is_written_like_a_block_of_its_own()
    {
        var whole = new ResultBlock(new(0, 5), Enumerable.Range(0, 15).Select(i => (double)i).ToArray(), new ElementStatus[5]);
        var copy = new ResultBlock(new(1, 4), new double[] { 1, 2, 3, 6, 7, 8, 11, 12, 13 }, new ElementStatus[3]);
        Written("part", whole.Slice(new(1, 4))).ShouldBe(Written("copy", copy));

        byte[] Written(string name, ResultBlock block)
        {
            var header = new PartialHeader(PartialFiles.Digest, new(new(1), new(0), "00000000"), "host", ["a", "b", "c"]);
            using (var writer = PartialWriter.Create(_files.Path(name), header))
            {
                writer.Append(block);
                writer.Complete();
            }
            return File.ReadAllBytes(_files.Path(name));
        }
    }

    [Fact]
    public void Blocks_of_another_width_are_refused()
    {
        var header = new PartialHeader(PartialFiles.Digest, new(new(1), new(0), "00000000"), "host", ["a", "b", "c"]);
        using var writer = PartialWriter.Create(_files.Path("width"), header);
        Should
            .Throw<ArgumentException>(() => writer.Append(new(new(0, 2), new double[4], new ElementStatus[2])))
            .Message.ShouldContain("2 columns; 3 columns");
    }

    [Fact]
    public void Large_blocks_are_cut_into_bounded_frames()
    {
        var path = _files.Path("large");
        const int count = 900_000;
        var columns = new double[3 * count];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = i;
        using (var writer = PartialWriter.Create(path, new(PartialFiles.Digest, new(new(1), new(0), "00000000"), "host", ["a", "b", "c"])))
        {
            writer.Append(new(new(0, count), columns, new ElementStatus[count]));
            writer.Complete();
        }
        var coverage = Coverage.Read([path], PartialFiles.Digest, new(3, 0, count, count), blocksAreWhole: false, CancellationToken.None);
        coverage.Slices.Count.ShouldBe(2);
        coverage.Elements.ShouldBe(ElementSet.From(0, count));
        using var reader = new PartialColumns();
        var last = new double[coverage.Slices[1].Elements.Count];
        reader.ReadColumn(coverage.Slices[1], 2, last);
        last[^1].ShouldBe(columns[^1]);
    }

    [Fact]
    public void Any_MessagePack_library_reads_it()
    {
        var path = _files.Write("a", (7, 2));
        var other = _files.Write("b", new StripeDigest(new(5, 15), Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()), (7, 2));
        const string script = """
            import sys, json, msgpack, struct, xxhash
            h, f = list(msgpack.Unpacker(open(sys.argv[1], 'rb')))
            _, g = list(msgpack.Unpacker(open(sys.argv[2], 'rb')))
            text = h[2].encode() + struct.pack('<6q', f[1], f[2], len(h[5]), f[5], f[6], len(f[7])) + f[7] + f[3] + f[4]
            checksum = struct.pack('<Q', xxhash.xxh3_64_intdigest(text))
            print(json.dumps([h[0], h[1], h[5], f[1], f[2], list(struct.unpack('<6d', f[3])), list(f[4]), f[5], f[6], len(f[7]), f[8] == checksum, g[5], g[6], list(g[7]) == list(range(32))]))
            """;
        var answer = JsonDocument.Parse(PythonScript.Run(script, path, other).Output).RootElement.GetRawText();
        answer.ShouldBe(
            """["hpcfit-partial", 4, ["a", "b", "c"], 7, 2, [7.0, 8.0, 1007.0, 1008.0, 2007.0, 2008.0], [1, 2], 0, 0, 0, true, 5, 10, true]"""
        );
    }

    [Fact]
    public void The_digests_of_a_block_are_stored_with_it()
    {
        var read = new StripeDigest(new(0, 40), new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 });
        var block = PartialFiles.Scan(_files.Write("a", read, (10, 5))).Blocks.ShouldHaveSingleItem();
        block.Read.Elements.ShouldBe(read.Elements);
        block.Read.Scalars.ToArray().ShouldBe(read.Scalars.ToArray());
    }

    [Fact]
    public void Blocks_of_one_stripe_that_were_read_from_different_bytes_are_refused_and_named()
    {
        var (before, after) = (
            new StripeDigest(new(0, 40), new byte[16]),
            new StripeDigest(new(0, 40), Enumerable.Repeat((byte)1, 16).ToArray())
        );
        var first = _files.Write("a", before, (0, 20));
        var message = Should.Throw<BadInputException>(() => PartialFiles.Cover(first, _files.Write("b", after, (20, 20)))).Message;
        message.ShouldContain("stored values of elements 1:40");
        message.ShouldContain("--run-dir");
        PartialFiles.Cover(first, _files.Write("c", before, (20, 20))).Elements.Count.ShouldBe(40);
    }
}
