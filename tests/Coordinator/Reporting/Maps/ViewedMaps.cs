using System.Globalization;
using HpcFit.Coordinator.Reporting.Maps;
using HpcFit.Coordinator.Reporting.Maps.Geometry;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.Coordinator.Tests.Reporting.Maps;

/// <summary>The viewer in a browser: its pictures as numbers, and a reader's hands.</summary>
internal sealed class ViewedMaps(BrowserPage page) : IAsyncDisposable
{
    public const int Axial = 0;
    public const int Coronal = 1;
    public const int Sagittal = 2;

    private const string Canvases = ".maps-slice canvas";

    /// <summary>A function of the page: the bytes of a slice, copied because Chromium warns of canvases that are read repeatedly.</summary>
    private const string ReadPixels = """
        window.pixelsOf = (slice) => {
          const canvas = document.querySelectorAll('.maps-slice canvas')[slice];
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
          copy.drawImage(canvas, 0, 0);
          return copy.getImageData(0, 0, canvas.width, canvas.height);
        };
        """;

    public BrowserPage Page { get; } = page;

    /// <summary>Writes a page with one section, opens it and waits until it is drawn.</summary>
    public static async Task<ViewedMaps> Open(
        Browser browser,
        string file,
        MapGeometry geometry,
        IReadOnlyList<MapColumn> maps,
        IReadOnlyList<RowDetail>? details = null,
        BrowserView? view = null
    )
    {
        MapPage.Write(file, MapSection.Create(new(geometry, null, null), maps, details ?? []));
        var viewed = new ViewedMaps(await browser.Open(file, view));
        await viewed.Page.Page.WaitForFunctionAsync("() => [...document.querySelectorAll('.maps')].every(one => one.dataset.state)");
        (await viewed.Page.Evaluate<string>("document.querySelector('.maps').dataset.state")).ShouldBe(
            "drawn",
            await viewed.Page.Text(".maps-problem")
        );
        await viewed.Page.Page.EvaluateExpressionAsync(ReadPixels);
        return viewed;
    }

    /// <summary>The pixels of a slice that are red (positive values) or blue (negative ones): how many, and their centre.</summary>
    public async Task<Spot> Find(int slice, bool isPositive = true)
    {
        var numbers = await Page.Page.EvaluateFunctionAsync<double[]>(
            """
            (slice, isPositive) => {
              const { width, height, data } = pixelsOf(slice);
              let [count, x, y] = [0, 0, 0];
              for (let at = 0; at < width * height; at++) {
                const difference = data[4 * at] - data[4 * at + 2];
                if ((isPositive ? difference : -difference) < 25) continue;
                count++;
                x += at % width;
                y += Math.floor(at / width);
              }
              return count === 0 ? [0, 0, 0] : [count, x / count / width, y / count / height];
            }
            """,
            slice,
            isPositive
        );
        return new((int)numbers[0], numbers[1], numbers[2]);
    }

    /// <summary>Clicks on a point of a slice, given as shares of its width and height.</summary>
    public async Task Click(int slice, double x, double y)
    {
        var box = await Page.Page.EvaluateFunctionAsync<double[]>(
            """
            (selector, slice) => {
              const canvas = document.querySelectorAll(selector)[slice];
              canvas.scrollIntoView({ block: 'center' });
              const box = canvas.getBoundingClientRect();
              return [box.left, box.top, box.width, box.height];
            }
            """,
            Canvases,
            slice
        );
        await Page.Page.Mouse.ClickAsync((decimal)(box[0] + (x * box[2])), (decimal)(box[1] + (y * box[3])));
        await Settle();
    }

    /// <summary>Presses keys, one after the other, wherever the focus is.</summary>
    public async Task Press(params string[] keys)
    {
        foreach (var key in keys)
            await Page.Page.Keyboard.PressAsync(key);
        await Settle();
    }

    public async Task Focus(string selector) => await Page.Page.FocusAsync(selector);

    public Task FocusSlice(int slice) =>
        Page.Page.EvaluateFunctionAsync("(selector, slice) => document.querySelectorAll(selector)[slice].focus()", Canvases, slice);

    /// <summary>The crosshair's voxel, as shown.</summary>
    public async Task<int[]> Voxel()
    {
        var text = await Place();
        return [.. "ijk".Select(axis => int.Parse(text.Split($"{axis} ")[1].Split(',', ';')[0]))];
    }

    /// <summary>The crosshair's position, as shown.</summary>
    public async Task<double[]> Millimetres()
    {
        var text = (await Place()).Replace('−', '-');
        return [.. "xyz".Select(axis => double.Parse(text.Split($"{axis} ")[1].Split(',', ' ')[0]))];
    }

    public Task<string> Place() => Page.Text(".maps-place");

    /// <summary>The cells of the table of values at the crosshair, row by row.</summary>
    public Task<string[][]> Values() =>
        Page.Evaluate<string[][]>(
            "[...document.querySelectorAll('.maps-values tr')].map(row => [...row.children].map(cell => cell.textContent))"
        );

    /// <summary>All pixels of all slices as one number, to see whether the picture changed.</summary>
    public Task<double> Picture() =>
        Page.Evaluate<double>(
            "[0, 1, 2].reduce((sum, slice) => pixelsOf(slice).data.reduce((part, byte) => (part * 31 + byte) % 4294967291, sum), 0)"
        );

    /// <summary>Fails unless the values at the crosshair are those of a row, as exact as they claim to be.</summary>
    public async Task ShouldShow(MapColumn[] columns, int row)
    {
        var shown = await Values();
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

    public ValueTask DisposeAsync() => Page.DisposeAsync();

    /// <summary>Waits for the frame in which the viewer draws, and the one after it.</summary>
    private Task<int> Settle() =>
        Page.Evaluate<int>("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");

    /// <summary>A coloured area: the number of its pixels, and its centre as shares of width and height from the top left.</summary>
    internal readonly record struct Spot(int Pixels, double X, double Y);
}
