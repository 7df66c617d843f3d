using HpcFit.Coordinator.Inspection;
using HpcFit.Coordinator.Reporting.Markup;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Reporting;

/// <summary>How the results were made: a paragraph for a paper with its references, and every stored fact.</summary>
/// <param name="analysis">The analysis.</param>
internal sealed class MethodSection(ReportedAnalysis analysis)
{
    private static readonly Dictionary<string, (string Sentence, string Reference)> Corrections = new()
    {
        ["fdr"] = (
            "the Benjamini-Hochberg procedure",
            "Benjamini Y, Hochberg Y (1995). Controlling the false discovery rate. J. R. Statist. Soc. B 57, 289-300."
        ),
        ["BH"] = (
            "the Benjamini-Hochberg procedure",
            "Benjamini Y, Hochberg Y (1995). Controlling the false discovery rate. J. R. Statist. Soc. B 57, 289-300."
        ),
        ["BY"] = (
            "the Benjamini-Yekutieli procedure",
            "Benjamini Y, Yekutieli D (2001). The control of the false discovery rate under dependency. Ann. Statist. 29, 1165-1188."
        ),
        ["holm"] = (
            "Holm's procedure",
            "Holm S (1979). A simple sequentially rejective multiple test procedure. Scand. J. Statist. 6, 65-70."
        ),
        ["hochberg"] = (
            "Hochberg's procedure",
            "Hochberg Y (1988). A sharper Bonferroni procedure for multiple tests of significance. Biometrika 75, 800-802."
        ),
        ["hommel"] = (
            "Hommel's procedure",
            "Hommel G (1988). A stagewise rejective multiple test procedure based on a modified Bonferroni test. Biometrika 75, 383-386."
        ),
        ["bonferroni"] = ("the Bonferroni correction", ""),
    };

    /// <summary>Writes the section.</summary>
    public void Write(HtmlWriter html)
    {
        html.Element("h3", "How it was made");
        if (!analysis.Details.Record.IsEmpty)
        {
            html.Element("p", string.Join(' ', Paragraph()), ("class", "methods"));
            using (html.Begin("ul", ("class", "references")))
            {
                foreach (var reference in References())
                    html.Element("li", reference);
            }
        }
        RowTable.Write(
            html,
            "What is stored with the results (hpcfit inspect)",
            [("fact", true), ("value", true)],
            AnalysisReport.Facts(analysis.Details).Select(fact => (IReadOnlyList<string>)[fact.Label, fact.Text])
        );
    }

