using System.Globalization;
using System.Runtime.CompilerServices;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Tests.Formulas;

/// <summary>
/// Against R 4.2.2's terms() and model.matrix(); refresh with <c>LC_ALL=C.UTF-8 Rscript tests/Worker/Formulas/golden/make.R</c>.
/// </summary>
public class RGoldenTests
{
    private static readonly CohortTable Cohort = CohortTable.Read(Golden("cohort.csv"));
    private static readonly int[] AllRows = [.. Enumerable.Range(0, Cohort.Rows)];

    private static string Golden(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "golden", name);

    private static ModelDesign Design(string formula) => ModelDesign.Create(Formula.Parse(formula), Cohort, ["y"], "y", new());

    private static List<string[]> Lines => [.. File.ReadLines(Golden("names.tsv")).Select(line => line.Split('\t'))];

    [Fact]
    public void Columns_assign_and_term_labels_are_those_of_R()
    {
        var wrong = new List<string>();
        foreach (var line in Lines)
        {
            string got;
            try
            {
                var design = Design(line[1]);
                got =
                    string.Join('|', design.ColumnNames)
                    + "\t"
                    + string.Join(',', design.TermOfColumn)
                    + "\t"
                    + string.Join('|', design.TermLabels);
            }
            catch (BadInputException refused)
            {
                got = line[2] == "ERROR" ? "ERROR" : refused.Message;
            }
            var expected = string.Join('\t', line[2..]);
            if (got != expected)
                wrong.Add($"{line[1]}\n  R:   {expected}\n  got: {got}");
        }
        wrong.ShouldBeEmpty(string.Join('\n', wrong.Take(40)));
        Lines.Count.ShouldBeGreaterThan(350);
    }

    [Fact]
    public void Model_matrices_are_those_of_R()
    {
        var expected = File.ReadLines(Golden("matrices.csv"))
            .Select(line => line.Split(','))
            .GroupBy(cells => cells[0])
            .ToDictionary(group => group.Key);
        var wrong = new List<string>();
        foreach (var line in Lines.Where(line => expected.ContainsKey(line[0]) && line[2] != "ERROR"))
        {
            var design = Design(line[1]);
            var matrix = design.Build(AllRows, []);
            matrix.Problem.ShouldBe(DesignProblem.None, line[1]);
            foreach (var cells in expected[line[0]])
            {
                var column = int.Parse(cells[1], CultureInfo.InvariantCulture);
                var r = cells[2..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
                var got = matrix.Values.AsSpan(column * matrix.Rows.Length, matrix.Rows.Length);
                // R's QR and de Boor's recurrence round differently: 1e-12 of the column's largest value.
                var tolerance = 1e-12 * r.Max(Math.Abs);
                if (r.Length != got.Length)
                    wrong.Add($"{line[1]}: {got.Length} rows for {r.Length}");
                else
                    for (var i = 0; i < r.Length; i++)
                        if (!(Math.Abs(r[i] - got[i]) <= tolerance))
                        {
                            wrong.Add($"{line[1]} [{column}, {i}]: R {r[i]:R} got {got[i]:R}");
                            break;
                        }
            }
        }
        wrong.ShouldBeEmpty(string.Join('\n', wrong.Take(40)));
    }
}
