using System.Diagnostics;
using HpcFit.Shared.Hosting;

namespace HpcFit.Shared.Tests.Hosting;

public class StopSignalsTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("USR1")]
    public void A_first_signal_asks_to_stop_and_leaves_the_process_alive(string signal)
    {
        using var signals = new StopSignals();
        signals.Token.IsCancellationRequested.ShouldBeFalse();
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {Environment.ProcessId}"]);
        signals.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)).ShouldBeTrue();
        kill.WaitForExit();
    }
}
