using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Stripes;
using HpcFit.Shared.Tests.Hdf5;

namespace HpcFit.Shared.Tests.Stripes;

public sealed class StripeReaderTests(LayoutFiles files) : IClassFixture<LayoutFiles>
{
    public static TheoryData<string> PlainScalars =>
        [
            "column_f4",
            "column_f8",
            "tiles_f4",
            "tiles_f8_transposed",
            "rows_f4_transposed",
            "one_chunk",
            "shuffle_only",
            "chunks_only",
            "fletcher",
            "skipped_filters",
            "missing",
            "never",
            "block_chunked",
            "block_contiguous",
            "fixed_array",
            "single_chunk",
            "extensible",
            "implicit",
            .. Enumerable.Range(0, 10).SelectMany(level => new[] { $"gzip{level}_shuffle", $"gzip{level}" }),
            .. new[]
            {
                "<f4",
                ">f4",
                "<f8",
                ">f8",
                "i1",
                "u1",
                "<i2",
                ">i2",
                "<u2",
                ">u2",
                "<i4",
                ">i4",
                "<u4",
                ">u4",
                "<i8",
                ">i8",
                "<u8",
                ">u8",
            }.SelectMany(type => new[] { "chunked" + type, "contiguous" + type, "turned" + type }),
        ];

    [Theory]
    [MemberData(nameof(PlainScalars))]
    public void PlainLayoutsReadAsH5pyReadsThemWithHdf5Closed(string name)
    {
        foreach (var inflater in LibdeflateInflater.IsAvailable ? new[] { "zlib", "libdeflate" } : ["zlib"])
        {
            using var source = Reading.Open(files.FileOf(name), name);
            source.Mode.ShouldBe(ReadMode.Positional);
            Reading.Whole(source, inflater).ShouldBe(files.Expected(name));
        }
    }

    [Theory]
    [InlineData("half")]
    [InlineData("scaleoffset")]
    [InlineData("szip")]
    [InlineData("lzf")]
    [InlineData("szip_transposed")]
    [InlineData("external")]
    [InlineData("compact")]
    public void UnsupportedLayoutsAreReadThroughTheLibrary(string name)
    {
        using var source = Reading.Open(files.FileOf(name), name);
        source.Mode.ShouldBe(ReadMode.Library);
        Reading.Whole(source).ShouldBe(files.Expected(name));
    }

    [Theory]
    [InlineData("column_f4")]
    [InlineData("one_chunk")]
    [InlineData("tiles_f8_transposed")]
    [InlineData("rows_f4_transposed")]
    [InlineData("chunks_only")]
    [InlineData("shuffle_only")]
    [InlineData("skipped_filters")]
    [InlineData("missing")]
    [InlineData("chunked>i2")]
    [InlineData("fletcher")]
    public void ChunksBeyondTheStripeMemoryAreStreamedInSlices(string name)
    {
        using var source = Reading.Open(files.FileOf(name), name, stripeMemory: 2_000);
        source.Plan.SlicesPerChunkColumn.ShouldBeGreaterThan(1);
        source.Plan.Advice!.ShouldContain("--stripe-memory");
        source.SlicesChunks.ShouldBeTrue();
        Reading.Whole(source).ShouldBe(files.Expected(name));
    }

    [Theory]
    [InlineData("tiles_f4")]
    [InlineData("tiles_f8_transposed")]
    [InlineData("contiguous>f4")]
    [InlineData("turned<i2")]
    public void RangesThatIgnoreTheStripesReadTheSameValues(string name)
    {
        using var source = Reading.Open(files.FileOf(name), name);
        var expected = files.Expected(name);
        using var reader = source.CreateReader();
        foreach (var (first, end) in new[] { (0L, 1L), (31, 33), (5, 200), (300, 301), (64, 96) })
        {
            var read = reader.Read(new(first, end));
            for (var i = 0; i < source.Scalar.Subjects; i++)
            {
                for (var e = 0; e < read.Count; e++)
                {
                    var value = read.Doubles.IsEmpty ? read.Singles.Span[(i * read.Stride) + e] : read.Doubles.Span[(i * read.Stride) + e];
                    value.ShouldBe(expected[(i * source.Scalar.Elements) + first + e]);
                }
            }
        }
        Should.Throw<ArgumentOutOfRangeException>(() => reader.Read(new(300, 302)));
    }

