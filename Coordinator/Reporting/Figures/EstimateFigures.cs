using HpcFit.Coordinator.Reporting.Markup;

namespace HpcFit.Coordinator.Reporting.Figures;

/// <summary>The distribution of a term's estimates, and estimates against p-values.</summary>
internal static class EstimateFigures
{
    private const int Bins = 40;

    /// <summary>Cells of the volcano plot along each axis: at most as many marks as a browser draws without delay.</summary>
    private const int Cells = 45;

    private const double MaxLog = 300;

    /// <summary>Writes the histogram of estimates.</summary>
    /// <param name="html">Receives it.</param>
    /// <param name="estimates">The estimates, none missing, at least one.</param>
    public static void WriteHistogram(HtmlWriter html, double[] estimates)
    {
        var (least, greatest) = Widened(estimates.Min(), estimates.Max());
        var counts = new int[Bins];
        foreach (var estimate in estimates)
            counts[Math.Clamp((int)((estimate - least) / (greatest - least) * Bins), 0, Bins - 1)]++;
        Plot.Write(
            html,
            "Estimates",
            $"Number of elements per interval of the estimate; {estimates.Count(estimate => estimate > 0):N0} are positive, "
                + $"{estimates.Count(estimate => estimate < 0):N0} negative.",
            ("estimate", least, greatest),
            ("elements", 0, counts.Max()),
            plot =>
            {
                var width = (greatest - least) / Bins;
                for (var bin = 0; bin < Bins; bin++)
                {
                    if (counts[bin] > 0)
                        plot.Bar(least + (bin * width), least + ((bin + 1) * width), 0, counts[bin], "bar");
                }
                plot.Line([(0, 0), (0, counts.Max())], "reference");
            }
        );
    }

    /// <summary>Writes the estimates against -log10 p, binned: a darker mark stands for more elements.</summary>
    /// <param name="html">Receives it.</param>
    /// <param name="estimates">One estimate per element.</param>
    /// <param name="pValues">Their p-values.</param>
    /// <param name="isBelow">Whether each is below the threshold.</param>
    /// <param name="threshold">The threshold in words.</param>
    public static void WriteVolcano(HtmlWriter html, double[] estimates, double[] pValues, bool[] isBelow, string threshold)
    {
        var logs = Array.ConvertAll(pValues, p => Math.Min(MaxLog, -Math.Log10(Math.Max(p, double.Epsilon))));
        var (least, greatest) = Widened(Math.Min(0, estimates.Min()), Math.Max(0, estimates.Max()));
        var top = Math.Max(1, logs.Max());
        var cells = new Dictionary<(int X, int Y, bool IsBelow), int>();
        for (var i = 0; i < logs.Length; i++)
        {
            var x = Math.Clamp((int)((estimates[i] - least) / (greatest - least) * Cells), 0, Cells - 1);
            var y = Math.Clamp((int)(logs[i] / top * Cells), 0, Cells - 1);
            cells[(x, y, isBelow[i])] = cells.GetValueOrDefault((x, y, isBelow[i])) + 1;
        }
        Plot.Write(
            html,
            "Estimates and p",
            $"Each mark stands for one or more elements, a larger one for more; the coloured ones have {threshold}.",
            ("estimate", least, greatest),
            ("-log10 p", 0, top),
            plot =>
            {
                var most = Math.Log(1 + cells.Values.Max());
                foreach (var ((x, y, below), count) in cells.OrderBy(cell => cell.Key.IsBelow))
                    plot.Dot(
                        least + ((x + 0.5) / Cells * (greatest - least)),
                        (y + 0.5) / Cells * top,
                        below ? "mark found" : "mark",
                        radius: 1 + (2.2 * Math.Log(1 + count) / most)
                    );
            }
        );
    }

    private static (double Least, double Greatest) Widened(double least, double greatest) =>
        greatest > least ? (least, greatest) : (least - Math.Max(1, Math.Abs(least)), greatest + Math.Max(1, Math.Abs(greatest)));
}
