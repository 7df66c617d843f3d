using HpcFit.Coordinator.Reporting.Maps;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.Coordinator.Tests.Reporting.Maps;

/// <summary>The viewer in Chromium: everything a reader can do changes what it should.</summary>
public sealed class MapControlsTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData("voxels")]
    [InlineData("fixels")]
    public async Task A_detail_leads_to_its_row(string kind)
    {
        using var study = new MapStudy(kind, "PIR");
        MapColumn[] columns = [study.Map()];
        RowDetail[] details = [new(3, "the first"), new(study.Element, "the effect")];
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), columns, details);
        await maps.ShouldShow(columns, 3);

        await maps.Page.Page.SelectAsync(".maps-detail", "2");
        await maps.Press();

        (await maps.Voxel()).ShouldBe(study.Voxel);
        (await maps.Millimetres()).Zip(study.Millimetres).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) <= 0.051);
        await maps.ShouldShow(columns, study.Element);
    }

    [Theory]
    [InlineData("voxels")]
    [InlineData("fixels")]
    public async Task Sliders_change_the_picture(string kind)
    {
        using var study = new MapStudy(kind);
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), [study.Map()]);
        var (red, before) = (await maps.Find(ViewedMaps.Axial), await maps.Picture());

        await maps.Focus(".maps-high");
        await maps.Press([.. Enumerable.Repeat("ArrowLeft", 20)]);
        var brighter = await maps.Picture();
        await maps.Focus(".maps-threshold");
        await maps.Press([.. Enumerable.Repeat("ArrowRight", 100)]);
        var fewer = await maps.Find(ViewedMaps.Axial);
        await maps.Press("End");
        var last = await maps.Find(ViewedMaps.Axial);
        await maps.Press("Home");
        var all = await maps.Picture();

        brighter.ShouldNotBe(before);
        fewer.Pixels.ShouldBeInRange(1, red.Pixels - 1);
        last.Pixels.ShouldBeLessThanOrEqualTo(fewer.Pixels);
        all.ShouldNotBe(brighter);
        maps.Page.ShouldBeQuiet();
    }

    [Fact]
    public async Task Values_above_a_threshold_can_be_hidden_where_small_ones_matter()
    {
        using var study = new MapStudy();
        var p = new MapColumn("p", "p", [.. study.Statistic.Select(t => Math.Exp(-Math.Abs(t)))], IsSigned: false);
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), [p]);
        var everything = await maps.Picture();

        await maps.Page.Page.SelectAsync(".maps-hide", "1");
        await maps.Press();
        var smallest = await maps.Picture();
        await maps.Focus(".maps-threshold");
        await maps.Press("End");

        smallest.ShouldNotBe(everything);
        (await maps.Picture()).ShouldBe(everything);
    }

    /// <summary>A map whose findings are below 0: what is above the threshold is hidden until the reader asks for it.</summary>
    [Fact]
    public async Task A_map_may_hide_values_above_its_threshold_at_first()
    {
        using var study = new MapStudy();
        var below = new MapColumn("t", "t", [.. study.Statistic.Select(t => -t)], IsSigned: false) { Threshold = -3, HidesAbove = true };
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), [below], [new(study.Element, "effect")]);

        (await maps.Page.Evaluate<string>("document.querySelector('.maps-hide').value")).ShouldBe("1");
        var hidden = await maps.Picture();
        await maps.Focus(".maps-threshold");
        await maps.Press("End");

        (await maps.Picture()).ShouldNotBe(hidden);
        ColourRange.From(below).High.ShouldBeLessThanOrEqualTo(-3);
        maps.Page.ShouldBeQuiet();
    }

    [Fact]
    public async Task The_keyboard_is_enough()
    {
        using var study = new MapStudy(orientation: "LAS");
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), [study.Map()]);
        var (start, picture) = (await maps.Voxel(), await maps.Picture());

        for (var step = 0; step < 20 && await maps.Page.Evaluate<string>("document.activeElement.tagName") != "CANVAS"; step++)
            await maps.Press("Tab");
        (await maps.Page.Evaluate<string>("getComputedStyle(document.activeElement).outlineStyle")).ShouldBe("solid");
        await maps.Press("ArrowLeft"); // to the left: i of LAS grows
        (await maps.Voxel()).ShouldBe([start[0] + 1, start[1], start[2]]);
        await maps.Press("ArrowUp", "PageDown");
        (await maps.Voxel()).ShouldBe([start[0] + 1, start[1] + 1, start[2] - 1]);
        await maps.Press("+", "+");
        (await maps.Page.Text(".maps-zoom + output")).ShouldBe("2 ×");
        await maps.Press("Tab", "ArrowUp"); // the coronal slice
        (await maps.Voxel()).ShouldBe([start[0] + 1, start[1] + 1, start[2]]);
        await maps.Press("Home", "-", "-");
        (await maps.Voxel()).ShouldBe(start);
        (await maps.Picture()).ShouldBe(picture);
        maps.Page.ShouldBeQuiet();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_click_moves_to_the_element_under_it_whatever_the_zoom(int zoomSteps)
    {
        using var study = new MapStudy("fixels", "LAS-oblique");
        MapColumn[] columns = [study.Map()];
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), columns, [new(study.Element, "effect")]);
        await maps.FocusSlice(ViewedMaps.Axial);
        await maps.Press([.. Enumerable.Repeat("+", zoomSteps)]);

        var zoom = await maps.Page.Evaluate<double>("parseFloat(document.querySelector('.maps-zoom + output').textContent)");
        await maps.Click(ViewedMaps.Sagittal, 0.5, 0.5);
        var middle = await maps.Voxel();
        await maps.Click(ViewedMaps.Sagittal, 0.5, 0.5);

        zoom.ShouldBeGreaterThan(1);
        // Where the whole slice does not fit, its middle is the crosshair, so the second click changes nothing.
        (await maps.Voxel()).ShouldBe(middle);
        maps.Page.ShouldBeQuiet();
    }
}
