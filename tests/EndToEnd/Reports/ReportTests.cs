using System.Globalization;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Reports;

/// <summary>Reports as their readers see them, in a browser.</summary>
public sealed class ReportTests(Browser browser, ReportTests.Fitted fitted) : IClassFixture<Browser>, IClassFixture<ReportTests.Fitted>
{
    private const int BadInput = 3;

    [Theory]
    [InlineData(1200, false, false, true)]
    [InlineData(1200, true, false, true)]
    [InlineData(400, false, false, true)]
    [InlineData(1200, false, true, true)]
    [InlineData(1200, false, false, false)]
    public async Task A_report_is_readable_in_every_view_and_requests_nothing(int width, bool isDark, bool isPrinted, bool hasScript)
    {
        await using var page = await browser.Open(
            fitted.Report,
            new()
            {
                Width = width,
                IsDark = isDark,
                IsPrinted = isPrinted,
                HasScript = hasScript,
            }
        );
        page.ShouldBeQuiet();
        (await page.OverflowsSideways()).ShouldBeFalse();
        (await page.Text("h1")).ShouldBe("lm, curve of data.h5");
        (await page.Text("body")).ShouldContain("lm FD ~ Age + sex was fitted at 3,000 elements with 60 of 60 subjects.");
        var (text, back) = (
            await page.Evaluate<string>("getComputedStyle(document.body).color"),
            await page.Evaluate<string>("getComputedStyle(document.body).backgroundColor")
        );
        (Luminance(text) - Luminance(back) > 0.5).ShouldBe(isDark);
        Math.Abs(Luminance(text) - Luminance(back)).ShouldBeGreaterThan(0.7);
    }

    [Fact]
    public async Task Every_number_of_the_tables_equals_that_of_export_table()
    {
        await using var page = await browser.Open(fitted.Report);
        var tables = await page.Evaluate<string[][][]>(
            "[...document.querySelectorAll('#analysis-0 table')].map(t => [...t.rows].map(r => [...r.cells].map(c => c.innerText)))"
        );
        var peaks = tables.Single(table => table[0].Contains("Age.p.value.fdr") && table[0].Contains("element_id"));
        peaks.Length.ShouldBeGreaterThan(5);
        var results = ResultsTable.Read(fitted.Study.Data, "lm");
        foreach (var row in peaks.Skip(1))
        {
            var element = int.Parse(row[Array.IndexOf(peaks[0], "element_id")], CultureInfo.InvariantCulture);
            foreach (var (name, cell) in peaks[0].Zip(row).Where(pair => results.Names.Contains(pair.First)))
            {
                var value = results[name][element];
                double.Parse(cell, CultureInfo.InvariantCulture).ShouldBe(value, Math.Abs(value) * 5e-5, $"{name} of element {element}");
            }
        }
        var fdr = results["Age.p.value.fdr"];
        var below = fdr.Count(value => value < 0.05);
        (await page.Text("#analysis-0")).ShouldContain($"Age: {below.ToString("N0", CultureInfo.InvariantCulture)} of 2,998 elements");
        peaks.Skip(1).Select(row => double.Parse(row[^1], CultureInfo.InvariantCulture)).ShouldBeInOrder();
        tables
            .Any(table => table[0].Contains("meaning") && Array.Exists(table, row => row.Contains("TooFewSubjects") && row[^1] == "2"))
            .ShouldBeTrue();
    }

    [Fact]
    public async Task Figures_have_text_axes_and_the_curve_of_a_smooth()
    {
        await using var page = await browser.Open(fitted.Report);
        var figures = await page.Evaluate<string[]>("[...document.querySelectorAll('figure')].map(f => f.querySelector('h4').innerText)");
        figures.Count(title => title == "QQ plot").ShouldBe(5);
        figures.ShouldContain(title => title.StartsWith("s_Age at element", StringComparison.Ordinal));
        (
            await page.Evaluate<int>("[...document.querySelectorAll('svg')].filter(s => s.querySelectorAll('text').length < 6).length")
        ).ShouldBe(0);
        // An effect in every tenth element: an excess of small p-values, and none without an effect (sex).
        var captions = await page.Evaluate<string[]>("[...document.querySelectorAll('figcaption')].map(c => c.innerText)");
        captions
            .Where(caption => caption.StartsWith("Number of elements per interval of p.", StringComparison.Ordinal))
            .Count()
            .ShouldBe(5);
        (await page.Text("#methods-1")).ShouldContain("smoothing parameters were selected by REML");
    }

