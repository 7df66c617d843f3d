using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>A command that waits for another program reports for whom.</summary>
public sealed class WaitingTests
{
    [Fact]
    public void A_lock_of_another_program_is_waited_for_by_name()
    {
        using var run = new FittedRun(elements: 2000);
        using var python = Running.Start(Python.Path, ["-c", $"import fcntl, sys; f = open('{run.Data}', 'r+b'); fcntl.flock(f, fcntl.LOCK_EX); sys.stdin.read(1)"]);
        SpinWait.SpinUntil(() => File.ReadAllText("/proc/locks").Contains($" {python.Id} ", StringComparison.Ordinal), TimeSpan.FromMinutes(1)).ShouldBeTrue();
        using var merge = HpcFitProgram.Start("merge", run.Run);
        SpinWait.SpinUntil(() => merge.ErrorsSoFar.Contains("Waiting", StringComparison.Ordinal), TimeSpan.FromMinutes(1)).ShouldBeTrue();
        python.Signal(NativeSignal.Kill);

        merge.Wait().ShouldSucceed().ShouldSay("Waiting", run.Data, $"process {python.Id} (python3)");
        run.ShouldHoldTheResults();
    }
}
