using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Reports;

/// <summary>Every kind of element and model in every view of a reader, and results of which little is left.</summary>
public sealed class AcceptanceTests(Browser browser, AcceptanceTests.Results results)
    : IClassFixture<Browser>,
        IClassFixture<AcceptanceTests.Results>
{
    private const string Evil = "<script>alert(1)</script> \"a\" & 'b' <img src=x onerror=alert(2)>";

    public static TheoryData<string, string> Pages
    {
        get
        {
            var pages = new TheoryData<string, string>();
            foreach (var kind in (string[])["voxels", "fixels", "greyordinates"])
            {
                foreach (var analysis in (string[])["found", "nothing", "nan", "one", "evil", "permuted", "custom"])
                    pages.Add(kind, analysis);
            }
            return pages;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Results_of_every_kind_are_readable_in_every_view(string kind, string analysis)
    {
        var (data, name) = (results.Data(kind), analysis == "evil" ? Evil.Replace('/', '|') : analysis);
        var output = results.Combine($"{kind}-{analysis}.html");
        string[] surfaces =
            kind == "greyordinates" ? ["--surface", $"L={results.Combine("lh.surf.gii")},R={results.Combine("rh.surf.gii")}"] : [];
        HpcFitProgram.Run(["report", data, name, "--output", output, .. surfaces]).ShouldSucceed();
        BrowserView[] views =
        [
            new(),
            new() { IsDark = true },
            new() { Width = 400 },
            new() { IsPrinted = true },
            new() { HasScript = false },
        ];
        foreach (var view in views)
        {
            await using var page = await browser.Open(output, view);
            if (view.HasScript)
                await Drawn(page);
            page.ShouldBeQuiet();
            (await page.OverflowsSideways()).ShouldBeFalse($"{view}");
            (await page.Text("h2")).ShouldBe(name);
            var text = await page.Text("main");
            text.ShouldContain(
                analysis switch
                {
                    "found" => "with Age.p.value.fdr < 0.05. The strongest is",
                    "nothing" => "Age: 0 of ",
                    "nan" => "has a p-value",
                    "one" => $"1 {kind[..^1]}",
                    "permuted" => "with Age.p.value.fwe.tfce < 0.05, which controls the family-wise error over all elements by",
                    "evil" => "alert(2)>: ",
                    _ => "The analysis has no p-values",
                }
            );
        }
    }

    [Theory]
    [InlineData("voxels")]
    [InlineData("fixels")]
    [InlineData("greyordinates")]
    public async Task A_reader_with_a_keyboard_reaches_every_control(string kind)
    {
        var output = results.Combine($"{kind}-keys.html");
        string[] surfaces =
            kind == "greyordinates" ? ["--surface", $"L={results.Combine("lh.surf.gii")},R={results.Combine("rh.surf.gii")}"] : [];
        HpcFitProgram.Run(["report", results.Data(kind), "found", "--output", output, .. surfaces]).ShouldSucceed();
        await using var page = await browser.Open(output);
        await Drawn(page);
        var reached = new HashSet<string>();
        for (var step = 0; step < 80; step++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            reached.Add(
                await page.Evaluate<string>(
                    """
                    (e => e.className || (e.closest('.maps-surface') ? 'surface' : e.closest('.maps-slice') ? 'slice' : e.tagName))
                      (document.activeElement)
                    """
                )
            );
        }
        string[] controls =
        [
            "A",
            "SUMMARY",
            "scroll",
            "slice",
            "maps-map",
            "maps-detail",
            "maps-threshold",
            "maps-high",
            "maps-zoom",
            .. kind == "greyordinates" ? ["surface"] : Array.Empty<string>(),
        ];
        controls.Except(reached).ShouldBeEmpty();
    }

    [Fact]
    public async Task Columns_of_a_function_without_statistics_are_mapped()
    {
        var output = results.Combine("function.html");
        HpcFitProgram.Run("report", results.Data("fixels"), "custom", "--output", output).ShouldSucceed();
        await using var page = await browser.Open(output);
        await Drawn(page);
        (await page.Evaluate<string[]>("[...document.querySelector('.maps-map').options].map(o => o.textContent)")).ShouldBe([
            "mean",
            "n",
            "status of the fit",
        ]);
    }

    [Fact]
    public async Task Null_maxima_are_shown_with_the_observed_one()
    {
        var output = results.Combine("maxima.html");
        HpcFitProgram.Run("report", results.Data("voxels"), "permuted", "found", "--output", output).ShouldSucceed();
        await using var page = await browser.Open(output);
        await Drawn(page);
        page.ShouldBeQuiet();
        var captions = await page.Evaluate<string[]>(
            "[...document.querySelectorAll('figure')].filter(f => f.querySelector('h4').innerText === 'Null maxima').map(f => f.innerText)"
        );
        // 199 shuffles, none of which reaches the observed one.
        captions.ShouldHaveSingleItem().ShouldContain("Largest |Age.tfce| of all elements in 199 shuffles");
        captions[0].ShouldContain("family-wise p 0.005.");
        (await page.Evaluate<string[]>("[...document.querySelector('.maps-map').options].map(o => o.textContent)")).ShouldBe([
            "Age.statistic",
            "Age.tfce",
            "status of the fit",
        ]);
        (
            await page.Evaluate<int>(
                "[...document.querySelectorAll('#term-0-0 th')].filter(t => t.innerText === 'Age.p.value.fwe.tfce').length"
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task Several_analyses_of_a_file_are_one_report()
    {
        var output = results.Combine("several.html");
        HpcFitProgram.Run("report", results.Data("voxels"), "found", "nothing", "custom", "--output", output).ShouldSucceed();
        await using var page = await browser.Open(output);
        await Drawn(page);
        page.ShouldBeQuiet();
        (await page.Evaluate<int>("document.querySelectorAll('.maps[data-state=drawn]').length")).ShouldBe(3);
        (await page.Evaluate<string[]>("[...document.querySelectorAll('h2')].map(h => h.innerText)")).ShouldBe([
            "found",
            "nothing",
            "custom",
        ]);
        (await page.Evaluate<int>("[...document.querySelectorAll('nav a')].filter(a => !document.querySelector(a.hash)).length")).ShouldBe(
            0
        );
        (await page.Evaluate<int>("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size")).ShouldBe(
            await page.Evaluate<int>("document.querySelectorAll('[id]').length")
        );
    }

    private static async Task Drawn(BrowserPage page)
    {
        await page.Page.WaitForFunctionAsync("() => [...document.querySelectorAll('.maps')].every(one => one.dataset.state)");
        (await page.Evaluate<int>("document.querySelectorAll('.maps[data-state=failed]').length")).ShouldBe(0, await page.Text("main"));
    }

    /// <summary>A file of results per kind of element (python/reports/make_results.py).</summary>
    public sealed class Results : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Results()
        {
            Python.Run("reports/make_results.py", _folder.Path, Evil.Replace('/', '|')).ShouldSucceed();
        }

        internal string Data(string kind) => Combine($"{kind}.h5");

        internal string Combine(string name) => _folder.Combine(name);

        public void Dispose() => _folder.Dispose();
    }
}
