using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>An analysis has the layout that ModelArray and ModelArrayIO read: docs/formats/results.md.</summary>
public sealed class WrittenLayoutTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_is_laid_out_as_documented_in_a_format_that_old_readers_open(bool isNew)
    {
        using var run = new FittedRun(elements: 2000);
        var file = isNew ? Path.Combine(run.Folder, "new.h5") : run.Data;
        HpcFitProgram.Run(["merge", run.Run, .. isNew ? (string[])["--output", file] : []]).ShouldSucceed();
        var columns = ResultsTable.Read(file, "lm").Columns.Length;

        Python
            .Run("written_layout.py", file, "lm")
            .ShouldSucceed()
            .Output.TrimEnd()
            .Split('\n')
            .ShouldBe([
                "superblock 0",
                "objects column_names element_status results_matrix", // no lut_forcol<i>, no colnames
                "attributes hpcfit_date hpcfit_formula hpcfit_model hpcfit_run hpcfit_state hpcfit_status_counts hpcfit_version …",
                "hpcfit_state complete",
                "hpcfit_model lm",
                "hpcfit_formula FD ~ Age + motion",
                "hpcfit_status_counts Fitted: 1998, TooFewSubjects: 2",
                $"results_matrix <f8 {columns} 2000 chunks 1 2000 filters 2[8] 1[1]", // shuffle of 8 bytes, gzip 1
                "results_matrix attributes",
                $"column_names S utf-8 {columns}",
                "element_status <i2 2000 True",
            ]);
    }
}
