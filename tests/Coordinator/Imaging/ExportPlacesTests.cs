using System.Runtime.InteropServices;
using HpcFit.Coordinator.Imaging.Exporting;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Imaging;

/// <summary>
/// Masks, fixel folders and CIFTI examples with the right number of elements at other positions would give wrong maps: they are compared
/// with the data file.
/// </summary>
public sealed class ExportPlacesTests : IDisposable
{
    private readonly ConversionFolder _folder = new();
    private readonly RecordedLog _log = new();

    public void Dispose() => _folder.Dispose();

    private ExportPlan Plan =>
        new()
        {
            Data = _folder.Output,
            OutputFolder = _folder.Combine("maps"),
            Scalar = "FA",
            ColumnIndex = 0,
            Root = _folder.Path,
            Threads = 1,
            Overwrite = true,
        };

    private ExportPlan OfMask(string mask = "mask.nii") => Plan with { Mask = _folder.Combine(mask) };

    private ExportPlan OfFixels => Plan with { Index = _folder.Combine("index.mif"), Directions = _folder.Combine("directions.mif") };

    [Fact]
    public void The_mask_of_the_conversion_is_accepted_also_in_another_format()
    {
        _folder.Convert();
        Export(OfMask());
        _folder.Write(
            "same.nii.gz",
            TestVolume.Gzip(
                new TestVolume
                {
                    Shape = [4, 3, 2, 1],
                    Value = sample => sample % 2 * 7,
                    ShiftX = 1e-3f,
                }.Bytes()
            )
        );
        Export(OfMask("same.nii.gz"));
        _log.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_mask_of_the_same_number_of_other_voxels_is_refused()
    {
        _folder.Convert();
        _folder.Write("other.nii", new TestVolume { Value = sample => (sample + 1) % 2 }.Bytes());
        Refused(
            OfMask("other.nii"),
            "other.nii",
            "/voxels",
            "voxel_id 0 is at (1, 0, 0) in the data and at (0, 0, 0) in the image",
            "12 of 12"
        );
        _folder.Write(
            "one.nii",
            new TestVolume
            {
                Value = sample =>
                    sample == 23 ? 0
                    : sample == 22 ? 1
                    : sample % 2,
            }.Bytes()
        );
        Refused(OfMask("one.nii"), "of 12 differ");
        Directory.Exists(_folder.Combine("maps")).ShouldBeFalse();
    }

    [Fact]
    public void A_mask_on_another_grid_is_refused()
    {
        _folder.Convert();
        _folder.Write("moved.nii", new TestVolume { Value = sample => sample % 2, ShiftX = 3 }.Bytes());
        Refused(OfMask("moved.nii"), "1.5 cell edges", "[2 0 0 3;");
        _folder.Write("larger.nii", new TestVolume { Shape = [4, 3, 3], Value = sample => sample < 24 ? sample % 2 : 0 }.Bytes());
        Refused(OfMask("larger.nii"), "4 x 3 x 3 cells, that of the data 4 x 3 x 2");
    }

    [Fact]
    public void Other_kinds_of_elements_than_the_files_are_refused_by_their_tables()
    {
        _folder.Convert();
        Fixels([(0, 6), (3, 6)]);
        Refused(OfFixels, "not fixels", "/voxels");
        ConvertFixels();
        Refused(OfMask(), "not voxels", "/fixels");
        ConvertCifti();
        _folder.Write("four.nii", new TestVolume { Value = sample => sample < 4 ? 1 : 0 }.Bytes());
        Refused(OfMask("four.nii"), "not voxels", "/greyordinates");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_of_ModelArrayIO_is_compared_by_its_table_whichever_way_it_is_stored(bool turned)
    {
        WithoutPlaces(turned, i => i);
        Export(OfMask());
        _log.Warnings.Single().ShouldContain("no affine");
        WithoutPlaces(turned, i => 3 - i);
        Refused(OfMask(), "voxel_id 0 is at (2, 0, 0) in the data and at (1, 0, 0)");
    }

    [Fact]
    public void A_file_without_a_table_is_reported()
    {
        _folder.Convert();
        Results("results.h5", 12);
        Export(OfMask() with { Data = _folder.Combine("results.h5"), Scalar = null, ColumnIndex = null, Analysis = "lm" });
        _log.Warnings.Single().ShouldContain("only the number of elements");
    }

    [Fact]
    public void The_fixel_folder_of_the_conversion_is_accepted()
    {
        Fixels([(1, 2), (0, 1), (6, 3)]);
        ConvertFixels();
        Export(OfFixels);
        _log.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_fixel_folder_of_the_same_number_of_other_fixels_is_refused()
    {
        Fixels([(1, 2), (0, 1), (6, 3)]);
        ConvertFixels();
        _folder.Write("index.mif", TestMif.Index([(1, 1), (0, 2), (6, 3)]));
        Refused(OfFixels, "index.mif", "fixel 1 is in voxel 0 of the data and in voxel 1");
        _folder.Write("index.mif", TestMif.Index([(1, 2), (2, 1), (6, 3)]));
        Refused(OfFixels, "voxel_id 1 is at (0, 0, 0) in the data and at (0, 1, 0)");
        _folder.Write("index.mif", TestMif.Index([(1, 2), (0, 1), (6, 3)], transform: "-4"));
        Refused(OfFixels, "3 cell edges");
        Fixels([(1, 2), (0, 1), (6, 3)], x: 0.5f);
        Refused(OfFixels, "directions.mif", "fixel 0 has the component 0.5 instead of 0 along x");
    }

    [Fact]
    public void An_index_with_invalid_counts_allocates_no_memory()
    {
        Fixels([(1, 2), (0, 1)]);
        foreach (
            var (count, words) in ((float, string)[])
                [(2e9f, "2,000,000,001 fixels"), (-1, "has -1 fixels"), (0.5f, "has 0.5 fixels"), (float.NaN, "has NaN fixels")]
        )
        {
            var index = TestMif.Index([(1, 2), (0, 1)]);
            MemoryMarshal.Write(index.AsSpan(512 + 4), count);
            _folder.Write("index.mif", index);
            var before = GC.GetTotalAllocatedBytes();
            Should.Throw<BadInputException>(ConvertFixels).Message.ShouldContain(words);
            (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(64 << 20);
        }
    }

    [Fact]
    public void Index_and_directions_of_another_folder_are_replaced_only_with_overwrite()
    {
        Fixels([(1, 2), (0, 1)]);
        ConvertFixels();
        Directory.CreateDirectory(_folder.Combine("maps"));
        _folder.Write("maps/index.mif", TestMif.Index(1, 2, 3));
        Refused(OfFixels with { Overwrite = false }, "maps/index.mif' exists and differs from");
        File.ReadAllBytes(_folder.Combine("maps/index.mif")).ShouldBe(TestMif.Index(1, 2, 3));
        Export(OfFixels);
        File.ReadAllBytes(_folder.Combine("maps/index.mif")).ShouldBe(File.ReadAllBytes(_folder.Combine("index.mif")));
        Directory.GetFiles(_folder.Combine("maps"), "*.tmp").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("CORTEX_LEFT", "CORTEX_RIGHT", "greyordinate 0 is of CIFTI_STRUCTURE_CORTEX_RIGHT instead of CIFTI_STRUCTURE_CORTEX_LEFT")]
    [InlineData("3 7<", "3 8<", "vertices or voxels")]
    [InlineData("=\"10\"", "=\"11\"", "vertices of their surfaces")]
    public void A_CIFTI_example_of_other_greyordinates_is_refused(string part, string other, string words)
    {
        ConvertCifti();
        Export(Plan with { Example = _folder.Combine("a.dscalar.nii") });
        _log.Warnings.ShouldBeEmpty();
        var sound = new TestCifti();
        _folder.Write("b.dscalar.nii", new TestCifti { Models = sound.Models.Replace(part, other, StringComparison.Ordinal) }.Bytes());
        Refused(Plan with { Example = _folder.Combine("b.dscalar.nii") }, "b.dscalar.nii", words);
    }

    [Fact]
    public void A_CIFTI_example_in_another_volume_is_refused()
    {
        ConvertCifti();
        _folder.Write(
            "b.dscalar.nii",
            new TestCifti { Volume = TestCifti.VolumeOf("6,7,8", "-2 0 0 96 0 2 0 -126 0 0 2 -72 0 0 0 1") }.Bytes()
        );
        Refused(Plan with { Example = _folder.Combine("b.dscalar.nii") }, "3 cell edges");
        _folder.Write("b.dscalar.nii", new TestCifti { Volume = TestCifti.VolumeOf("6,7,9", TestCifti.Matrix) }.Bytes());
        Refused(Plan with { Example = _folder.Combine("b.dscalar.nii") }, "6 x 7 x 9");
    }

    [Fact]
    public void A_CIFTI_example_of_other_parcels_is_refused()
    {
        byte[] Of(string name) =>
            new TestCifti
            {
                SecondType = "PARCELS",
                Models =
                    $"""<Surface BrainStructure="L" SurfaceNumberOfVertices="10"/><Parcel Name="{name}"><Vertices BrainStructure="L">1 2</Vertices></Parcel><Parcel Name="V2"/>""",
                Extents = [1, 2],
            }.Bytes();
        _folder.Write("a.pscalar.nii", Of("V1"));
        _folder.Write("b.pscalar.nii", Of("V3"));
        _folder.Cohort("scalar_name,source_file", "FA,a.pscalar.nii");
        _folder.Convert();
        Export(Plan with { Example = _folder.Combine("a.pscalar.nii") });
        Refused(Plan with { Example = _folder.Combine("b.pscalar.nii") }, "parcel 0 is 'V3' instead of 'V1'");
    }

    private void Fixels((int Voxel, int Fixels)[] voxels, float x = 0)
    {
        var count = voxels.Sum(voxel => voxel.Fixels);
        _folder.Write("index.mif", TestMif.Index(voxels));
        _folder.Write("directions.mif", TestMif.Directions(count, x));
        _folder.Write("data.mif", TestMif.Data(count));
    }

    private void ConvertFixels()
    {
        _folder.Cohort("scalar_name,source_file", "FA,data.mif");
        _folder.Convert(
            _folder.Plan with
            {
                Mask = null,
                Index = _folder.Combine("index.mif"),
                Directions = _folder.Combine("directions.mif"),
                Overwrite = true,
            }
        );
    }

    private void ConvertCifti()
    {
        _folder.Write("a.dscalar.nii", new TestCifti().Bytes());
        _folder.Cohort("scalar_name,source_file", "FA,a.dscalar.nii");
        _folder.Convert(_folder.Plan with { Overwrite = true });
    }

    private void Export(ExportPlan plan) => new Export(_log).Execute(plan, CancellationToken.None);

    private void Refused(ExportPlan plan, params string[] words)
    {
        var message = Should.Throw<BadInputException>(() => Export(plan)).Message;
        foreach (var word in words)
            message.ShouldContain(word);
    }

    /// <summary>The table as ModelArrayIO writes it, or transposed as R does.</summary>
    private void WithoutPlaces(bool turned, Func<int, int> first)
    {
        var cells = Enumerable
            .Range(0, 24)
            .Select(cell => (I: cell / 6, J: cell / 2 % 3, K: cell % 2))
            .Where(cell => (cell.I + (4 * cell.J) + (12 * cell.K)) % 2 == 1)
            .ToList();
        long[][] rows = [.. cells.Select((cell, id) => (long[])[id, first(cell.I), cell.J, cell.K])];
        long[] values = turned
            ? [.. rows.SelectMany(row => row)]
            : [.. Enumerable.Range(0, 4).SelectMany(column => rows.Select(row => row[column]))];
        Results(
            "out.h5",
            12,
            new DatasetContent("/scalars/FA/values")
            {
                Type = ElementType.Float64,
                Shape = [1, 12],
                Source = (_, destination) => destination.Clear(),
            },
            DatasetContent.Texts("/scalars/FA/column_names", ["sub-0"]),
            DatasetContent.Held(
                "/voxels",
                ElementType.Int64,
                turned ? [12, 4] : [4, 12],
                MemoryMarshal.AsBytes<long>(values).ToArray()
            ) with
            {
                Attributes = turned ? [] : [AttributeContent.Texts("column_names", ["voxel_id", "i", "j", "k"])],
            }
        );
    }

    private void Results(string name, int elements, params Content[] more)
    {
        double[] ids = [.. Enumerable.Range(0, elements).Select(id => (double)id)];
        Hdf5Write.Run(
            new()
            {
                File = _folder.Combine(name),
                NewFile = true,
                Overwrite = true,
                Contents =
                [
                    DatasetContent.Held(
                        "/results/lm/results_matrix",
                        ElementType.Float64,
                        [1, elements],
                        MemoryMarshal.AsBytes<double>(ids).ToArray()
                    ),
                    DatasetContent.Texts("/results/lm/column_names", ["element_id"]),
                    .. more,
                ],
            },
            CancellationToken.None
        );
    }
}
