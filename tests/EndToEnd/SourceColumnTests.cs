using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>Cohorts whose source names are not in <c>source_file</c>: in a named column, or in a wide cohort's own columns.</summary>
public sealed class SourceColumnTests : IDisposable
{
    private const int BadInput = 3;
    private readonly Study _study = new(elements: 300, subjects: 40);

    public SourceColumnTests() => Python.Run("make_wide_cohort.py", _study.Folder).ShouldSucceed();

    [Theory]
    [InlineData("FD ~ Age + sex", "wide.csv")]
    [InlineData("FD ~ Age + sex", "long.csv")]
    [InlineData("FD ~ Age + sex", "named.csv", "--source-column", "image")]
    [InlineData("FD ~ ..", "named.csv", "--source-column", "image")]
    public void The_subjects_are_those_of_source_file(string formula, string cohort, params string[] more)
    {
        // A dot stands for the cohort's columns, and source names are no variable.
        Run("data.h5", "cohort.csv", formula.Replace("..", "Age + sex + motion", StringComparison.Ordinal)).ShouldSucceed();
        Run("pair.h5", cohort, formula.Replace("..", ".", StringComparison.Ordinal), more).ShouldSucceed();
        Results("pair.h5").ShouldHaveTheSameBitsAs(Results("data.h5"));
    }

    [Theory]
    [InlineData("FD ~ Age + T1w")]
    [InlineData("T1w ~ Age + sex")]
    [InlineData("T1w ~ FD + sex")]
    public void In_a_wide_cohort_every_scalar_has_its_own_names(string formula)
    {
        Run("plain.h5", "plain.csv", formula).ShouldSucceed();
        Run("pair.h5", "wide.csv", formula).ShouldSucceed().ShouldSay("1 row of the cohort", "no source in the column 'T1w'", "omitted");
        var (pair, plain) = (Results("pair.h5"), Results("plain.h5"));
        // The matrices have other orders, so sums are in another order.
        foreach (var column in plain.Names)
            for (var i = 0; i < plain.Rows; i++)
                if (!double.IsNaN(plain[column][i]))
                    pair[column][i].ShouldBe(plain[column][i], 1e-9 * Math.Max(1, Math.Abs(plain[column][i])));
    }

    [Fact]
    public void A_function_gets_the_values_of_a_wide_cohorts_scalars()
    {
        var function = _study.Combine("both.py");
        File.WriteAllText(
            function,
            "def fit(data):\n    return {'n': len(data['FD']), 'sum': sum(data['FD']) + 10 * sum(data['T1w']), 'age': sum(data['Age'])}\n"
        );
        Custom("plain.h5", "plain.csv", function).ShouldSucceed();
        Custom("pair.h5", "wide.csv", function).ShouldSucceed();
        var (pair, plain) = (Results("pair.h5"), Results("plain.h5"));
        foreach (var column in (string[])["n", "sum", "age"])
            pair[column][20].ShouldBe(plain[column][20], 1e-6);
    }

    [Fact]
    public void Columns_without_sources_are_refused_by_name()
    {
        Run("pair.h5", "named.csv", "FD ~ Age", "--source-column", "imag")
            .ShouldEndWith(BadInput)
            .ShouldSay("no column 'imag'", "Did you mean 'image'?");
        Run("pair.h5", "named.csv", "FD ~ Age", "--source-column", "sex").ShouldEndWith(BadInput).ShouldSay("column 'sex' contains");
        var lines = File.ReadAllLines(_study.Combine("wide.csv"));
        File.WriteAllLines(_study.Combine("other.csv"), ["file,T1,Age,sex,motion", .. lines[1..]]);
        Run("pair.h5", "other.csv", "FD ~ Age").ShouldEndWith(BadInput).ShouldSay("The column 'file' contains them: --source-column file");
        Run("pair.h5", "other.csv", "FD ~ Age", "--source-column", "file").ShouldSucceed();
        Run("pair.h5", "wide.csv", "FD ~ Age", "--source-column", "T1w").ShouldEndWith(BadInput).ShouldSay("Only in the cohort's 'T1w'");
    }

    public void Dispose() => _study.Dispose();

    private ResultsTable Results(string data) => ResultsTable.Read(_study.Combine(data + ".results"), "a");

    private Finished Custom(string data, string cohort, string function) => Fit(data, cohort, "--model", "custom", "--function", function);

    private Finished Run(string data, string cohort, string formula, params string[] more) =>
        Fit(data, cohort, ["--model", "lm", "--formula", formula, .. more]);

    private Finished Fit(string data, string cohort, params string[] more) =>
        HpcFitProgram.Run([
            "run",
            "--data",
            _study.Combine(data),
            "--phenotypes",
            _study.Combine(cohort),
            "--analysis",
            "a",
            "--output",
            _study.Combine(data + ".results"),
            .. more,
        ]);
}
