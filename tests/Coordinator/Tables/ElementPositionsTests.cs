using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tests.Imaging;
using HpcFit.Coordinator.Tests.Writing;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Tables;

/// <summary>Where elements are, from the tables of the data file; never a position of another element.</summary>
public sealed class ElementPositionsTests
{
    private static readonly (string, double[])[] Subset = [("element_id", [4, 0, 2])];

    [Fact]
    public void Voxels_of_a_subset_have_cells_and_millimetres()
    {
        using var file = new ResultFile(Subset, Voxels(withAffine: true));
        using var table = file.Open();
        Columns(table).ShouldBe("i j k x_mm y_mm z_mm");
        ResultFile.Values(table, "j").ShouldBe([24, 20, 22]);
        ResultFile.Values(table, "x_mm").ShouldBe([100 - (2 * 14) + (0.5 * 34), 100 - (2 * 10) + (0.5 * 30), 100 - (2 * 12) + (0.5 * 32)]);
        ResultFile.Values(table, "z_mm").ShouldBe([34, 30, 32]);
        table.Positions.Problem.ShouldBeNull();
    }

    [Fact]
    public void Without_an_affine_there_are_no_millimetres()
    {
        using var file = new ResultFile(Subset, Voxels(withAffine: false));
        using var table = file.Open();
        Columns(table).ShouldBe("i j k");
        table.Positions.Problem.ShouldNotBeNull().ShouldContain("no attribute 'affine'");
    }

    [Fact]
    public void Ids_in_any_order_are_looked_up()
    {
        var shuffled = Table(
            "/voxels",
            ["voxel_id", "i", "j", "k"],
            [
                [3, 4, 0, 2, 1],
                [13, 14, 10, 12, 11],
                [0, 0, 0, 0, 0],
                [0, 0, 0, 0, 0],
            ]
        );
        using var file = new ResultFile(Subset, shuffled);
        using var table = file.Open();
        ResultFile.Values(table, "i").ShouldBe([14, 10, 12]);
    }

    [Fact]
    public void Fixels_have_voxel_cell_and_direction()
    {
        var fixels = Table(
            "/fixels",
            ["fixel_id", "voxel_id", "x", "y", "z"],
            [
                [0, 1, 2, 3, 4, 5],
                [0, 0, 1, 3, 4, 4],
                [1, 0, 0, 0.5, 0.25, 1],
                [0, 1, 0, 0, 0, 0],
                [0, 0, 1, 0, 0, 0],
            ]
        );
        using var file = new ResultFile(Subset, fixels, Voxels(withAffine: true));
        using var table = file.Open();
        Columns(table).ShouldBe("fixel voxel i j k x_mm y_mm z_mm direction_x direction_y direction_z");
        ResultFile.Values(table, "fixel").ShouldBe([4, 0, 2]);
        ResultFile.Values(table, "voxel").ShouldBe([4, 0, 1]);
        ResultFile.Values(table, "i").ShouldBe([14, 10, 11]);
        ResultFile.Values(table, "direction_x").ShouldBe([0.25, 1, 0]);
    }

    [Fact]
    public void Greyordinates_have_structures()
    {
        var places = Table(
            "/greyordinates",
            ["vertex_id", "structure_id"],
            [
                [0, 1, 2, 3, 4],
                [0, 0, 1, 1, 2],
            ]
        );
        using var file = new ResultFile(
            Subset,
            places with
            {
                Attributes = [.. places.Attributes, AttributeContent.Texts("structure_names", ["LEFT", "RIGHT", "STEM"])],
            }
        );
        using var table = file.Open();
        ResultFile.Values(table, "greyordinate").ShouldBe([4, 0, 2]);
        Texts(table, "structure").ShouldBe(["STEM", "LEFT", "RIGHT"]);
        table.Positions.Problem.ShouldNotBeNull().ShouldContain("vertices are unknown");
    }

    [Fact]
    public void Converted_greyordinates_have_vertices_or_voxels()
    {
        using var folder = new ConversionFolder(subjects: 0);
        folder.Write("a.dscalar.nii", new TestCifti().Bytes());
        folder.Cohort("scalar_name,source_file", "thickness,a.dscalar.nii");
        folder.Convert(folder.Plan with { Mask = null });
        Hdf5Write.Run(
            new()
            {
                File = folder.Output,
                NewFile = false,
                Contents =
                [
                    DatasetContent.Held("/results/lm/results_matrix", ElementType.Float64, [1, 4], WrittenFile.Bytes(3.0, 0, 1, 2)),
                    DatasetContent.Texts("/results/lm/column_names", ["element_id"]),
                ],
            },
            default
        );
        using var table = ResultTable.Open(folder.Output, "lm", allowsExternal: false);
        Columns(table).ShouldBe("greyordinate structure vertex i j k x_mm y_mm z_mm");
        // TestCifti: the vertices 3 and 7, and the voxels (1, 2, 3) and (2, 2, 3) of a grid of 2 mm.
        ResultFile.Values(table, "vertex").ShouldBe([double.NaN, 3, 7, double.NaN]);
        ResultFile.Values(table, "i").ShouldBe([2, double.NaN, double.NaN, 1]);
        ResultFile.Values(table, "x_mm").ShouldBe([86, double.NaN, double.NaN, 88]);
        ResultFile.Values(table, "z_mm").ShouldBe([-66, double.NaN, double.NaN, -66]);
        Texts(table, "structure")[..2].ShouldBe(["CIFTI_STRUCTURE_THALAMUS_LEFT", "CIFTI_STRUCTURE_CORTEX_LEFT"]);
    }

