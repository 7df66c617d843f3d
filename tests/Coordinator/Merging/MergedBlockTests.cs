using HpcFit.Coordinator.Merging;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Files;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Tests.Merging;

/// <summary>
/// Partial files of one named column, a block of 3 curve points and a new scalar of 700 subjects; partial column c of element e contains
/// 1000 c + e.
/// </summary>
public sealed class MergedBlockTests : IDisposable
{
    private const long TotalElements = 2_000;
    private const int Subjects = 700;

    private static readonly ResultLayout Layout = new(["p"], [new("element_id", ResultSource.ElementId), new("p", ResultSource.Partial, 0)])
    {
        Blocks =
        [
            new(BlockDestination.Analysis, "smooth_curves/s_Age/fit", 3),
            new(BlockDestination.Scalar, "thickness_harmonized", Subjects, "thickness"),
        ],
        Fixed = [new("smooth_curves/s_Age/Age", [8, 12, 16])],
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpcfit-blocks-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_new_scalar_has_all_elements_of_the_file_whatever_the_subset_and_its_order()
    {
        using var merged = Merge([new(1_500, 1_503), new(10, 12)], (0, 40), (1_490, 30));
        var scalar = merged.Block(1);
        (scalar.Columns, scalar.Rows).ShouldBe((Subjects, TotalElements));
        var tile = new double[Subjects * (int)TotalElements];
        scalar.Read(0, Subjects, 0, (int)TotalElements, tile);
        for (var subject = 0; subject < Subjects; subject++)
        {
            for (var element = 0; element < TotalElements; element++)
                tile[(subject * TotalElements) + element]
                    .ShouldBe(element is 10 or 11 or 1_500 or 1_501 or 1_502 ? Value(4 + subject, element) : double.NaN);
        }
    }

    [Fact]
    public void Curves_have_the_rows_of_the_matrix()
    {
        using var merged = Merge([new(1_500, 1_503), new(10, 12)], (0, 40), (1_490, 30));
        var curves = merged.Block(0);
        (curves.Columns, curves.Rows).ShouldBe((3, 5L));
        var tile = new double[2 * 3];
        curves.Read(1, 2, 1, 3, tile);
        tile.ShouldBe([Value(2, 1_501), Value(2, 1_502), Value(2, 10), Value(3, 1_501), Value(3, 1_502), Value(3, 10)]);
    }

    [Theory]
    [InlineData(7, 64)]
    [InlineData(700, 33)]
    [InlineData(1, 2_000)]
    [InlineData(50, 600)]
    public void Tiles_of_every_shape_hold_the_same_values(int columns, int rows)
    {
        using var merged = Merge([], (600, 1_400), (0, 77), (77, 523));
        var scalar = merged.Block(1);
        for (var column = 0; column < Subjects; column += columns)
        {
            for (var row = 0; row < TotalElements; row += rows)
            {
                var (height, width) = (Math.Min(columns, Subjects - column), Math.Min(rows, (int)TotalElements - row));
                var tile = new double[height * width];
                scalar.Read(column, height, row, width, tile);
                for (var i = 0; i < tile.Length; i++)
                    if (tile[i] != Value(4 + column + (i / width), row + (i % width)))
                        Assert.Fail($"column {column}, row {row}: value {i} is {tile[i]}.");
            }
        }
    }

    [Fact]
    public void The_matrix_does_not_contain_the_blocks()
    {
        using var merged = Merge([], (0, 2_000));
        merged.Columns.ShouldBe(2);
        var p = new double[TotalElements];
        merged.ReadColumn(1, p);
        p[1_234].ShouldBe(Value(0, 1_234));
    }

    [Fact]
    public void A_document_keeps_the_layout_and_stays_small_with_a_column_for_each_of_many_subjects()
    {
        var wide = Layout with { Blocks = [new(BlockDestination.Scalar, "new", 40_000, "old")] };
        var path = Path.Combine(_folder.FullName, "layout.json");
        JsonFile.Replace(path, Document([]) with { Layout = wide }, RunJson.Default.RunDocument, durable: false);
        new FileInfo(path).Length.ShouldBeLessThan(4_000);
        var read = JsonFile.Read(path, RunJson.Default.RunDocument).Layout;
        read.Blocks.ShouldBe(wide.Blocks);
        read.Fixed[0].Values.ShouldBe(wide.Fixed[0].Values);
        read.PartialWidth.ShouldBe(40_001);
    }

    private static double Value(int partialColumn, long element) => (1_000.0 * partialColumn) + element;

    private MergedColumns Merge(ElementRange[] subset, params (long First, int Count)[] blocks)
    {
        var document = Document(subset);
        var run = RunDirectory.CreateOrOpen(Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N")), document);
        foreach (var (first, count) in blocks)
        {
            var attempt = AttemptId.New(new(1), new(0));
            using var writer = PartialWriter.Create(run.PartialFile(attempt), PartialHeader.Create("d", attempt, "host", Layout));
            var values = new double[Layout.PartialWidth * count];
            for (var i = 0; i < values.Length; i++)
                values[i] = Value(i / count, first + (i % count));
            writer.Append(new(new(first, first + count), values, new ElementStatus[count]));
            writer.Complete();
        }
        return new(Coverage.Read(run, CancellationToken.None), document, fullLength: false);
    }

    private static RunDocument Document(ElementRange[] subset) =>
        new()
        {
            Digest = "d",
            Spec = new()
            {
                Model = new() { Engine = "custom" },
                Data = [],
                Elements = subset,
            },
            Inputs = new()
            {
                NumericVersion = 1,
                TotalElements = TotalElements,
                Scalars = [],
                CohortDigest = "",
            },
            Layout = Layout,
            Estimates = new()
            {
                ElementsPerStripe = 10,
                Stripes = 10,
                SecondsPerElement = 1,
                BaseBytes = 1,
                BytesPerThread = 1,
            },
            Files = [],
            ProgramVersion = "0",
            Created = DateTimeOffset.UnixEpoch,
        };
}