    /// <summary>
    /// A cache line of a row is identified by its last byte: of the next 64 values in a plane of a shuffled chunk, or of 64 bytes of values
    /// otherwise.
    /// </summary>
    [Theory]
    [InlineData("one_chunk", 301, 1, 4)]
    [InlineData("gzip4", 100, 4, 1)]
    public void APieceLocatesTheBytesOfTheNextOne(string name, int end, int bytesTogether, int planes)
    {
        using var source = Reading.Open(files.FileOf(name), name);
        using var reader = source.CreateReader();
        reader.Load(new(0, end));
        for (var first = 0; first < end; first += 64)
        {
            var coming = reader.Values(new(first, Math.Min(end, first + 64))).Prefetch;
            var count = Math.Max(0, Math.Min(64, end - first - 64));
            var linesOfPlane = ((count * bytesTogether) + 63) / 64;
            coming.Lines.ShouldBe(planes * linesOfPlane);
            if (count == 0)
                continue;
            var lines = Enumerable.Range(0, coming.Lines).Select(line => Column(coming, line)).ToList();
            var next = reader.Values(new(first + 64, first + 64 + count));
            for (var line = 0; line < coming.Lines; line++)
            {
                var at = Math.Min(((line % linesOfPlane) * 64) + 63, (count * bytesTogether) - 1);
                for (var i = 0; i < source.Scalar.Subjects; i++)
                    lines[line]
                        [i]
                        .ShouldBe(
                            BitConverter.GetBytes(next.Singles.Span[(i * next.Stride) + (at / bytesTogether)])[
                                (line / linesOfPlane) + (at % bytesTogether)
                            ]
                        );
            }
        }

        byte[] Column(PrefetchHint coming, int line)
        {
            var column = new byte[source.Scalar.Subjects];
            var cursor = coming.Start(line, [0]);
            foreach (ref var value in column.AsSpan())
            {
                value = cursor.Value;
                PrefetchHint.Cursor.Next(ref cursor);
            }
            return column;
        }
    }

    [Theory]
    [InlineData("column_f4")]
    [InlineData("tiles_f4")]
    [InlineData("rows_f4_transposed")]
    public void EachStoredByteIsReadOnceAndEachChunkInflatedOnce(string name)
    {
        using var source = Reading.Open(files.FileOf(name), name);
        var indexing = source.Counters.LibraryCalls;
        Reading.Whole(source);
        var grid = new ChunkGrid(source.Scalar);
        source.Counters.BytesRead.ShouldBe(source.Scalar.Layout.StoredBytes);
        source.Counters.Chunks.ShouldBe(grid.Count);
        source.Counters.BytesInflated.ShouldBe(grid.Count * source.ChunkBytes);
        source.Counters.Stripes.ShouldBe(source.Plan.Count);
        source.Counters.LibraryCalls.ShouldBe(indexing);
    }

    [Fact]
    public void SlicingInflatesAChunkOnceASlice()
    {
        using var source = Reading.Open(files.FileOf("one_chunk"), "one_chunk", stripeMemory: 2_000);
        Reading.Whole(source);
        source.Counters.BytesInflated.ShouldBe(source.Plan.Count * source.ChunkBytes);
    }

    [Theory]
    [InlineData("column_f4", "libdeflate", 0)]
    [InlineData("column_f4", "zlib", 4096)]
    [InlineData("tiles_f8_transposed", "libdeflate", 0)]
    public void SteadyStateAllocatesNothingPerElement(string name, string inflater, long bytesPerChunk)
    {
        if (inflater == "libdeflate" && !LibdeflateInflater.IsAvailable)
            return;
        using var source = Reading.Open(files.FileOf(name), name);
        using var reader = new ChunkedStripeReader(source, Inflaters.Create(inflater));
        for (var warm = 0; warm < 3; warm++)
            reader.Read(source.Plan.Range(0));
        var chunks = source.Counters.Chunks;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5; i++)
            reader.Read(source.Plan.Range(0));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        allocated.ShouldBeLessThanOrEqualTo(bytesPerChunk * (source.Counters.Chunks - chunks));
    }

    [Fact]
    public void PositionalSourceLeavesOneDescriptorOnTheFile()
    {
        var path = files.FileOf("block_chunked");
        using var source = Reading.Open(path, "block_chunked");
        Directory.GetFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget).Count(target => target == path).ShouldBe(1);
    }

    [Fact]
    public void ManyThreadsReadOneSource()
    {
        using var source = Reading.Open(files.FileOf("szip"), "szip");
        var expected = files.Expected("szip");
        Parallel.For(0, 16, _ => Reading.Whole(source).ShouldBe(expected));
    }
}
