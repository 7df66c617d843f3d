using HpcFit.Coordinator.Reporting.Figures;
using HpcFit.Coordinator.Reporting.Findings;
using HpcFit.Coordinator.Reporting.Markup;
using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tables.Formats;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Reporting;

/// <summary>One term: the distributions of its statistics, its peaks, and its clusters.</summary>
/// <param name="analysis">The analysis.</param>
/// <param name="term">The term.</param>
internal sealed class TermSection(ReportedAnalysis analysis, Term term)
{
    private const int MaxClusters = 20;
    private const int MaxCurves = 3;

    /// <summary>Writes the section.</summary>
    public void Write(HtmlWriter html)
    {
        html.Element("h3", term.Name == "model" ? "Model as a whole" : term.Name);
        var rows = Enumerable.Range(0, term.PValues.Length).Where(row => !double.IsNaN(term.PValues[row])).ToArray();
        if (rows.Length == 0)
        {
            html.Element("p", $"No {analysis.Element} has a p-value.");
            return;
        }
        WriteFigures(html, rows);
        WritePeaks(html);
        WriteCurves(html);
        WriteSubjects(html);
        WriteClusters(html);
    }

    private void WriteFigures(HtmlWriter html, int[] rows)
    {
        using (html.Begin("div", ("class", "figures")))
        {
            var sorted = Array.ConvertAll(rows, row => term.PValues[row]);
            Array.Sort(sorted);
            var figures = new PValueFigures(sorted);
            figures.WriteHistogram(html);
            figures.WriteQuantiles(html);
            foreach (var maxima in NullMaxima.Read(analysis.Table, term.Name))
                MaximaFigure.Write(html, maxima.Name, maxima.Observed, maxima.Shuffled, maxima.P);
            if (term.Estimates is not { } estimates)
                return;
            var known = rows.Where(row => double.IsFinite(estimates[row])).ToArray();
            if (known.Length == 0)
                return;
            var values = Array.ConvertAll(known, row => estimates[row]);
            EstimateFigures.WriteHistogram(html, values);
            EstimateFigures.WriteVolcano(
                html,
                values,
                Array.ConvertAll(known, row => term.PValues[row]),
                Array.ConvertAll(known, row => term.IsBelow(row, analysis.Threshold)),
                analysis.ThresholdOf(term)
            );
        }
    }

    private void WritePeaks(HtmlWriter html)
    {
        var peaks = analysis.PeaksOf(term);
        var isFound = peaks.Count > 0 && term.IsBelow(peaks[0], analysis.Threshold);
        var apart = analysis.Space.Unit switch
        {
            "mm" => $", at least {Peaks.Separation} mm apart",
            "voxels" => $", at least {Peaks.SeparationInVoxels} voxels apart",
            _ => "",
        };
        var caption = isFound
            ? $"Peaks of {term.Name}: the strongest {analysis.Elements} with {analysis.ThresholdOf(term)}{apart}"
            : $"No {analysis.Element} has {analysis.ThresholdOf(term)}. The strongest ones{apart}";
        var columns = PeakColumns.Create(analysis, term);
        var interval = columns.Any(column => column.Name == $"{term.Name}.conf.low")
            ? "; conf.low and conf.high are the limits of the estimate's confidence interval, without regard to the selection"
            : "";
        RowTable.Write(html, caption + interval, columns, peaks);
        foreach (var note in analysis.Table.Extrapolated(columns).Select(one => one.Note).OfType<string>())
            html.Element("p", note, ("class", "footnote"));
    }

    /// <summary>The fitted functions of a smooth at its strongest peaks, where they are stored.</summary>
    private void WriteCurves(HtmlWriter html)
    {
        if (analysis.Details.Record.Value("model") is not ("gam" or "gamm") || term.Estimates is not null || term.Name == "model")
            return;
        var curves = analysis
            .PeaksOf(term)
            .Take(MaxCurves)
            .Select(row => (Row: row, Curve: StoredCurve.Read(analysis.Table, term.Name, row)))
            .Where(one => one.Curve is not null)
            .ToList();
        if (curves.Count == 0)
        {
            html.Element("p", "The fitted function of a smooth of one variable is shown here when the run stores it: --smooth-curves 100.");
            return;
        }
        using (html.Begin("div", ("class", "figures")))
        {
            foreach (var (row, curve) in curves)
                CurveFigure.Write(
                    html,
                    $"{analysis.Element} {analysis.IdOf(row)}",
                    term.Name,
                    curve!.Covariate,
                    curve.Points,
                    curve.Fit,
                    curve.StandardError
                );
        }
    }

    /// <summary>The values of single subjects at the strongest peaks, where they were requested.</summary>
    private void WriteSubjects(HtmlWriter html)
    {
        if (analysis.Subjects is not { } subjects || term.Name == "model")
            return;
        if (subjects.PhenotypeOf(term.Name) is not { } phenotype)
        {
            html.Element("p", $"No column of the cohort could be assigned to {term.Name}, so values of subjects are not shown.");
            return;
        }
        using (html.Begin("div", ("class", "figures subjects")))
        {
            foreach (var row in analysis.PeaksOf(term).Take(MaxCurves))
                SubjectFigure.Write(
                    html,
                    $"Subjects at {analysis.Element} {analysis.IdOf(row)}",
                    subjects.Scalar,
                    subjects.At(analysis.ElementOf(row)),
                    phenotype.Name,
                    phenotype.Values,
                    phenotype.Groups
                );
        }
    }

    private void WriteClusters(HtmlWriter html)
    {
        var clusters = Cluster.Find(term, analysis.Space, analysis.Threshold);
        if (clusters.Count == 0)
            return;
        var places = analysis
            .Table.Positions.Columns.Where(column => column.Name is "structure" or "i" or "j" or "k" or "x_mm" or "y_mm" or "z_mm")
            .ToList();
        var total = CountText.Format(clusters.Count, "cluster");
        var shown = clusters.Count > MaxClusters ? $"the {MaxClusters} largest of {total}" : total;
        RowTable.Write(
            html,
            $"Clusters of {term.Name}: {shown} of adjacent {analysis.Elements} with {analysis.ThresholdOf(term)}"
                + $"{(term.Estimates is null ? "" : " and estimates of one sign")}; adjacent are {analysis.Space.Neighbourhood}",
            [
                (analysis.Elements, false),
                .. analysis.Space.HasVertices ? [("area_mm2", false)] : Array.Empty<(string, bool)>(),
                ("peak element_id", false),
                .. places.Select(column => ($"peak {column.Name}", column is TextColumn)),
                ($"peak {term.Decisive.Name}", false),
                .. term.Estimates is null ? Array.Empty<(string, bool)>() : [("mean estimate", false)],
            ],
            clusters
                .Take(MaxClusters)
                .Select(cluster =>
                    (IReadOnlyList<string>)
                        [
                            $"{cluster.Rows.Count:N0}",
                            .. Area(cluster),
                            analysis.IdOf(cluster.Peak),
                            .. places.Select(column => AlignedTable.Cell(column, cluster.Peak)),
                            AlignedTable.Rounded(term.Decisions[cluster.Peak]),
                            .. term.Estimates is null ? [] : (string[])[AlignedTable.Rounded(cluster.MeanEstimate)],
                        ]
                )
        );
    }

    /// <summary>The area of a cluster of vertices; empty for one of voxels; nothing where there are no surfaces.</summary>
    private IEnumerable<string> Area(Cluster cluster)
    {
        if (analysis.Space.HasVertices)
            yield return analysis.Space.AreaOf(cluster.Rows) is > 0 and var area ? AlignedTable.Rounded(area) : "";
    }
}
