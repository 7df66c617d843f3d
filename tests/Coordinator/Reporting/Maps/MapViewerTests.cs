using System.Globalization;
using HpcFit.Coordinator.Reporting.Maps;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.Coordinator.Tests.Reporting.Maps;

/// <summary>The viewer in Chromium: what it shows of maps, values and names.</summary>
public sealed class MapViewerTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData("voxels")]
    [InlineData("fixels")]
    public async Task The_crosshair_starts_at_the_strongest_element_and_shows_its_values(string kind)
    {
        using var study = new MapStudy(kind, "LAS");
        var row = Enumerable.Range(0, study.Statistic.Length).MaxBy(at => Math.Abs(study.Statistic[at]));
        MapColumn[] columns = [study.Map(), new("p", "Age: p", [.. study.Statistic.Select(t => Math.Exp(-Math.Abs(t)))], IsSigned: false)];
        await using var maps = await ViewedMaps.Open(browser, study.Page, study.Geometry(), columns);

        await maps.ShouldShow(columns, row);
        maps.Page.ShouldBeQuiet();
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
        await maps.ShouldShow(columns[..1], Enumerable.Range(0, Fixels).MaxBy(at => Math.Abs(study.Statistic[at])));
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
}
