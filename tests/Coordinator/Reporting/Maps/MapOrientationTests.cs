using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.Coordinator.Tests.Reporting.Maps;

/// <summary>The viewer in Chromium: effects and fixels are drawn where and as they lie.</summary>
public sealed class MapOrientationTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData("voxels", "RAS")]
    [InlineData("voxels", "LAS")]
    [InlineData("voxels", "LPI")]
    [InlineData("voxels", "PIR")]
    [InlineData("voxels", "LAS-oblique")]
    [InlineData("voxels", "SRA-oblique")]
    [InlineData("fixels", "RAS")]
    [InlineData("fixels", "LAS")]
    [InlineData("fixels", "PIR-oblique")]
    public async Task An_effect_on_the_left_in_front_and_at_the_top_is_drawn_there(string kind, string orientation)
    {
        using var study = new MapStudy(kind, orientation);
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), [study.Map()]);

        await maps.Click(ViewedMaps.Axial, 0.5, 0.5);
        await maps.FocusSlice(ViewedMaps.Axial);
        // From the start, which may be the negative effect at the bottom, upwards until the effect is in the axial slice.
        for (var step = 0; step < 15 && (await maps.Find(ViewedMaps.Axial)).Pixels == 0; step++)
            await maps.Press("PageUp");
        var spots = new ViewedMaps.Spot[3];
        foreach (var slice in (int[])[0, 1, 2, 0, 1, 2])
        {
            spots[slice] = await maps.Find(slice);
            await maps.Click(slice, spots[slice].X, spots[slice].Y);
        }
        spots[ViewedMaps.Axial].X.ShouldBeLessThan(0.45);
        spots[ViewedMaps.Axial].Y.ShouldBeLessThan(0.45);
        spots[ViewedMaps.Coronal].X.ShouldBeLessThan(0.45);
        spots[ViewedMaps.Coronal].Y.ShouldBeLessThan(0.45);
        spots[ViewedMaps.Sagittal].X.ShouldBeGreaterThan(0.55);
        spots[ViewedMaps.Sagittal].Y.ShouldBeLessThan(0.45);

        // Clicks into the middle of the effect lead to its voxel, or one next to it.
        (await maps.Voxel())
            .Zip(study.Voxel)
            .ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) <= 1);
        (await maps.Millimetres()).Zip(study.Millimetres).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) <= 6);
        (await maps.Page.Evaluate<string[]>("[...document.querySelectorAll('.maps-frame span')].map(span => span.textContent)")).ShouldBe([
            "L",
            "R",
            "P",
            "A",
            "L",
            "R",
            "I",
            "S",
            "P",
            "A",
            "I",
            "S",
        ]);
        (await maps.Page.Text(".maps")).Contains("rotated").ShouldBe(orientation.EndsWith("oblique"));
        maps.Page.ShouldBeQuiet();
    }

    [Fact]
    public async Task Fixels_are_lines_in_their_directions()
    {
        using var study = new MapStudy("fixels", "PIR");
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), [study.Map()], [new(study.Element, "effect")]);
        await maps.FocusSlice(ViewedMaps.Axial);
        await maps.Press([.. Enumerable.Repeat("+", 5)]); // 6 x: about four cells

        // The fixels of the effect point along x: from left to right in the coronal slice, out of the sagittal one.
        var extents = await maps.Page.Evaluate<double[]>(
            """
            [1, 2].map(slice => {
              const { width, height, data } = pixelsOf(slice);
              const isRed = (x, y) => data[4 * (y * width + x)] - data[4 * (y * width + x) + 2] > 25;
              const [x, y] = [width >> 1, height >> 1];
              let [across, up] = [0, 0];
              for (let at = -100; at < 100; at++) { across += isRed(x + at, y); up += isRed(x, y + at); }
              return across / up;
            })
            """
        );

        extents[0].ShouldBeGreaterThan(3);
        extents[1].ShouldBeInRange(0.5, 2);
    }

    [Fact]
    public async Task Without_an_affine_no_side_is_called_left()
    {
        using var study = new MapStudy(orientation: "none");
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), [study.Map()]);

        (await maps.Page.Evaluate<string[]>("[...document.querySelectorAll('.maps-frame span')].map(span => span.textContent)")).ShouldBe([
            "i low",
            "i high",
            "j low",
            "j high",
            "i low",
            "i high",
            "k low",
            "k high",
            "j low",
            "j high",
            "k low",
            "k high",
        ]);
        (await maps.Place()).ShouldContain("position in mm unknown");
        (await maps.Page.Text(".maps")).ShouldContain("Which side is left is unknown");
        (await maps.Voxel()).ShouldNotBeEmpty();
    }
}