    private IEnumerable<string> Paragraph()
    {
        var record = analysis.Details.Record;
        var place = CountText.Format(analysis.Table.Rows, analysis.Element);
        var subjects = record.Value("subjects_used") is { } used ? $" of {used} {analysis.Rows}" : "";
        var formula = record.Value("formula");
        yield return record.Value("model") switch
        {
            "lm" => $"At each of {place}, the linear model {formula} was fitted to the data{subjects} by "
                + $"{(record.Value("weights") is { } weights ? $"least squares with prior weights {weights}" : "ordinary least squares")}.",
            "glm" => $"At each of {place}, the generalised linear model {formula} with family {record.Value("family")} and link "
                + $"{record.Value("link")} was fitted to the data{subjects} by {Likelihood(record.Value("family"))}"
                + $"{(record.Value("weights") is { } prior ? $" with prior weights {prior}" : "")} (McCullagh and Nelder 1989); "
                + "coefficients were tested by Wald's statistics.",
            "lmm" => $"At each of {place}, the linear mixed model {formula} was fitted to the data{subjects} by "
                + $"{(record.Value("ml") == "1" ? "maximum likelihood" : "restricted maximum likelihood")} (Bates et al. 2015); fixed "
                + $"effects were tested with {(record.Value("df") == "residual" ? "residual" : "Satterthwaite's")} degrees of freedom.",
            "gamm" =>
                $"At each of {place}, the generalised additive mixed model {formula}{OfFamily(record)} was fitted to the data{subjects}; "
                    + "smoothing parameters and variances of random effects were estimated by "
                    + $"{(record.Value("ml") == "1" ? "maximum likelihood" : "restricted maximum likelihood")} (Wood 2011), and "
                    + "smooth terms were tested as in Wood (2013).",
            "gam" => $"At each of {place}, the generalised additive model {formula}{OfFamily(record)} was fitted to the data{subjects}; "
                + $"smoothing parameters were selected by {record.Value("method") ?? "GCV.Cp"} (Wood 2011), and smooth terms were tested "
                + "as in Wood (2013).",
            _ => $"At each of {place}, a function was applied to the data{subjects} ({record.Value("function")}).",
        };
        foreach (var sentence in HypothesisMethods.Sentences(record).Concat(PermutationMethods.Sentences(record)))
            yield return sentence;
        if (record.Value("num_subj_lthr_abs") is { } least)
            yield return $"{char.ToUpperInvariant(analysis.Rows[0])}{analysis.Rows[1..]} without a finite value at an element were omitted "
                + $"there; elements with {least} or fewer {analysis.Rows}, or with no more than a fraction of "
                + $"{record.Value("num_subj_lthr_rel")} of them, were not fitted.";
        if (Corrected() is { Count: > 0 } corrections)
            yield return "P-values were corrected for the number of elements by "
                + $"{string.Join(" and ", corrections.Select(one => one.Sentence))}.";
        yield return $"Analyses were run with HpcFit {record.Value("version")}, which reproduces the results of R and of ModelArray "
            + "(Zhao et al. "
            + "2023).";
    }

    private static string Likelihood(string? family) =>
        family?.StartsWith("quasi", StringComparison.Ordinal) == true ? "quasi-likelihood" : "maximum likelihood";

    private static string OfFamily(AnalysisRecord record) =>
        record.Value("family") is { } family ? $" of the family {family} with the link {record.Value("link")}" : "";

    private IEnumerable<string> References()
    {
        yield return "Zhao C, Tapera TM, Bagautdinova J, et al. (2023). ModelArray: an R package for statistical analysis of "
            + "fixel-wise data. "
            + "NeuroImage 271, 120037.";
        if (analysis.Details.Record.Value("model") == "glm")
            yield return "McCullagh P, Nelder JA (1989). Generalized Linear Models. 2nd ed. Chapman and Hall, London.";
        if (analysis.Details.Record.Value("model") == "lmm")
        {
            yield return "Bates D, Maechler M, Bolker B, Walker S (2015). Fitting linear mixed-effects models using lme4. J. Stat. Softw. "
                + "67(1).";
            yield return "Kuznetsova A, Brockhoff PB, Christensen RHB (2017). lmerTest package: tests in linear mixed effects models. "
                + "J. Stat. Softw. 82(13).";
        }
        if (analysis.Details.Record.Value("model") is "gam" or "gamm")
        {
            yield return "Wood SN (2011). Fast stable restricted maximum likelihood and marginal likelihood estimation of semiparametric "
                + "generalized linear models. J. R. Statist. Soc. B 73, 3-36.";
            yield return "Wood SN (2013). On p-values for smooth components of an extended generalized additive model. Biometrika "
                + "100, 221-228.";
        }
        var record = analysis.Details.Record;
        foreach (var reference in HypothesisMethods.References(record).Concat(PermutationMethods.References(record)))
            yield return reference;
        foreach (var (_, reference) in Corrected().Where(one => one.Reference.Length > 0))
            yield return reference;
    }

    private IReadOnlyList<(string Sentence, string Reference)> Corrected() =>
        [
            .. analysis
                .Details.Record.Values("corrections")
                .Where(Corrections.ContainsKey)
                .Select(name => Corrections[name])
                .DistinctBy(one => one.Sentence),
        ];
}
