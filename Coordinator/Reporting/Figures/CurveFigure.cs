using HpcFit.Coordinator.Reporting.Markup;

namespace HpcFit.Coordinator.Reporting.Figures;

/// <summary>A fitted function with its pointwise 95 % interval.</summary>
internal static class CurveFigure
{
    private const double Normal95 = 1.959963984540054;

    /// <summary>Writes the figure.</summary>
    /// <param name="html">Receives it.</param>
    /// <param name="title">The element.</param>
    /// <param name="term">The smooth.</param>
    /// <param name="covariate">Its variable.</param>
    /// <param name="points">Values of the variable, ascending.</param>
    /// <param name="fit">The function.</param>
    /// <param name="standardError">Its standard error.</param>
    public static void Write(
        HtmlWriter html,
        string title,
        string term,
        string covariate,
        double[] points,
        double[] fit,
        double[] standardError
    )
    {
        var band = points
            .Select((x, i) => (X: x, Low: fit[i] - (Normal95 * standardError[i]), High: fit[i] + (Normal95 * standardError[i])))
            .ToList();
        Plot.Write(
            html,
            $"{term} at {title}",
            "The fitted function, centred on zero, with its pointwise 95 % interval.",
            (covariate, points[0], points[^1]),
            (term, band.Min(point => point.Low), band.Max(point => point.High)),
            plot =>
            {
                plot.Band(band, "band");
                plot.Line(points.Select((x, i) => (x, fit[i])), "curve");
            }
        );
    }
}