    [Fact]
    public void Parcels_have_names()
    {
        using var file = new ResultFile(Subset, DatasetContent.Texts("/parcels/parcel_id", ["a", "b", "c", "d", "e"]));
        using var table = file.Open();
        Texts(table, "parcel").ShouldBe(["e", "a", "c"]);
    }

    [Fact]
    public void Pairs_of_parcels_have_two_names_of_which_the_second_varies_fastest()
    {
        using var file = new ResultFile(
            Subset,
            DatasetContent.Texts("/parcels/parcel_id_from", ["a", "b"]),
            DatasetContent.Texts("/parcels/parcel_id_to", ["x", "y", "z"])
        );
        using var table = file.Open();
        Texts(table, "parcel_from").ShouldBe(["b", "a", "a"]);
        Texts(table, "parcel_to").ShouldBe(["y", "x", "z"]);
    }

    [Theory]
    [InlineData("rows", 5)]
    [InlineData("element_id", 4)]
    public void A_table_that_does_not_match_locates_nothing(string column, double last)
    {
        // Without ids, three rows do not match five voxels; an id of 4 is not in a table of four.
        var voxels = Voxels(withAffine: true);
        if (column == "element_id")
            voxels = Table(
                "/voxels",
                ["voxel_id", "i", "j", "k"],
                [
                    [0, 1, 2, 3],
                    [0, 1, 2, 3],
                    [0, 0, 0, 0],
                    [0, 0, 0, 0],
                ]
            );
        using var file = new ResultFile([(column, [last, 0, 2])], voxels);
        using var table = file.Open();
        table.Positions.Columns.ShouldBeEmpty();
        table.Positions.Problem.ShouldNotBeNull().ShouldContain("do not match");
        Should.Throw<BadInputException>(() => table.Find("i")).Message.ShouldContain("do not match");
    }

    [Fact]
    public void A_table_of_another_grid_than_the_scalars_locates_nothing()
    {
        using var file = new ResultFile(
            Subset,
            Voxels(withAffine: true),
            DatasetContent.Held("/scalars/FA/values", ElementType.Float64, [2, 9], WrittenFile.Bytes(new double[18])),
            DatasetContent.Texts("/scalars/FA/column_names", ["a", "b"])
        );
        using var table = file.Open();
        table.Positions.Columns.ShouldBeEmpty();
    }

    [Fact]
    public void An_analysis_of_another_program_has_no_statuses()
    {
        using var file = new ResultFile(Subset);
        using var table = file.Open();
        Should.Throw<BadInputException>(() => table.Find(ResultTable.StatusCode)).Message.ShouldContain("no statuses");
    }

    private static string Columns(ResultTable table) => string.Join(' ', table.Positions.Columns.Select(column => column.Name));

    private static string[] Texts(ResultTable table, string name) =>
        [.. Enumerable.Range(0, (int)table.Rows).Select(row => ((TextColumn)table.Find(name))[row])];

    private static DatasetContent Voxels(bool withAffine)
    {
        var table = Table(
            "/voxels",
            ["voxel_id", "i", "j", "k"],
            [
                [0, 1, 2, 3, 4],
                [10, 11, 12, 13, 14],
                [20, 21, 22, 23, 24],
                [30, 31, 32, 33, 34],
            ]
        );
        double[] affine = [-2, 0, 0.5, 100, 0, 2, 0, -50, 0, 0, 1, 0, 0, 0, 0, 1];
        return withAffine
            ? table with
            {
                Attributes = [.. table.Attributes, AttributeContent.Numbers("affine", affine) with { Shape = [4, 4] }],
            }
            : table;
    }

    private static DatasetContent Table(string path, string[] names, double[][] columns) =>
        DatasetContent.Held(
            path,
            ElementType.Float64,
            [columns.Length, columns[0].Length],
            WrittenFile.Bytes([.. columns.SelectMany(one => one)])
        ) with
        {
            Attributes = [AttributeContent.Texts("column_names", names)],
        };
}
