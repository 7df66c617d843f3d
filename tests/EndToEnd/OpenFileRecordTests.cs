using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>A worker whose environment names something else than the record of the process that started it.</summary>
public sealed class OpenFileRecordTests(PreparedRuns runs) : IClassFixture<PreparedRuns>
{
    /// <param name="name">The run's name.</param>
    /// <param name="record">The record in the environment: descriptor 9, which is a file.</param>
    [Theory]
    [InlineData("descriptor", "9")]
    [InlineData("path", "/proc/self/fd/9 hpcfit-open-file")]
    public void A_file_that_is_no_record_is_left_alone(string name, string record)
    {
        var precious = runs.Study.Combine($"{name}.txt");
        File.WriteAllText(precious, "precious");
        runs.Plan(name, jobs: 1);
        using var worker = Running.Start(
            "sh",
            ["-c", "exec 9<>\"$1\"; shift; exec \"$@\"", "sh", precious, HpcFitProgram.Worker, .. Fit(name)],
            new Dictionary<string, string> { ["HPCFIT_OPEN_FILE_RECORD"] = record }
        );
        worker.Wait().ShouldSucceed();
        File.ReadAllText(precious).ShouldBe("precious");
    }

    private string[] Fit(string name) => ["fit", "--run", runs.Folder(name), "--round", "1", "--job", "0", "--threads", "1"];
}
