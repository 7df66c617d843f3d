using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>A command that waits for another program reports which one.</summary>
public sealed class WaitingTests
{
    [Fact]
    public void A_lock_of_another_program_is_reported_and_waited_for()
    {
        using var run = new FittedRun(elements: 2000);
        using var python = Running.Start(
            Python.Path,
            ["-c", $"import fcntl, sys; f = open('{run.Data}', 'r+b'); fcntl.flock(f, fcntl.LOCK_EX); sys.stdin.read(1)"]
        );
        SpinWait
            .SpinUntil(() => File.ReadAllText("/proc/locks").Contains($" {python.Id} ", StringComparison.Ordinal), TimeSpan.FromMinutes(1))
            .ShouldBeTrue();
        using var merge = HpcFitProgram.Start("merge", run.Run);
        SpinWait.SpinUntil(() => merge.ErrorsSoFar.Contains("Waiting", StringComparison.Ordinal), TimeSpan.FromMinutes(1)).ShouldBeTrue();
        python.Signal(NativeSignal.Kill);

        merge.Wait().ShouldSucceed().ShouldSay("Waiting", run.Data, $"process {python.Id} (python3)");
        run.ShouldHoldTheResults();
    }

    [Fact]
    public void A_lock_on_an_input_does_not_prevent_reading_it()
    {
        using var study = new Study(elements: 200, subjects: 20);
        var specFile = study.Combine("model.json");
        File.WriteAllText(specFile, """{ "model": "lm", "formula": "FD ~ Age" }""");
        var open = string.Join(", ", new[] { study.Cohort, specFile }.Select(file => $"open('{file}', 'r+b')"));
        using var python = Running.Start(
            Python.Path,
            ["-c", $"import fcntl, sys; files = [{open}]; [fcntl.flock(f, fcntl.LOCK_EX) for f in files]; sys.stdin.read(1)"]
        );
        SpinWait
            .SpinUntil(
                () => File.ReadLines("/proc/locks").Count(held => held.Contains($" {python.Id} ", StringComparison.Ordinal)) == 2,
                TimeSpan.FromMinutes(1)
            )
            .ShouldBeTrue();

        HpcFitProgram.Run("run", "--spec", specFile, "--data", study.Data, "--phenotypes", study.Cohort, "--analysis", "a").ShouldSucceed();
        python.Signal(NativeSignal.Kill);
    }

    [Fact]
    public void A_file_system_without_locks_can_be_written()
    {
        using var folder = new TemporaryFolder();
        using var run = new FittedRun(elements: 2000);
        var (library, log) = (folder.Combine("no_flock.so"), folder.Combine("log"));
        PreloadedLibrary.Compile("no_flock.c", library);

        HpcFitProgram
            .RunWith(new Dictionary<string, string> { ["LD_PRELOAD"] = library, ["NO_FLOCK_LOG"] = log }, "merge", run.Run)
            .ShouldSucceed();

        File.Exists(log).ShouldBeTrue("no lock was asked for");
        run.ShouldHoldTheResults();
    }
}
