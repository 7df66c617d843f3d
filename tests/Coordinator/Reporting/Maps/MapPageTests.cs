using HpcFit.Coordinator.Reporting.Maps;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.Coordinator.Tests.Reporting.Maps;

/// <summary>A page with maps in Chromium: without its script, on narrow, dark and printed pages, and with several sections.</summary>
public sealed class MapPageTests(Browser browser) : IClassFixture<Browser>
{
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
}
