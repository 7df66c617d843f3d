using System.Security.Cryptography;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>What is stored about a fit, as other programs read it: docs/formats/results.md.</summary>
public sealed class FitRecordTests : IDisposable
{
    private readonly Study _study = new(elements: 600, subjects: 40);

    [Fact]
    public void It_names_the_inputs_the_subjects_and_the_options()
    {
        var lines = File.ReadAllLines(_study.Cohort);
        var columns = lines[0].Split(',');
        var cells = lines[3].Split(',');
        var omitted = cells[Array.IndexOf(columns, "source_file")].Trim('"');
        cells[Array.IndexOf(columns, "Age")] = "NA";
        lines[3] = string.Join(',', cells);
        File.WriteAllLines(_study.Cohort, lines);

        var record = Record("--full-outputs", "--contrasts", "sex=contr.sum", "--correct-p-value-terms", "holm,fdr", "--workers", "2");

        record["hpcfit_scalar"].ShouldBe("FD");
        record["hpcfit_method"].ShouldBe("least squares");
        record["hpcfit_data_files"].ShouldBe(_study.Data);
        record["hpcfit_cohort_files"].ShouldBe(_study.Cohort);
        record["hpcfit_cohort_sha256"].ShouldBe(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_study.Cohort))));
        record["hpcfit_subjects"].ShouldBe("40");
        record["hpcfit_subjects_used"].ShouldBe("39");
        record["hpcfit_subjects_omitted"].ShouldBe(omitted);
        record["hpcfit_elements"].ShouldBe("600");
        record["hpcfit_contrasts"].ShouldBe("sex=contr.sum");
        record["hpcfit_correct_p_value_terms"].ShouldBe("holm|fdr");
        record["hpcfit_corrections"].ShouldBe("holm|fdr");
        record["hpcfit_num_subj_lthr_abs"].ShouldBe("10.0");
        record["hpcfit_full_outputs"].ShouldBe("1");
        Directory.Exists(record["hpcfit_run_directory"]).ShouldBeTrue();
    }

    [Fact]
    public void It_depends_on_no_partition()
    {
        string[] once = ["hpcfit_date", "hpcfit_run_directory"];
        var one = Record("--jobs", "1", "--workers", "1", "--threads", "1", "--run-dir", _study.Combine("r1"));
        var many = Record("--jobs", "7", "--workers", "2", "--threads", "2", "--run-dir", _study.Combine("r2"), "--overwrite");

        many.ExceptBy(once, fact => fact.Key).ShouldBe(one.ExceptBy(once, fact => fact.Key));
    }

    [Fact]
    public void A_fact_that_no_attribute_can_hold_is_a_dataset()
    {
        var record = Record("--na-strings", new string('x', 70_000));

        record.ShouldNotContainKey("hpcfit_na_strings");
        record["dataset hpcfit_na_strings"].ShouldBe("1=70000");
    }

    public void Dispose() => _study.Dispose();

    private Dictionary<string, string> Record(params string[] options)
    {
        HpcFitProgram.Run([.. _study.Lm("FD ~ Age + sex", "a"), .. options]).ShouldSucceed();
        return Python
            .Run("fit_record.py", _study.Data, "a")
            .ShouldSucceed()
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .ToDictionary(fact => fact[0], fact => fact[1]);
    }
}
