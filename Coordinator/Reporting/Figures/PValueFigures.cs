using HpcFit.Coordinator.Reporting.Markup;
using HpcFit.Coordinator.Tables.Formats;
using MathNet.Numerics.Distributions;

namespace HpcFit.Coordinator.Reporting.Figures;

/// <summary>The distribution of a term's p-values: a histogram, and their quantiles against those of a uniform distribution.</summary>
/// <param name="sorted">The p-values, ascending, none missing, at least one.</param>
internal sealed class PValueFigures(double[] sorted)
{
    private const int Bins = 20;
    private const int MaxMarks = 600;

    /// <summary>Above this value, p-values are taken to be those of elements without an effect.</summary>
    private const double NullOnly = 0.5;

    /// <summary>The smallest -log10 p of the figure where p is 0: that of the least positive double is larger.</summary>
    private const double MaxLog = 300;

    /// <summary>
    /// The estimated share of elements without an effect: the density of p-values above a half (Storey, J. R. Statist. Soc. B 64 (2002)
    /// 479-498, with lambda = 0.5), at most 1.
    /// </summary>
    public double NullShare => Math.Min(1, sorted.Count(p => p > NullOnly) / (sorted.Length * (1 - NullOnly)));

    /// <summary>
    /// The inflation factor: the median of the statistics as chi-squared variables of one degree of freedom, relative to that under the
    /// null hypothesis (Devlin and Roeder, Biometrics 55 (1999) 997-1004). 1: as expected without any effect.
    /// </summary>
    public double Inflation => ChiSquared.InvCDF(1, 1 - Median()) / ChiSquared.InvCDF(1, 0.5);

    /// <summary>Writes the histogram.</summary>
    public void WriteHistogram(HtmlWriter html)
    {
        var counts = new int[Bins];
        foreach (var p in sorted)
            counts[Math.Min(Bins - 1, (int)(p * Bins))]++;
        var expected = NullShare * sorted.Length / Bins;
        Plot.Write(
            html,
            "p-values",
            $"Number of elements per interval of p. The line shows the elements expected without an effect, an estimated share of "
                + $"{AlignedTable.Rounded(Math.Round(NullShare, 3))} (Storey 2002).",
            ("p", 0, 1),
            ("elements", 0, Math.Max(counts.Max(), expected)),
            plot =>
            {
                for (var bin = 0; bin < Bins; bin++)
                    plot.Bar((double)bin / Bins, (bin + 1.0) / Bins, 0, counts[bin], "bar");
                plot.Line([(0, expected), (1, expected)], "reference");
            }
        );
    }

    /// <summary>Writes the quantile-quantile plot with the 95 % band of each order statistic of uniform values.</summary>
    public void WriteQuantiles(HtmlWriter html)
    {
        var marks = Marks().ToList();
        var band = marks.Select(mark => (X: Expected(mark), Low: Bound(mark, 0.975), High: Bound(mark, 0.025))).ToList();
        var greatest = Math.Max(marks.Max(Observed), Math.Max(marks.Max(Expected), band.Max(point => point.High)));
        Plot.Write(
            html,
            "QQ plot",
            $"Observed against expected -log10 p; the band holds 95 % of the values at each rank without an effect. Inflation factor "
                + $"{AlignedTable.Rounded(Math.Round(Inflation, 3))}.",
            ("expected -log10 p", 0, marks.Max(Expected)),
            ("observed -log10 p", 0, greatest),
            plot =>
            {
                plot.Band(band, "band");
                plot.Line([(0, 0), (marks.Max(Expected), marks.Max(Expected))], "reference");
                foreach (var mark in marks)
                    plot.Dot(Expected(mark), Observed(mark), "mark", radius: 1.5);
            }
        );
    }

    private double Median() =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;

    /// <summary>Ranks, counted from 0: all of the smallest, the others evenly spaced on the logarithmic scale.</summary>
    private IEnumerable<int> Marks()
    {
        const int Smallest = 200;
        for (var rank = 0; rank < Math.Min(Smallest, sorted.Length); rank++)
            yield return rank;
        var (last, steps) = (Smallest - 1, MaxMarks - Smallest);
        for (var step = 1; step <= steps && sorted.Length > Smallest; step++)
        {
            var rank = (int)Math.Round(Smallest * Math.Pow((double)(sorted.Length - 1) / Smallest, (double)step / steps));
            if (rank <= last || rank >= sorted.Length)
                continue;
            last = rank;
            yield return rank;
        }
    }

    private double Expected(int rank) => -Math.Log10((rank + 0.5) / sorted.Length);

    private double Observed(int rank) => Math.Min(MaxLog, -Math.Log10(Math.Max(sorted[rank], double.Epsilon)));

    /// <summary>A quantile of the order statistic of so many uniform values, which has a beta distribution, as -log10.</summary>
    private double Bound(int rank, double quantile) => -Math.Log10(Beta.InvCDF(rank + 1, sorted.Length - rank, quantile));
}
