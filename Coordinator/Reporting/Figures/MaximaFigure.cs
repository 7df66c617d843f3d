using HpcFit.Coordinator.Reporting.Markup;
using HpcFit.Coordinator.Tables.Formats;

namespace HpcFit.Coordinator.Reporting.Figures;

/// <summary>The most extreme statistics of shuffled data, with that of the data as they are.</summary>
internal static class MaximaFigure
{
    private const int Bins = 30;

    /// <summary>Writes the figure.</summary>
    /// <param name="html">Receives it.</param>
    /// <param name="name">What they are, such as <c>largest |Age.statistic|</c>.</param>
    /// <param name="observed">That of the data as they are.</param>
    /// <param name="shuffled">Those of shuffled data, at least one.</param>
    /// <param name="p">The family-wise p of the observed one.</param>
    public static void Write(HtmlWriter html, string name, double observed, double[] shuffled, double p)
    {
        double[] finite = [.. shuffled.Where(double.IsFinite)];
        if (finite.Length == 0 || !double.IsFinite(observed))
            return;
        var (least, greatest) = (finite.Min(), finite.Max());
        if (!(greatest > least))
            (least, greatest) = (least - 1, greatest + 1);
        var (counts, width) = (new int[Bins], (greatest - least) / Bins);
        foreach (var maximum in finite)
            counts[Math.Min(Bins - 1, (int)((maximum - least) / width))]++;
        Plot.Write(
            html,
            "Null maxima",
            $"{char.ToUpperInvariant(name[0])}{name[1..]} of all elements in {shuffled.Length:N0} shuffles; the line is the observed one, "
                + $"{AlignedTable.Rounded(observed)}, family-wise p {AlignedTable.Rounded(p)}.",
            (name, Math.Min(least, observed), Math.Max(greatest, observed)),
            ("shuffles", 0, counts.Max()),
            plot =>
            {
                for (var bin = 0; bin < Bins; bin++)
                {
                    if (counts[bin] > 0)
                        plot.Bar(least + (bin * width), least + ((bin + 1) * width), 0, counts[bin], "bar");
                }
                plot.Line([(observed, 0), (observed, counts.Max())], "curve");
            }
        );
    }
}
