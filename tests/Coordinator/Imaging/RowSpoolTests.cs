using System.Runtime.InteropServices;
using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Imaging;

public sealed class RowSpoolTests
{
    [Theory]
    [InlineData(7, 23, 5, 3, 8)]
    [InlineData(7, 23, 5, 3, 4)]
    [InlineData(4, 10, 10, 4, 4)]
    [InlineData(5, 6, 1, 2, 8)]
    public void Blocks_hold_all_rows_whatever_the_batches(int rows, int elements, int blockElements, int batchRows, int valueSize)
    {
        var layout = new BlockLayout(elements, blockElements, valueSize);
        using var spool = new RowSpool(Path.GetTempPath(), rows, layout);
        for (var first = 0; first < rows; first += batchRows)
        {
            var count = Math.Min(batchRows, rows - first);
            var batch = new byte[count * layout.RowBytes];
            for (var row = 0; row < count; row++)
                layout.Place([.. Enumerable.Range(0, elements).Select(element => Value(first + row, element))], row, count, batch);
            spool.Append(count, batch);
        }
        spool.Finish();

        for (var block = 0; block < layout.Count; block++)
        {
            var width = layout.Width(block);
            var bytes = new byte[rows * width * valueSize];
            spool.Read(block, bytes);
            for (var i = 0; i < rows * width; i++)
            {
                double stored = valueSize == 4 ? MemoryMarshal.Cast<byte, float>(bytes)[i] : MemoryMarshal.Cast<byte, double>(bytes)[i];
                stored.ShouldBe(Value(i / width, (block * blockElements) + (i % width)));
            }
        }
    }

    [Fact]
    public void A_spool_has_no_name_while_it_lives()
    {
        var folder = Directory.CreateTempSubdirectory("hpcfit-spool-").FullName;
        using (new RowSpool(folder, 1, new(1, 1, 4)))
            Directory.GetFileSystemEntries(folder).ShouldBeEmpty();
        Directory.Delete(folder);
    }

    [Fact]
    public void A_folder_in_which_no_file_can_be_created_is_reported() =>
        Should.Throw<BadInputException>(() => new RowSpool("/proc/nowhere", 1, new(1, 1, 4))).Message.ShouldContain("--spool-dir");

    [Theory]
    [InlineData(200, 150_920, null, 2.0, 2621)] // ModelArrayIO's number for 2 MiB of float32
    [InlineData(10, 500, null, 2.0, 500)]
    [InlineData(1_000_000, 500, null, 2.0, 1)]
    [InlineData(10, 500, 17, 2.0, 17)]
    [InlineData(10, 500, 900, 2.0, 500)]
    public void Chunks_contain_all_subjects_and_have_about_the_requested_size(
        int subjects,
        int elements,
        int? wanted,
        double megabytes,
        int expected
    ) =>
        new ScalarStorage { ChunkElements = wanted, TargetChunkBytes = megabytes * (1 << 20) }
            .Layout(subjects, elements)
            .BlockElements.ShouldBe(expected);

    private static float Value(int row, int element) => (100 * row) + element + 0.5f;
}
