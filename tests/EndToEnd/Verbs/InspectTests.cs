using System.Text.Json;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Verbs;

/// <summary><c>inspect FILE [ANALYSIS]</c>: what a file stores about its fits, as text and as JSON.</summary>
public sealed class InspectTests : IDisposable
{
    private readonly Study _study = new(elements: 200, subjects: 30);

    [Fact]
    public void An_analysis_is_described_by_its_record()
    {
        HpcFitProgram.Run([.. _study.Lm("FD ~ Age + sex", "a"), "--contrasts", "sex=contr.sum"]).ShouldSucceed();

        var text = HpcFitProgram.Run("inspect", _study.Data, "a").ShouldSucceed().Output;
        foreach (
            var fact in new[]
            {
                "lm, least squares",
                "FD ~ Age + sex",
                "200 of 200",
                "30 of 30",
                _study.Cohort,
                "fdr of Intercept.p.value.fdr",
                "contrasts = sex=contr.sum",
                "numeric version",
            }
        )
            text.ShouldContain(fact);

        var analysis = Json("inspect", _study.Data, "a", "--json").GetProperty("analysis");
        analysis.GetProperty("record").GetProperty("formula").GetString().ShouldBe("FD ~ Age + sex");
        analysis.GetProperty("record").GetProperty("variables")[0].GetProperty("name").GetString().ShouldBe("Age");
        text.ShouldContain("  variables    Age  numeric, ");
        analysis.GetProperty("record").GetProperty("subjects_used").GetInt32().ShouldBe(30);
        analysis.GetProperty("statusCounts").EnumerateObject().Sum(count => count.Value.GetInt64()).ShouldBe(200);
        analysis.GetProperty("terms").EnumerateArray().Select(term => term.GetString()).ShouldContain("Age");
        var file = Json("inspect", _study.Data, "--json");
        file.GetProperty("format").GetInt32().ShouldBe(1);
        file.GetProperty("scalars")[0].GetProperty("subjects").GetInt32().ShouldBe(30);
        file.GetProperty("analyses")[0].GetProperty("record").GetProperty("model").GetString().ShouldBe("lm");
    }

    [Fact]
    public void An_analysis_of_ModelArray_is_described_by_its_columns()
    {
        Python.Run("add_foreign_analysis.py", _study.Data, "theirs").ShouldSucceed();

        var text = HpcFitProgram.Run("inspect", _study.Data, "theirs").ShouldSucceed().Output;
        text.ShouldContain("stores nothing about the fit");
        text.ShouldContain("at 40 of 50 elements");
        var analysis = Json("inspect", _study.Data, "theirs", "--json").GetProperty("analysis");
        analysis.GetProperty("elementsWithValues").GetInt64().ShouldBe(40);
        analysis.GetProperty("terms").EnumerateArray().Single().GetString().ShouldBe("Age");
        analysis.GetProperty("corrections").EnumerateArray().Single().GetString().ShouldBe("fdr");
        analysis.GetProperty("record").EnumerateObject().ShouldBeEmpty();
        HpcFitProgram.Run("inspect", _study.Data, "their").ShouldEndWith(3).ShouldSay("did you mean 'theirs'?");
    }

    [Fact]
    public void A_file_of_results_has_no_scalars()
    {
        var output = _study.Combine("results.h5");
        HpcFitProgram.Run([.. _study.Lm("FD ~ Age", "a"), "--output", output]).ShouldSucceed();

        HpcFitProgram.Run("inspect", output).ShouldSucceed().Output.ShouldContain("analysis a: 200 elements");
        HpcFitProgram.Run("inspect", output, "a").ShouldSucceed().Output.ShouldContain("FD ~ Age");
    }

    [Fact]
    public void A_run_prints_one_object_and_nothing_else()
    {
        string[] run = [.. _study.Lm("FD ~ Age", "a"), "--json"];
        Json([.. run, "--dry-run"]).GetProperty("plan").GetProperty("elements").GetInt64().ShouldBe(200);
        var written = Json(run);
        written.GetProperty("state").GetString().ShouldBe("Written");
        written.GetProperty("statusCounts").EnumerateObject().Sum(count => count.Value.GetInt64()).ShouldBe(200);
        written.GetProperty("file").GetString().ShouldBe(_study.Data);
        Directory.Exists(written.GetProperty("folder").GetString()).ShouldBeTrue();
        Json(run).GetProperty("state").GetString().ShouldBe("AlreadyWritten");

        HpcFitProgram.Run([.. _study.Lm("FD ~ Agee", "b"), "--json"]).ShouldEndWith(3).Output.ShouldBeEmpty();
    }

    public void Dispose() => _study.Dispose();

    private static JsonElement Json(params string[] arguments)
    {
        var output = HpcFitProgram.Run(arguments).ShouldSucceed().Output;
        output.TrimEnd('\n').ShouldNotContain('\n');
        return JsonDocument.Parse(output).RootElement;
    }
}
