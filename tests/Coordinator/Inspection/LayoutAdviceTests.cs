using HpcFit.Coordinator.Inspection;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Tests.Inspection;

public class LayoutAdviceTests
{
    [Fact]
    public void Chunks_over_all_subjects_need_no_advice() => LayoutAdvice.For(Chunked(1_000, 600_000, 1_000, 1_050)).ShouldBeEmpty();

    [Fact]
    public void Chunks_over_few_subjects_are_reported_with_the_rechunk_command()
    {
        var advice = LayoutAdvice.For(Chunked(1_000, 600_000, 32, 32)).ShouldHaveSingleItem();
        advice.ShouldContain("32 of 1,000 subjects");
        advice.ShouldContain("600,000 chunks");
        advice.ShouldContain("hpcfit rechunk");
    }

    [Fact]
    public void One_chunk_for_everything_is_reported() =>
        LayoutAdvice.For(Chunked(100, 100_000, 100, 100_000)).ShouldHaveSingleItem().ShouldContain("One chunk contains the whole scalar");

    [Fact]
    public void A_small_file_in_one_chunk_needs_no_advice() => LayoutAdvice.For(Chunked(60, 3_000, 60, 3_000)).ShouldBeEmpty();

    [Fact]
    public void A_contiguous_file_is_reported() =>
        LayoutAdvice
            .For(Chunked(100, 1_000, 1, 1) with { Layout = new() { Kind = StorageLayout.Contiguous } })
            .ShouldHaveSingleItem()
            .ShouldContain("Not chunked");

    [Fact]
    public void For_an_unusable_scalar_only_the_reason_is_reported() =>
        LayoutAdvice.For(Chunked(1_000, 600_000, 32, 32) with { Problem = "it has no names." }).ShouldBe(["it has no names."]);

    private static ScalarMatrix Chunked(long subjects, long elements, long chunkSubjects, long chunkElements) =>
        new()
        {
            Name = "FDC",
            Subjects = subjects,
            Elements = elements,
            IsTransposed = false,
            Type = new(StoredKind.FloatingPoint, 4, false),
            Layout = new()
            {
                Kind = StorageLayout.Chunked,
                Chunk = [chunkSubjects, chunkElements],
                Filters = [new(StoredFilter.Shuffle, "shuffle", []), new(StoredFilter.Deflate, "deflate", [4])],
            },
            SourceNames = [],
        };
}
