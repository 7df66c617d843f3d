using HpcFit.Coordinator.Reporting.Maps.Geometry;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Reporting.Maps;

public sealed class MapGeometryTests
{
    [Theory]
    [InlineData("RAS")]
    [InlineData("PIR-oblique")]
    public void The_drawn_cell_of_an_element_is_its_voxel(string orientation)
    {
        using var study = new MapStudy("fixels", orientation);
        var geometry = study.Geometry();
        var voxel = new int[3];

        geometry.Grid.CellOf(geometry.Numbers[study.Element], voxel);

        voxel.ShouldBe(study.Voxel);
        geometry.Kind.ShouldBe("fixel");
        geometry.Background[geometry.Numbers[study.Element]].ShouldBe(byte.MaxValue);
        geometry.Background[0].ShouldBe((byte)0);
    }

    [Theory]
    [InlineData("LAS")]
    [InlineData("SRA-oblique")]
    public void Directions_are_accurate_to_a_degree(string orientation)
    {
        using var study = new MapStudy("fixels", orientation);
        var geometry = study.Geometry();
        var bytes = MapDirections.Encode(geometry.Directions!, geometry.Grid);
        var affine = geometry.Grid.Affine!;
        var count = bytes.Length / 2;
        for (var fixel = 0; fixel < count; fixel++)
        {
            // Back into the scanner's axes, along the grid's.
            var (sum, difference) = ((bytes[fixel] - 127) / 127.0, (bytes[count + fixel] - 127) / 127.0);
            var (x, y) = ((sum + difference) / 2, (sum - difference) / 2);
            double[] display = [x, y, 1 - Math.Abs(x) - Math.Abs(y)];
            var (dot, length) = (0.0, 0.0);
            for (var row = 0; row < 3; row++)
            {
                var scanner = 0.0;
                for (var world = 0; world < 3; world++)
                {
                    var axis = geometry.Grid.Orientation.GridAxes[world];
                    scanner += affine.Rows[(4 * row) + axis] / affine.EdgeOf(axis) * geometry.Grid.Step[world] * display[world];
                }
                dot += scanner * geometry.Directions![(3 * fixel) + row];
                length += scanner * scanner;
            }
            (Math.Abs(dot) / Math.Sqrt(length)).ShouldBeGreaterThan(Math.Cos(Math.PI / 180), $"fixel {fixel}");
        }
    }

    [Fact]
    public void An_unknown_direction_is_marked()
    {
        using var study = new MapStudy("fixels");

        MapDirections.Encode([0, 0, 0, double.NaN, 0, 0, 0, 0, -3], study.Geometry().Grid).ShouldBe<byte>([255, 255, 127, 255, 255, 127]);
    }

    [Theory]
    [InlineData("LAS")]
    [InlineData("PIR-oblique")]
    public void A_template_is_interpolated_at_the_cells(string orientation)
    {
        using var study = new MapStudy("voxels", orientation);
        var geometry = study.Geometry(study.Template);
        var (rows, cell) = (geometry.Grid.Affine!.Rows, new int[3]);

        // It grows linearly from left to right, so that the grey level is a linear function of x.
        var points = geometry.Numbers.Select(number =>
        {
            geometry.Grid.CellOf(number, cell);
            return (
                X: (rows[0] * cell[0]) + (rows[1] * cell[1]) + (rows[2] * cell[2]) + rows[3],
                Grey: (double)geometry.Background[number]
            );
        });
        var inner = points.Where(point => point.Grey is > 0 and < 255).ToList();
        var (first, last) = (inner.MinBy(point => point.X), inner.MaxBy(point => point.X));
        var slope = (last.Grey - first.Grey) / (last.X - first.X);
        slope.ShouldBeGreaterThan(3);
        inner.ShouldAllBe(point => Math.Abs(first.Grey + (slope * (point.X - first.X)) - point.Grey) < 1.6);
    }

    [Fact]
    public void A_template_of_another_place_is_refused()
    {
        using var study = new MapStudy();
        var refusal = Should.Throw<BadInputException>(() => study.Geometry(study.Elsewhere));

        refusal.Message.ShouldContain(study.Elsewhere);
        refusal.Message.ShouldContain("is of another place");
        using var unplaced = new MapStudy(orientation: "none");
        Should.Throw<BadInputException>(() => unplaced.Geometry(unplaced.Template)).Message.ShouldContain("cannot be placed");
    }

    [Fact]
    public void A_subset_has_the_positions_of_its_elements_in_the_grid_of_all()
    {
        using var study = new MapStudy();
        double[] ids = [study.Element, 3];

        var subset = MapGeometry.Read(study.Data, study.Positions(ids, 2), 2, null, out var problem).ShouldNotBeNull();

        problem.ShouldBeNull();
        subset.Numbers.ShouldBe([study.Geometry().Numbers[study.Element], study.Geometry().Numbers[3]]);
        subset.Grid.Extent.ShouldBe(study.Geometry().Grid.Extent);
    }

    [Fact]
    public void A_file_that_does_not_match_has_no_maps_but_a_reason()
    {
        using var study = new MapStudy();

        MapGeometry.Read(study.Data, study.Positions(null, 5), 5, null, out var problem).ShouldBeNull();

        problem.ShouldNotBeNull().ShouldContain("do not match the 5 rows");
    }
}
