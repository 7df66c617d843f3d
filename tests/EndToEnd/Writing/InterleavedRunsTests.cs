using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>Several simultaneous runs on one file: each writes into the file that the others read.</summary>
public sealed class InterleavedRunsTests
{
    private static readonly string[] Formulas = ["FD ~ Age", "FD ~ Age + sex", "FD ~ Age * motion"];

    [Fact]
    public void Runs_that_write_into_the_same_file_all_complete()
    {
        using var study = new Study(elements: 10_000, subjects: 40);
        var others = Python.Run("other_datasets.py", study.Data).ShouldSucceed().Output;
        var expected = Formulas
            .Select(
                (formula, i) =>
                {
                    var output = study.Combine($"alone{i}.h5");
                    HpcFitProgram
                        .Run(study.Lm(formula, "alone", "--run-dir", study.Combine($"alone{i}"), "--output", output))
                        .ShouldSucceed();
                    return ResultsTable.Read(output, "alone");
                }
            )
            .ToList();

        var runs = Formulas
            .Select(
                (formula, i) =>
                    HpcFitProgram.Start(
                        study.Lm(
                            formula,
                            $"lm{i}",
                            "--run-dir",
                            study.Combine($"run{i}"),
                            "--jobs",
                            $"{2 + i}",
                            "--workers",
                            "1",
                            "--threads",
                            "1"
                        )
                    )
            )
            .ToList();
        foreach (var run in runs)
        {
            run.Wait().ShouldSucceed();
            run.Dispose();
        }

        for (var i = 0; i < Formulas.Length; i++)
            ResultsTable.Read(study.Data, $"lm{i}").ShouldHaveTheSameBitsAs(expected[i]);
        Python.Run("other_datasets.py", study.Data).ShouldSucceed().Output.ShouldBe(others);
    }
}
