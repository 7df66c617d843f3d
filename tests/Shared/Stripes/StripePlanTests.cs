using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Stripes;

namespace HpcFit.Shared.Tests.Stripes;

public sealed class StripePlanTests
{
    [Theory]
    [InlineData(1000, 600_000, 1050, 1000, 1050)] // ModelArrayIO: one column of 4.2 MB
    [InlineData(1000, 600_000, 32, 32, 256)] // hdf5r's 32 x 32: 8 columns of 128 kB
    [InlineData(100, 5_000, 64, 100, 2_560)] // 25.6 kB per column: 40 columns
    [InlineData(10, 1_000, 100, 10, 1_000)] // smaller than a stripe: all of it
    public void StripeIsTheSmallestRunOfChunkColumnsOfAMegabyte(
        long subjects,
        long elements,
        long chunkElements,
        long chunkSubjects,
        long expected
    )
    {
        foreach (var transposed in new[] { false, true })
        {
            var plan = StripePlan.For(Chunked(subjects, elements, chunkSubjects, chunkElements, transposed));
            plan.ElementsPerStripe.ShouldBe(expected);
            plan.SlicesPerChunkColumn.ShouldBe(1);
            plan.Advice.ShouldBeNull();
        }
    }

    [Fact]
    public void ContiguousStripesAreFourMegabytes() =>
        StripePlan
            .For(Chunked(1000, 600_000, 1, 1, false) with { Layout = new() { Kind = StorageLayout.Contiguous } })
            .ElementsPerStripe.ShouldBe(1000);

    [Fact]
    public void StripesCoverTheElementsWithoutOverlap()
    {
        var plan = StripePlan.For(Chunked(1000, 10_000, 1000, 1050, false));
        long next = 0;
        for (long stripe = 0; stripe < plan.Count; stripe++)
        {
            plan.Range(stripe).First.ShouldBe(next);
            plan.StripeOf(next).ShouldBe(stripe);
            next = plan.Range(stripe).End;
        }
        next.ShouldBe(10_000);
    }

    [Fact]
    public void ColumnBeyondTheMemoryIsCutIntoEvenSlicesWithAdvice()
    {
        var plan = StripePlan.For(Chunked(1000, 600_000, 1, 600_000, false)); // one chunk row per subject: 2.4 GB
        plan.SlicesPerChunkColumn.ShouldBe(10); // 9 slices of 268 MB would do, 600,000 / 9 is not whole
        plan.ElementsPerStripe.ShouldBe(60_000);
        plan.Advice!.ShouldContain("hpcfit rechunk");
    }

    [Fact]
    public void ChunkCacheFollowsHdf5sRules()
    {
        var scalar = Chunked(1000, 600_000, 32, 32, false);
        var (slots, bytes) = LibraryDataset.CacheFor(scalar, StripePlan.For(scalar));
        const long chunks = 9 * 32; // a stripe of 8 columns, and one more for ranges that begin inside a column; 32 down
        bytes.ShouldBe(chunks * 32 * 32 * 4);
        slots.ShouldBe(28_807); // the first prime from 100 x chunks = 28,800 on
    }

    private static ScalarMatrix Chunked(long subjects, long elements, long chunkSubjects, long chunkElements, bool transposed) =>
        new()
        {
            Name = "FA",
            Subjects = subjects,
            Elements = elements,
            IsTransposed = transposed,
            Type = new(StoredKind.FloatingPoint, 4, false),
            Layout = new()
            {
                Kind = StorageLayout.Chunked,
                Chunk = transposed ? [chunkElements, chunkSubjects] : [chunkSubjects, chunkElements],
            },
            SourceNames = [],
        };
}
