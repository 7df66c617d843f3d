using System.Globalization;
using HpcFit.Coordinator.Reporting.Maps;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.Coordinator.Tests.Reporting.Maps;

/// <summary>The viewer in Chromium: effects are where they are, and everything a reader can do changes what it should.</summary>
public sealed class MapViewerTests(Browser browser) : IClassFixture<Browser>
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

    [Theory]
    [InlineData("voxels")]
    [InlineData("fixels")]
    public async Task The_crosshair_starts_at_the_strongest_element_and_shows_its_values(string kind)
    {
        using var study = new MapStudy(kind, "LAS");
        var row = Enumerable.Range(0, study.Statistic.Length).MaxBy(at => Math.Abs(study.Statistic[at]));
        MapColumn[] columns = [study.Map(), new("p", "Age: p", [.. study.Statistic.Select(t => Math.Exp(-Math.Abs(t)))], IsSigned: false)];
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), columns);

        await ShouldShow(maps, columns, row);
        maps.Page.ShouldBeQuiet();
    }

    [Theory]
    [InlineData("voxels")]
    [InlineData("fixels")]
    public async Task A_detail_leads_to_its_row(string kind)
    {
        using var study = new MapStudy(kind, "PIR");
        MapColumn[] columns = [study.Map()];
        RowDetail[] details = [new(3, "the first"), new(study.Element, "the effect")];
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), columns, details);
        await ShouldShow(maps, columns, 3);

        await maps.Page.Page.SelectAsync(".maps-detail", "2");
        await maps.Press();

        (await maps.Voxel()).ShouldBe(study.Voxel);
        (await maps.Millimetres()).Zip(study.Millimetres).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) <= 0.051);
        await ShouldShow(maps, columns, study.Element);
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

    [Theory]
    [InlineData("voxels")]
    [InlineData("fixels")]
    public async Task Without_any_value_the_page_reports_it(string kind)
    {
        using var study = new MapStudy(kind);
        double[] nothing = [.. study.Statistic.Select(_ => double.NaN)];
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), [new("t", "Age: t", nothing, IsSigned: true)]);

        (await maps.Page.Text(".maps-note")).ShouldBe("No element has a value in the map “Age: t”.");
        (await maps.Values())[1][1].ShouldBe("none");
        (await maps.Find(ViewedMaps.Axial)).Pixels.ShouldBe(0);
        maps.Page.ShouldBeQuiet();
    }

    [Theory]
    [InlineData("voxels")]
    [InlineData("fixels")]
    public async Task One_element_is_enough(string kind)
    {
        using var study = new MapStudy(kind, "LAS", count: 1);
        MapColumn[] columns = [study.Map(), new("p", "p", [double.NaN], IsSigned: false)];
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), columns);

        var values = await maps.Values();
        double.Parse(values[1][1], CultureInfo.InvariantCulture).ShouldBe(study.Statistic[0]);
        (values[1][2], values[2][1]).ShouldBe(("exact", "none"));
        (await maps.Voxel()).ShouldBe(study.Voxel);
        await maps.FocusSlice(ViewedMaps.Axial);
        await maps.Press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowUp", "PageDown");
        (await maps.Page.Text(".maps-values")).ShouldBe($"There is no {kind[..^1]} of the analysis here.");
        maps.Page.ShouldBeQuiet();
    }

    [Fact]
    public async Task Three_statistics_and_statuses_of_600_000_fixels_are_half_of_what_is_allowed()
    {
        const int Fixels = 600_000;
        using var study = new MapStudy("fixels", "LAS", Fixels);
        MapColumn[] columns =
        [
            study.Map(),
            new("b", "sex: t", [.. study.Statistic.Select((t, at) => t + Math.Sin(at))], IsSigned: true),
            new("c", "motion: t", [.. study.Statistic.Select((t, at) => t * Math.Cos(at))], IsSigned: true),
            new("element_status", "status", new double[Fixels], IsSigned: false),
        ];
        var geometry = study.Geometry();

        MapSection.Create(new(geometry, null, null), columns, []).Bytes.ShouldBeInRange(3_000_000, 6_000_000);

        await using var maps = await ViewedMaps.Open(browser, study.Page, geometry, columns);
        await ShouldShow(maps, columns[..1], Enumerable.Range(0, Fixels).MaxBy(at => Math.Abs(study.Statistic[at])));
        var (red, blue) = (await maps.Find(ViewedMaps.Axial), await maps.Find(ViewedMaps.Axial, isPositive: false));
        (red.Pixels + blue.Pixels).ShouldBeGreaterThan(100);
        maps.Page.ShouldBeQuiet();
    }

    [Fact]
    public async Task Infinite_values_have_the_last_colours()
    {
        using var study = new MapStudy();
        double[] infinite = [.. study.Statistic.Select(t => t > 3 ? double.PositiveInfinity : t)];
        await using var maps = await ViewedMaps.Open(
            browser,
            study.Page,
            study.Geometry(),
            [new("t", "t", infinite, IsSigned: true) { Threshold = 3 }],
            [new(study.Element, "effect")]
        );

        (await maps.Values())[1][1].ShouldBe("infinite");
        (await maps.Find(ViewedMaps.Axial)).Pixels.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Names_reach_the_page_as_text()
    {
        const string Name = "<script>throw new Error('run')</script></script>\"'&amp;<img src=x onerror=alert(1)>";
        using var study = new MapStudy();
        var map = new MapColumn(Name, Name, study.Statistic, IsSigned: true);
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), [map, map], [new(0, Name)]);

        (await maps.Values())[1][0].ShouldBe(Name);
        (await maps.Page.Evaluate<string>("document.querySelector('.maps-map').textContent")).ShouldBe(Name + Name);
        (await maps.Page.Evaluate<string>("document.querySelector('.maps-detail option:last-child').textContent")).ShouldBe(Name);
        (await maps.Page.Evaluate<string>("document.querySelector('.maps code').textContent")).ShouldBe(Name);
        maps.Page.ShouldBeQuiet();
    }

    [Fact]
    public async Task Codes_are_shown_with_their_words()
    {
        using var study = new MapStudy();
        var codes = new double[study.Statistic.Length];
        codes[study.Element] = 3;
        var map = new MapColumn("element_status", "Status", codes, IsSigned: false)
        {
            Words = new Dictionary<int, string> { [0] = "fitted", [3] = "constant response" },
        };
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), [map]);

        var values = await maps.Values();
        values[1][1].ShouldBe("3 (constant response)");
        values[1][2].ShouldBe("exact");
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

    [Fact]
    public async Task Without_JavaScript_the_text_remains()
    {
        using var study = new MapStudy();
        MapPage.Write(study.Page, MapSection.Create(new(study.Geometry(), null, null), [study.Map()], []));
        await using var page = await browser.Open(study.Page, new() { HasScript = false });

        var text = await page.Text("body");
        text.ShouldContain("JavaScript is switched off");
        text.ShouldContain("Neurological convention");
        text.ShouldNotContain("eJ"); // the beginning of deflated data in base64
        page.ShouldBeQuiet();
    }

    [Theory]
    [InlineData(400, false, false)]
    [InlineData(400, true, false)]
    [InlineData(1200, true, false)]
    [InlineData(1000, false, true)]
    public async Task It_fits_narrow_dark_and_printed_pages(int width, bool isDark, bool isPrinted)
    {
        using var study = new MapStudy("fixels");
        var view = new BrowserView
        {
            Width = width,
            IsDark = isDark,
            IsPrinted = isPrinted,
        };
        await using var maps = await ViewedMaps.Open(
            browser,
            study.Page,
            study.Geometry(),
            [study.Map()],
            [new(study.Element, "a peak")],
            view
        );

        (await maps.Page.OverflowsSideways()).ShouldBeFalse();
        (await maps.Find(ViewedMaps.Axial)).Pixels.ShouldBeGreaterThan(0);
        (await maps.Page.Evaluate<bool>("document.querySelector('.maps-controls').offsetHeight > 0")).ShouldBe(!isPrinted);
        maps.Page.ShouldBeQuiet();
    }

    [Fact]
    public async Task Several_sections_share_the_script()
    {
        using var study = new MapStudy();
        var section = MapSection.Create(new(study.Geometry(), null, null), [study.Map()], []);
        MapPage.Write(study.Page, section, section);
        await using var page = await browser.Open(study.Page);
        await page.Page.WaitForFunctionAsync("() => [...document.querySelectorAll('.maps')].every(one => one.dataset.state === 'drawn')");

        (await page.Evaluate<int>("document.querySelectorAll('.maps-slice canvas').length")).ShouldBe(6);
        page.ShouldBeQuiet();
    }

    /// <summary>Fails unless the values at the crosshair are those of a row, as exact as they claim to be.</summary>
    private static async Task ShouldShow(ViewedMaps maps, MapColumn[] columns, int row)
    {
        var shown = await maps.Values();
        var column = Array.IndexOf(shown[0], $"element {row}");
        column.ShouldBeGreaterThan(0, string.Join(' ', shown[0]));
        for (var map = 0; map < columns.Length; map++)
        {
            var tolerance = Number(shown[map + 1][^1].TrimStart('±'));
            tolerance.ShouldBeInRange(1e-12, 1e-3);
            Number(shown[map + 1][column]).ShouldBe(columns[map].Values[row], tolerance);
        }

        static double Number(string text) => double.Parse(text.Replace('−', '-'), CultureInfo.InvariantCulture);
    }
}
