using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>
/// Too few files or threads, too little memory or space: an error message and the documented exit code, never an abort of the runtime.
/// </summary>
public sealed class ResourceLimitTests : IDisposable
{
    private const int BadInput = 3;
    private const int FileSystem = 8;
    private const int OutOfMemory = 10;

    private readonly Study _study = new(elements: 200, subjects: 20);

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("ulimit -n 64", FileSystem, "ulimit -n")]
    [InlineData("ulimit -v 1500000", OutOfMemory, "ulimit -v")]
    [InlineData("ulimit -f 20000", FileSystem, "ulimit -f")]
    public void A_limit_that_is_too_low_is_reported(string limit, int exitCode, string named)
    {
        Shell($"{limit}; exec {HpcFitProgram.Coordinator} inspect {_study.Data}").ShouldEndWith(exitCode).ShouldSay(named);
        Shell($"{limit}; exec {HpcFitProgram.Coordinator} {Run}").ShouldEndWith(exitCode).ShouldSay(named);
        Shell($"{limit}; exec {HpcFitProgram.Worker} fit --run {_study.Folder} --round 1 --job 0").ShouldEndWith(exitCode).ShouldSay(named);
    }

    [Fact]
    public void Too_few_threads_of_an_ordinary_user_are_reported()
    {
        const string Nobody = "setpriv --reuid=65534 --clear-groups";
        // Only root can become another user, whose other processes do not count; and that user must have access to the program.
        if (!Environment.IsPrivilegedProcess || Shell($"{Nobody} test -x {HpcFitProgram.Coordinator}").ExitCode != 0)
            return;
        Shell($"ulimit -u 20; exec {Nobody} {HpcFitProgram.Coordinator} inspect {_study.Data}")
            .ShouldEndWith(OutOfMemory)
            .ShouldSay("ulimit -u");
    }

    [Fact]
    public void A_run_works_with_the_limits_of_a_modest_account() =>
        Shell($"ulimit -n 256; ulimit -v 4000000; exec {HpcFitProgram.Coordinator} {Run}").ShouldSucceed();

    [Fact]
    public void A_standard_error_that_takes_nothing_does_not_change_the_exit_code()
    {
        Shell($"exec {HpcFitProgram.Coordinator} inspect {_study.Combine("missing.h5")} 2>/dev/full").ShouldEndWith(BadInput);
        Shell($"exec {HpcFitProgram.Worker} fit --run {_study.Combine("missing")} --round 1 --job 0 2>/dev/full").ShouldEndWith(BadInput);
        Shell($"exec {HpcFitProgram.Coordinator} inspect {_study.Data} >/dev/full").ShouldEndWith(FileSystem);
    }

    [Fact]
    public void A_missing_folder_for_temporary_files_is_reported_if_needed()
    {
        var nowhere = new Dictionary<string, string> { ["TMPDIR"] = "/nowhere" };
        HpcFitProgram.RunWith(nowhere, [.. _study.Lm("FD ~ Age", "a")]).ShouldSucceed();
        var function = _study.Combine("mean.R");
        File.WriteAllText(function, "average <- function(data) c(mean = mean(data$FD))\n");
        HpcFitProgram
            .RunWith(
                nowhere,
                "run",
                "--model",
                "custom",
                "--function",
                function,
                "--data",
                _study.Data,
                "--phenotypes",
                _study.Cohort,
                "--analysis",
                "b"
            )
            .ShouldEndWith(FileSystem)
            .ShouldSay("TMPDIR", "/nowhere");
    }

    [Fact]
    public void No_program_loads_NETs_binding_to_OpenSSL()
    {
        var loaded = _study.Combine("loaded");
        HpcFitProgram
            .RunWith(
                new Dictionary<string, string> { ["LD_DEBUG"] = "files", ["LD_DEBUG_OUTPUT"] = loaded },
                [.. _study.Lm("FD ~ Age", "a")]
            )
            .ShouldSucceed();
        var logs = Directory.GetFiles(_study.Folder, "loaded.*");
        logs.Length.ShouldBeGreaterThanOrEqualTo(3); // coordinator, worker, the process that writes
        foreach (var log in logs)
            File.ReadAllText(log).ShouldNotContain("Cryptography.Native");
    }

    private string Run => string.Join(' ', _study.Lm("FD~Age", "a"));

    private static Finished Shell(string script)
    {
        using var running = Running.Start("bash", ["-c", script]);
        return running.Wait();
    }
}
