using System.Globalization;
using HpcFit.Coordinator.Reporting.Markup;

namespace HpcFit.Coordinator.Reporting;

/// <summary>A report: one HTML file about one or several analyses of a file (docs/report.md).</summary>
internal static class ReportPage
{
    private const string PrivacyWarning =
        "This page contains measurements of single subjects: personal data, from which a participant may be recognised. Share it only with "
        + "people who may see the data themselves. The option --with-subject-values added them; without it a report has none.";

    /// <summary>Writes the page.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="file">The file with the results, as the user named it.</param>
    /// <param name="analyses">The analyses.</param>
    /// <param name="maps">The maps of each analysis.</param>
    /// <param name="version">This program's version.</param>
    public static void Write(TextWriter output, string file, IReadOnlyList<ReportedAnalysis> analyses, ReportMaps maps, string version)
    {
        var title = $"{string.Join(", ", analyses.Select(analysis => analysis.Table.Analysis))} of {Path.GetFileName(file)}";
        PageShell.Write(
            output,
            title,
            Resource.Read("report.css") + maps.Style,
            maps.Script,
            html =>
            {
                using (html.Begin("header"))
                {
                    html.Element("h1", title);
                    html.Element(
                        "p",
                        $"{file}. Written by HpcFit {version} on "
                            + $"{DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC."
                    );
                    if (analyses.Any(analysis => analysis.Subjects is not null))
                        html.Element("p", PrivacyWarning, ("class", "warning"), ("role", "note"));
                    Contents(html, analyses);
                }
                using (html.Begin("main"))
                {
                    foreach (var (index, analysis) in analyses.Index())
                        Analysis(html, analysis, index, maps);
                }
            }
        );
    }

    private static void Contents(HtmlWriter html, IReadOnlyList<ReportedAnalysis> analyses)
    {
        using (html.Begin("nav", ("aria-label", "Contents")))
        using (html.Begin("ul"))
        {
            foreach (var (index, analysis) in analyses.Index())
            {
                using (html.Begin("li"))
                {
                    html.Element("a", analysis.Table.Analysis, ("href", $"#analysis-{index}"));
                    html.Text(": ");
                    html.Element("a", "maps", ("href", $"#maps-{index}"));
                    foreach (var (number, term) in analysis.Terms.Index())
                    {
                        html.Text(", ");
                        html.Element("a", term.Name, ("href", $"#term-{index}-{number}"));
                    }
                    html.Text(", ");
                    html.Element("a", "methods", ("href", $"#methods-{index}"));
                }
            }
        }
    }

    private static void Analysis(HtmlWriter html, ReportedAnalysis analysis, int index, ReportMaps maps)
    {
        using (html.Begin("section", ("id", $"analysis-{index}"), ("aria-labelledby", $"title-{index}")))
        {
            html.Element("h2", analysis.Table.Analysis, ("id", $"title-{index}"));
            new SummarySection(analysis).Write(html);
            new VarianceSection(analysis).Write(html);
            using (html.Begin("section", ("id", $"maps-{index}")))
            {
                html.Element("h3", "Maps");
                html.Raw(maps.HtmlOf(index));
            }
            foreach (var (number, term) in analysis.Terms.Index())
            {
                using (html.Begin("section", ("id", $"term-{index}-{number}")))
                    new TermSection(analysis, term).Write(html);
            }
            using (html.Begin("section", ("id", $"methods-{index}")))
            {
                new MethodSection(analysis).Write(html);
                new RunSection(analysis.Details.Record.Value("run_directory")).Write(html);
            }
        }
    }
}
