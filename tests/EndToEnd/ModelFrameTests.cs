using System.Text.Json;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>The subjects and variables of a model are reported before the fit, and stored in the run and with the results.</summary>
public sealed class ModelFrameTests : IDisposable
{
    private readonly Study _study = new(elements: 200, subjects: 40);

    public void Dispose() => _study.Dispose();

    [Fact]
    public void A_run_reports_and_stores_how_variables_were_understood()
    {
        var rows = File.ReadAllLines(_study.Cohort);
        var cells = rows[3].Split(',');
        cells[Array.IndexOf(rows[0].Split(','), "Age")] = "NA";
        rows[3] = string.Join(',', cells);
        File.WriteAllLines(_study.Cohort, rows);
        string[] options = ["--subset", "motion < 10", "--run-dir", _study.Combine("run")];

        var planned = HpcFitProgram.Run(["plan", "--dry-run", .. _study.Lm("FD ~ Age + sex", "a")[1..], .. options]).ShouldSucceed();
        var ran = HpcFitProgram.Run([.. _study.Lm("FD ~ Age + sex", "a"), .. options]).ShouldSucceed();
        foreach (var output in (string[])[planned.Output, ran.Output])
        {
            output.ShouldContain("subjects used: 39 of 40, 1 is missing Age\n");
            output.ShouldMatch(@"variable   Age  numeric, \d+(\.\d+)? to \d+(\.\d+)?, 1 missing\n");
            output.ShouldMatch(@"variable   sex  factor: F \d+ \(reference\), M \d+\n");
        }

        using var run = JsonDocument.Parse(File.ReadAllText(_study.Combine("run", "run.json")));
        var frame = run.RootElement.GetProperty("frame");
        frame.GetProperty("used").GetInt32().ShouldBe(39);
        frame.GetProperty("missing")[0].GetProperty("variable").GetString().ShouldBe("Age");
        Attribute("hpcfit_subjects_in_file").ShouldBe("40");
        Attribute("hpcfit_subjects_selected").ShouldBe("40");
        using var stored = JsonDocument.Parse(Attribute("hpcfit_variables"));
        var sex = stored.RootElement[1];
        sex.GetProperty("type").GetString().ShouldBe("factor");
        sex.GetProperty("reference").GetString().ShouldBe("F");
        sex.GetProperty("levels").EnumerateArray().Sum(level => level.GetProperty("subjects").GetInt32()).ShouldBe(39);
        stored.RootElement[0].GetProperty("missing").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void An_element_reports_them_on_standard_error()
    {
        string[] data = ["element", "--data", _study.Data, "--phenotypes", _study.Cohort, "--id", "5"];
        var fitted = HpcFitProgram.Run([.. data, "--model", "lm", "--formula", "FD ~ sex"]).ShouldSucceed();
        fitted.ShouldSay("subjects used: 40 of 40", "variable   sex  factor: F");
        fitted.Output.ShouldNotContain("variable ");
        HpcFitProgram
            .Run([.. data, "--model", "custom", "--function", CustomRun.Function("moments.py"), "--subset", "sex == 'F'"])
            .ShouldSucceed()
            .ShouldSay("are excluded by --subset", "variable   sex          text: F 15", "variable   FD           scalar");
    }

    private string Attribute(string name)
    {
        var text = Python.Run("show_attribute.py", _study.Data, "results/a", name).ShouldSucceed().Output.Trim();
        return text.StartsWith("b'", StringComparison.Ordinal) ? text[2..^1] : text;
    }
}