    [Fact]
    public async Task Names_that_look_like_markup_are_shown_as_they_are()
    {
        const string name = "<script>alert(1)</script> \"a\" & 'b'";
        var output = fitted.Study.Combine("evil.html");
        HpcFitProgram.Run([.. fitted.Study.Lm("FD ~ Age", name.Replace('/', '|')), "--column", "Age=Age"]).ShouldSucceed();
        HpcFitProgram.Run("report", fitted.Study.Data, name.Replace('/', '|'), "--output", output).ShouldSucceed();
        await using var page = await browser.Open(output);
        page.ShouldBeQuiet();
        (await page.Text("h2")).ShouldBe(name.Replace('/', '|'));
        (await page.Evaluate<int>("document.querySelectorAll('script').length")).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Without_findings_the_strongest_elements_are_listed_as_such()
    {
        var output = fitted.Study.Combine("none.html");
        HpcFitProgram.Run("report", fitted.Study.Data, "lm", "--alpha", "1e-12", "--output", output).ShouldSucceed();
        await using var page = await browser.Open(output);
        (await page.Text("#analysis-0")).ShouldContain("Age: 0 of 2,998 elements (0 %) with Age.p.value.fdr < 1e-12");
        (await page.Text("#term-0-0")).ShouldContain("No element has Age.p.value.fdr < 1e-12. The strongest ones");
    }

    [Fact]
    public void Reports_and_tables_are_not_replaced_unless_asked_for()
    {
        var (output, tables) = (fitted.Study.Combine("twice.html"), fitted.Study.Combine("tables"));
        string[] command = ["report", fitted.Study.Data, "lm", "--output", output, "--tables", tables];
        HpcFitProgram.Run(command).ShouldSucceed().Output.ShouldContain("open it in a browser");
        var peaks = File.ReadAllLines(Path.Combine(tables, "lm_Age_peaks.csv"));
        peaks[0].ShouldBe("element_id,Age.estimate,Age.conf.low,Age.conf.high,Age.statistic,Age.p.value,Age.p.value.fdr");
        HpcFitProgram.Run(command).ShouldEndWith(BadInput).ShouldSay("exists", "--overwrite");
        HpcFitProgram.Run([.. command, "--overwrite"]).ShouldSucceed();
        HpcFitProgram
            .Run("report", fitted.Study.Data, "lmm", "--output", fitted.Study.Combine("x.html"))
            .ShouldEndWith(BadInput)
            .ShouldSay("'lm'");
        File.Exists(fitted.Study.Combine("x.html")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_run_writes_its_report_and_one_without_p_values_has_one_too()
    {
        var output = fitted.Study.Combine("bare.h5");
        string[] command =
        [
            .. fitted.Study.Lm("FD ~ Age", "bare"),
            "--var-terms",
            "estimate",
            "--correct-p-value-terms",
            "none",
            "--var-model",
            "nobs",
            "--correct-p-value-model",
            "none",
            "--output",
            output,
            "--report",
        ];
        HpcFitProgram.Run(command).ShouldSucceed().Output.ShouldContain("report     ");
        await using var page = await browser.Open(fitted.Study.Combine("bare.html"));
        page.ShouldBeQuiet();
        (await page.Text("body")).ShouldContain("The analysis has no p-values");
        File.Delete(fitted.Study.Combine("bare.html"));
        HpcFitProgram.Run(command).ShouldSucceed().Output.ShouldContain("report     ");
        File.Exists(fitted.Study.Combine("bare.html")).ShouldBeTrue();
    }

    /// <summary>The relative luminance of a CSS colour such as <c>rgb(1, 2, 3)</c>, 0 to 1.</summary>
    private static double Luminance(string colour)
    {
        var parts = colour[(colour.IndexOf('(', StringComparison.Ordinal) + 1)..^1]
            .Split(',')
            .Select(part => double.Parse(part, CultureInfo.InvariantCulture) / 255)
            .ToArray();
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    /// <summary>A study with an lm and a gam, and a report of both.</summary>
    public sealed class Fitted : IDisposable
    {
        public Fitted()
        {
            HpcFitProgram.Run(Study.Lm("FD ~ Age + sex", "lm")).ShouldSucceed();
            HpcFitProgram
                .Run([
                    .. Study.Lm("FD ~ s(Age, k=4) + sex", "curve").Select(word => word == "lm" ? "gam" : word),
                    "--method",
                    "REML",
                    "--smooth-curves",
                    "25",
                ])
                .ShouldSucceed();
            HpcFitProgram.Run("report", Study.Data, "lm", "curve", "--output", Report).ShouldSucceed();
        }

        internal Study Study { get; } = new();

        internal string Report => Study.Combine("report.html");

        public void Dispose() => Study.Dispose();
    }
}
