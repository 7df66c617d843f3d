using System.Globalization;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Demo;

/// <summary>Compares the results of the demo's analysis with the simulated effects.</summary>
internal static class DemoReport
{
    private const int Strongest = 8;
    private const double Level = 0.05;

    /// <summary>The report's lines.</summary>
    /// <param name="file">The file that contains the results.</param>
    /// <param name="analysis">The analysis, an lm with the term <c>Age</c>.</param>
    public static IEnumerable<string> Lines(string file, string analysis)
    {
        using var results = AnalysisColumns.Open(file, analysis);
        var (ids, slopes, p, adjusted) = (
            results.Read("element_id"),
            results.Read("Age.estimate"),
            results.Read("Age.p.value"),
            results.Read("Age.p.value.fdr")
        );
        var truth = Array.ConvertAll(ids, id => DemoStudy.TrueSlope((int)id));
        var rows = Enumerable.Range(0, ids.Length).ToList();
        var found = rows.Count(row => truth[row] != 0 && adjusted[row] < Level);
        var mistaken = rows.Count(row => truth[row] == 0 && adjusted[row] < Level);

        yield return "The strongest effects of age, and the simulated ones:";
        yield return "";
        yield return "     fixel   slope/year    true      p.value  p.value.fdr";
        foreach (var row in rows.Where(row => !double.IsNaN(p[row])).OrderBy(row => p[row]).Take(Strongest))
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{ids[row], 10:F0}{slopes[row], 13:F4}{truth[row], 8:F3}{p[row], 13:0.0E-00}{adjusted[row], 13:0.0E-00}"
            );
        yield return "";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"At p.value.fdr < {Level}: {found:N0} of the {truth.Count(slope => slope != 0):N0} fixels with an effect, and "
                + $"{mistaken:N0} of the {truth.Count(slope => slope == 0):N0} without."
        );
    }
}
