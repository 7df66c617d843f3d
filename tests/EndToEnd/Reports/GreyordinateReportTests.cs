using System.Globalization;
using System.Text.Json;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Reports;

/// <summary>
/// A report about greyordinates with effects in known places (python/reports/greyordinates.py): on the left surface in front at the top, on
/// the right one at the back and bottom with the other sign, and in a voxel.
/// </summary>
public sealed class GreyordinateReportTests(Browser browser, GreyordinateReportTests.Fitted fitted)
    : IClassFixture<Browser>,
        IClassFixture<GreyordinateReportTests.Fitted>
{
    private const int BadInput = 3;
    private const int Usage = 2;
    private const int LeftLateral = 0;
    private const int RightLateral = 1;

    /// <summary>A function of the page: number and centre (as shares of width and height) of red or blue pixels of a picture.</summary>
    private const string Find = """
        window.find = (source, isRed) => {
          const width = source.naturalWidth || source.width;
          const height = source.naturalHeight || source.height;
          const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
          copy.drawImage(source, 0, 0);
          const { data } = copy.getImageData(0, 0, width, height);
          let [count, x, y] = [0, 0, 0];
          for (let at = 0; at < width * height; at++) {
            const difference = data[4 * at] - data[4 * at + 2];
            if ((isRed ? difference : -difference) < 25) continue;
            count++;
            x += at % width;
            y += Math.floor(at / width);
          }
          return count === 0 ? [0, 0, 0] : [count, x / count / width, y / count / height];
        };
        """;

    [Fact]
    public async Task Effects_are_in_the_pictures_and_in_the_table_where_nibabel_finds_them()
    {
        await using var page = await Open();

        (await page.Evaluate<string[]>("[...document.querySelectorAll('.maps-surface > p')].map(p => p.innerText)")).ShouldBe([
            "Left cortex, lateral",
            "Right cortex, lateral",
            "Left cortex, medial",
            "Right cortex, medial",
        ]);
        // Seen from outside, the front of the left half is on the left, that of the right one on the right.
        var (red, blue) = (await Spot(page, LeftLateral, isRed: true), await Spot(page, RightLateral, isRed: false));
        (red.X, red.Y).ShouldSatisfyAllConditions(() => red.X.ShouldBeLessThan(0.35), () => red.Y.ShouldBeLessThan(0.35));
        (blue.X, blue.Y).ShouldSatisfyAllConditions(() => blue.X.ShouldBeLessThan(0.35), () => blue.Y.ShouldBeGreaterThan(0.65));
        (await Spot(page, LeftLateral, isRed: false)).Pixels.ShouldBe(0);
        (await Spot(page, RightLateral, isRed: true)).Pixels.ShouldBe(0);
        var peaks = await Table(page, "Peaks of Age");
        foreach (var place in (string[])["front", "back", "deep"])
        {
            var row = peaks.Skip(1).Single(one => Cell(one, "element_id") == $"{fitted.Element(place)}");
            ((string[])["x_mm", "y_mm", "z_mm"])
                .Select(name => double.Parse(Cell(row, name), CultureInfo.InvariantCulture))
                .Zip(fitted.Millimetres(place))
                .ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 0.001);
            Cell(row, "structure")
                .ShouldBe(
                    "CIFTI_STRUCTURE_"
                        + (
                            place == "front" ? "CORTEX_LEFT"
                            : place == "back" ? "CORTEX_RIGHT"
                            : "THALAMUS_LEFT"
                        )
                );
        }
        // One cluster around each: the surfaces' have areas.
        var clusters = await Table(page, "Clusters of Age");
        clusters.Length.ShouldBe(4);
        clusters.Skip(1).Count(one => double.TryParse(one[Array.IndexOf(clusters[0], "area_mm2")], out var area) && area > 100).ShouldBe(2);
        page.ShouldBeQuiet();

        string Cell(string[] row, string name) => row[Array.IndexOf(peaks[0], name)];
    }

    [Fact]
    public async Task A_click_selects_the_vertex_and_the_threshold_hides_it()
    {
        await using var page = await Open();
        var red = await Spot(page, LeftLateral, isRed: true);

        await Click(page, LeftLateral, red.X, red.Y);

        var place = await page.Text(".maps-place");
        place.ShouldStartWith("Selected: vertex ");
        place.ShouldContain("CIFTI_STRUCTURE_CORTEX_LEFT");
        var shown = place.Split(';')[1].Replace('−', '-');
        var at = "xyz".Select(axis => double.Parse(shown.Split($"{axis} ")[1].Split(',', ' ')[0], CultureInfo.InvariantCulture));
        at.Zip(fitted.Millimetres("front")).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 15);
        await page.Page.FocusAsync(".maps-threshold");
        await page.Page.Keyboard.PressAsync("End");
        await Settle(page);
        (await Spot(page, LeftLateral, isRed: true)).Pixels.ShouldBe(0);
        await page.Page.Keyboard.PressAsync("Home");
        await Settle(page);
        (await Spot(page, LeftLateral, isRed: true)).Pixels.ShouldBeGreaterThanOrEqualTo(red.Pixels);
    }

    [Fact]
    public async Task Keys_go_from_vertex_to_vertex()
    {
        await using var page = await Open();
        await page.Page.FocusAsync(".maps-surface canvas");
        var places = new List<string>();

        foreach (var key in (string[])["ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown", "Home"])
        {
            await page.Page.Keyboard.PressAsync(key);
            await Settle(page);
            places.Add(await page.Text(".maps-place"));
        }

        places[..5].ShouldAllBe(place => place.StartsWith("Selected: vertex ", StringComparison.Ordinal));
        places[..3].Distinct().Count().ShouldBe(3);
        X(places[1]).ShouldBeGreaterThan(X(places[0])); // to the left of this picture is to the front
        // The strongest element is the voxel: the start.
        places[^1].ShouldStartWith($"Crosshair: voxel i {fitted.Voxel("deep")[0]}, j {fitted.Voxel("deep")[1]}");
        (await page.Text(".maps-place")).ShouldContain("THALAMUS_LEFT");

        static double X(string place) =>
            double.Parse(place.Replace('−', '-').Split("y ")[1].Split(',', ' ')[0], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Without_JavaScript_there_is_a_picture_with_the_same_effects()
    {
        // A page without scripts cannot be asked: its picture is taken out of the file.
        var html = File.ReadAllText(fitted.Report);
        var start = html.IndexOf("data:image/png;base64,", StringComparison.Ordinal);
        var still = fitted.Combine("still.html");
        File.WriteAllText(still, $"<!doctype html><title>s</title><img src=\"{html[start..html.IndexOf('"', start)]}\">");
        await using var page = await browser.Open(still);
        await page.Page.EvaluateExpressionAsync(Find);

        var red = await page.Evaluate<double[]>("find(document.images[0], true)");
        var blue = await page.Evaluate<double[]>("find(document.images[0], false)");

        // Two columns and two rows of pictures: lateral views above.
        (red[1], red[2]).ShouldSatisfyAllConditions(() => red[0].ShouldBeGreaterThan(50), () => red[2].ShouldBeInRange(0, 0.7));
        blue[0].ShouldBeGreaterThan(50);
        await using var bare = await browser.Open(fitted.Report, new() { HasScript = false });
        (await bare.Text("#maps-0")).ShouldContain("on the surfaces (Left cortex, lateral; Right cortex, lateral;");
        bare.ShouldBeQuiet();
    }

    [Theory]
    [InlineData(1200, true, false)]
    [InlineData(400, false, false)]
    [InlineData(400, true, false)]
    [InlineData(1200, false, true)]
    public async Task Every_view_is_readable(int width, bool isDark, bool isPrinted)
    {
        await using var page = await browser.Open(
            fitted.Report,
            new()
            {
                Width = width,
                IsDark = isDark,
                IsPrinted = isPrinted,
            }
        );
        await Drawn(page);
        page.ShouldBeQuiet();
        (await page.OverflowsSideways()).ShouldBeFalse();
        (await page.Evaluate<double>("document.querySelector('.maps-surface canvas').clientWidth")).ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Vertices_without_a_surface_are_counted_in_a_sentence()
    {
        var (one, none) = (fitted.Combine("one.html"), fitted.Combine("none.html"));
        HpcFitProgram
            .Run("report", fitted.Data, "ages", "--surface", $"L={fitted.Combine("lh.surf.gii")}", "--output", one)
            .ShouldSucceed();
        HpcFitProgram.Run("report", fitted.Data, "ages", "--output", none).ShouldSucceed();

        await using var left = await browser.Open(one);
        await Drawn(left);
        (await left.Text("#maps-0")).ShouldContain("The vertices of CIFTI_STRUCTURE_CORTEX_RIGHT are not drawn: give its surface");
        (await left.Evaluate<int>("document.querySelectorAll('div.maps-surface').length")).ShouldBe(2);
        await using var slices = await browser.Open(none);
        await Drawn(slices);
        (await slices.Text("#maps-0")).ShouldContain("--surface L=FILE,R=FILE");
        (await slices.Evaluate<int>("document.querySelectorAll('div.maps-surface').length")).ShouldBe(0);
        (await slices.Evaluate<int>("document.querySelectorAll('.maps-slice').length")).ShouldBe(3);
        slices.ShouldBeQuiet();
    }

    [Fact]
    public void Surfaces_of_another_side_or_mesh_are_refused()
    {
        var (left, right) = (fitted.Combine("lh.surf.gii"), fitted.Combine("rh.surf.gii"));
        Finished Report(string surfaces) =>
            HpcFitProgram.Run("report", fitted.Data, "ages", "--surface", surfaces, "--output", fitted.Combine("refused.html"));

        Report($"L={right},R={left}").ShouldEndWith(BadInput).ShouldSay("rh.surf.gii", "CortexRight", "CORTEX_LEFT");
        var small = fitted.Combine("small.surf.gii");
        Python.Run("reports/small_surface.py", small).ShouldSucceed();
        Report($"L={small},R={right}").ShouldEndWith(BadInput).ShouldSay("small.surf.gii", "4 vertices", "2,562 are expected");
        Report($"L={left},R={fitted.Combine("absent.gii")}").ShouldEndWith(BadInput).ShouldSay("absent.gii");
        Report(left).ShouldEndWith(Usage).ShouldSay("L=FILE,R=FILE");
        File.Exists(fitted.Combine("refused.html")).ShouldBeFalse();
    }

    private async Task<BrowserPage> Open()
    {
        var page = await browser.Open(fitted.Report);
        await Drawn(page);
        await page.Page.EvaluateExpressionAsync(Find);
        return page;
    }

    private static async Task Drawn(BrowserPage page)
    {
        await page.Page.WaitForFunctionAsync("() => [...document.querySelectorAll('.maps')].every(one => one.dataset.state)");
        (await page.Evaluate<string>("document.querySelector('.maps').dataset.state")).ShouldBe("drawn", await page.Text(".maps-problem"));
        await Settle(page);
    }

    private static Task<int> Settle(BrowserPage page) =>
        page.Evaluate<int>("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");

    private static async Task<(int Pixels, double X, double Y)> Spot(BrowserPage page, int picture, bool isRed)
    {
        var found = await page.Page.EvaluateFunctionAsync<double[]>(
            "(at, isRed) => find(document.querySelectorAll('.maps-surface canvas')[at], isRed)",
            picture,
            isRed
        );
        return ((int)found[0], found[1], found[2]);
    }

    private static async Task Click(BrowserPage page, int picture, double x, double y)
    {
        var box = await page.Page.EvaluateFunctionAsync<double[]>(
            """
            (at) => {
              const canvas = document.querySelectorAll('.maps-surface canvas')[at];
              canvas.scrollIntoView({ block: 'center' });
              const box = canvas.getBoundingClientRect();
              return [box.left, box.top, box.width, box.height];
            }
            """,
            picture
        );
        await page.Page.Mouse.ClickAsync((decimal)(box[0] + (x * box[2])), (decimal)(box[1] + (y * box[3])));
        await Settle(page);
    }

    private static async Task<string[][]> Table(BrowserPage page, string caption) =>
        await page.Page.EvaluateFunctionAsync<string[][]>(
            """
            (caption) => {
              const table = [...document.querySelectorAll('table')].find((one) => one.caption && one.caption.innerText.startsWith(caption));
              return [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText));
            }
            """,
            caption
        );

    /// <summary>The study, fitted, and its report with both surfaces.</summary>
    public sealed class Fitted : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly JsonElement _facts;

        public Fitted()
        {
            var made = Python.Run("reports/greyordinates.py", _folder.Path).ShouldSucceed();
            _facts = JsonDocument.Parse(made.Output).RootElement;
            HpcFitProgram.Run("convert", "--cohort", Combine("cohort.csv"), "--output", Data).ShouldSucceed();
            string[] run = ["run", "--model", "lm", "--data", Data, "--phenotypes", Combine("cohort.csv"), "--formula", "THICK ~ Age"];
            HpcFitProgram.Run([.. run, "--analysis", "ages"]).ShouldSucceed();
            var surfaces = $"L={Combine("lh.surf.gii")},R={Combine("rh.surf.gii")}";
            HpcFitProgram.Run("report", Data, "ages", "--alpha", "0.0001", "--surface", surfaces, "--output", Report).ShouldSucceed();
        }

        internal string Data => Combine("data.h5");

        internal string Report => Combine("ages.html");

        internal string Combine(string name) => _folder.Combine(name);

        internal int Element(string place) => _facts.GetProperty(place).GetProperty("element").GetInt32();

        internal double[] Millimetres(string place) =>
            [.. _facts.GetProperty(place).GetProperty("millimetres").EnumerateArray().Select(one => one.GetDouble())];

        internal int[] Voxel(string place) =>
            [.. _facts.GetProperty(place).GetProperty("voxel").EnumerateArray().Select(one => one.GetInt32())];

        public void Dispose() => _folder.Dispose();
    }
}
