using System.Globalization;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Engines;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Tests.Pipeline;

namespace HpcFit.Worker.Tests.Formulas;

/// <summary>Subjects selected by a condition: R's fits with <c>subset=</c> (golden/subset.R), and conditions that cannot be used.</summary>
public sealed class SubsetTests
{
    private static readonly CohortTable Cohort = new(
        "cohort.csv",
        [
            new NumericColumn("Age", [10, 11, double.NaN, 13, 14, 15], IsInteger: true),
            new NumericColumn("qc", [1, 0, 1, 1, double.NaN, 1], IsInteger: true),
            new TextColumn("sex", ["F", "M", "F", null, "M", "M"]),
            new LogicalColumn("patient", [0, 0, 1, 1, 0, double.NaN]),
            new FactorColumn("dose", [0, 1, 2, 0, 1, -1], ["low", "mid", "high"], IsOrdered: true),
            new TextColumn("nearly", ["1", "2", "3", "4", "5", "n/a"]),
        ]
    );

    public static TheoryData<string> Cases => [.. Golden().Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_fit_equals_R_with_subset(string id)
    {
        var parts = id.Split('\t');
        var path = EngineRun.OracleFile($"data/{parts[1]}.h5");
        var file = ModelArrayFile.Open(path);
        var cohort = CohortTable.Read(EngineRun.OracleFile($"data/{parts[1]}.csv"));
        var model = new ModelSpec
        {
            Engine = parts[0],
            Formula = parts[3],
            Weights = parts[4].Length > 0 ? parts[4] : null,
            Subset = parts[5],
            FullOutputs = true,
            Gam = parts[0] == "gam" ? new() { Method = "REML" } : null,
        };
        var engine = ModelEngines.Create(
            model,
            SourceMatching.InFileOrder(cohort, file.Scalar(parts[2]).SourceNames, parts[2]),
            [.. file.Scalars.Select(scalar => scalar.Name)],
            parts[2]
        );
        var run = EngineRun.Over(engine, path, 40, 7);
        foreach (var (element, column, value) in Golden()[id])
        {
            var (got, place) = (run[column][element], $"{id}: {column} at element {element} ({run.Status[element]})");
            if (double.IsNaN(value))
                run.Status[element].ShouldBe(ElementStatus.TooFewSubjects, place);
            else
                Math.Abs(got - value).ShouldBeLessThanOrEqualTo(Tolerance(parts[0], column) * Math.Max(1e-3, Math.Abs(value)), place);
        }
    }

    [Theory]
    [InlineData("qc == 1", 0, 2, 3, 5)]
    [InlineData("qc == 1 & !is.na(Age)", 0, 3, 5)]
    [InlineData("!(qc == 1)", 1)]
    [InlineData("sex != \"F\" | patient", 1, 2, 3, 4, 5)]
    [InlineData("sex %in% c('M', 'X')", 1, 4, 5)]
    [InlineData("patient", 2, 3)]
    [InlineData("dose >= 'mid'", 1, 2, 4)]
    [InlineData("Age > mean(Age, na.rm = TRUE)", 3, 4, 5)]
    [InlineData("as.logical(qc)", 0, 2, 3, 5)]
    [InlineData("TRUE", 0, 1, 2, 3, 4, 5)]
    [InlineData("as.numeric(nearly) > 3", 3, 4)]
    public void It_selects_the_subjects_that_R_selects(string condition, params int[] rows) =>
        CohortSubset.Create(condition, Cohort, ["FD"]).Rows.ShouldBe(rows);

    [Fact]
    public void Subjects_for_which_the_condition_is_missing_are_counted_and_not_selected()
    {
        var subset = CohortSubset.Create("qc == 1 & sex == 'M'", Cohort, []);
        subset.Rows.ShouldBe([5]);
        subset.Undecided.ShouldBe(2);
        subset.Names.ShouldBe(["qc", "sex"]);
        CohortSubset.Create(null, Cohort, []).IsAll.ShouldBeTrue();
    }

    [Theory]
    [InlineData("qc", "qc is numeric, not a condition", "qc == 1")]
    [InlineData("1:3", "is numeric, not a condition", "row numbers")]
    [InlineData("Age + 1", "is numeric, not a condition")]
    [InlineData("sex", "sex is text", "sex == \"F\"")]
    [InlineData("dose", "dose is text", "dose == \"low\"")]
    [InlineData("c(TRUE, FALSE)", "2 values", "6 rows")]
    [InlineData("qc = 1", "'=='")]
    [InlineData("FD ~ qc", "not a formula")]
    [InlineData("FD > 1", "scalar 'FD'", "every element")]
    [InlineData("qcc == 1", "'qcc'", "Did you mean 'qc'?")]
    [InlineData("qc == 9", "selects none of the 6 subjects", "missing for 1", "'qc' has the values 0, 1.")]
    [InlineData("sex == 'f'", "selects none", "'sex' has the values F, M.")]
    [InlineData("nearly > 3", "'nearly'", "n/a")]
    [InlineData("qc == ", "ends where")]
    [InlineData("sex > ", "ends where")]
    [InlineData("quantile(Age, c(0.1, 0.2), na.rm = TRUE) > 3")]
    public void A_text_that_is_no_condition_is_refused(string text, params string[] words)
    {
        var message = Should.Throw<BadInputException>(() => CohortSubset.Create(text, Cohort, ["FD"])).Message;
        foreach (var word in words)
            message.ShouldContain(word);
    }

    [Fact]
    public void Weights_outside_the_subset_are_not_checked_and_unused_levels_are_dropped()
    {
        var cohort = Cohort.With(new NumericColumn("w", [1, -1, 2, 1, double.PositiveInfinity, 1], IsInteger: false));
        ModelDesign Bind(string? subset) =>
            ModelDesign.Create(Formula.Parse("FD ~ 0 + dose"), cohort, ["FD"], "FD", new() { WeightsColumn = "w", Subset = subset });
        Should.Throw<BadInputException>(() => Bind(null)).Message.ShouldContain("weight 'w'");
        var design = Bind("w > 0 & w < 2 | Age == 11 & FALSE | is.na(Age)");
        design.CompleteRows.ShouldBe([0, 2, 3]);
        design.ColumnNames.ShouldBe(["doselow", "dosehigh"]);
    }

    private static double Tolerance(string engine, string column) =>
        engine == "lm" ? 1e-9
        : column.Contains("edf", StringComparison.Ordinal) ? 2e-4
        : 1e-4;

    private static Dictionary<string, List<(int Element, string Column, double Value)>> Golden()
    {
        var cases = new Dictionary<string, List<(int, string, double)>>();
        foreach (var line in File.ReadLines(Path.Combine(Path.GetDirectoryName(Here())!, "golden", "subset.tsv")))
        {
            var fields = line.Split('\t');
            var id = string.Join('\t', fields[..6]);
            if (!cases.TryGetValue(id, out var values))
                cases.Add(id, values = []);
            var value = fields[8] == "NA" ? double.NaN : double.Parse(fields[8], CultureInfo.InvariantCulture);
            values.Add((int.Parse(fields[6], CultureInfo.InvariantCulture), fields[7], value));
        }
        return cases;
    }

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
