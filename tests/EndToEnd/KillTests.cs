using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>Real SIGKILLs: no finished element is lost, and the final results have the same bits.</summary>
public sealed class KillTests(KillTests.Baseline baseline) : IClassFixture<KillTests.Baseline>
{
    private const int Cancelled = 6;

    [Fact]
    public void Killed_workers_are_reported_and_their_elements_fitted_again()
    {
        var (run, output) = (baseline.Folder("workers"), baseline.Folder("workers.h5"));
        var random = new Random(11);
        using var coordinator = HpcFitProgram.Start(
            baseline.Command(run, output, "--workers", "2", "--threads", "1", "--jobs", "24", "--retries", "10")
        );
        var kills = 0;
        for (var deadline = DateTime.UtcNow.AddSeconds(60); kills < 4 && !coordinator.HasExited && DateTime.UtcNow < deadline; )
        {
            Thread.Sleep(random.Next(20, 150));
            var workers = ProcessTree.Children(coordinator.Id, "hpcfit-worker");
            if (workers.Count == 0)
                continue;
            NativeSignal.Send(workers[random.Next(workers.Count)], NativeSignal.Kill);
            kills++;
        }

        var end = coordinator.Wait();
        kills.ShouldBeGreaterThan(0);
        // The first kill may hit the probe, which fits nothing: then the run reports this and is started again.
        if (end.ExitCode != 0)
            HpcFitProgram.Run(baseline.Command(run, output, "--workers", "2", "--jobs", "5")).ShouldSucceed();
        baseline.ShouldHold(output);
    }

    [Fact]
    public void A_coordinator_killed_at_any_moment_is_simply_started_again()
    {
        var (run, output) = (baseline.Folder("coordinator"), baseline.Folder("coordinator.h5"));
        var random = new Random(12);
        for (var attempt = 0; attempt < 8; attempt++)
        {
            using var coordinator = HpcFitProgram.Start(
                baseline.Command(run, output, "--workers", "2", "--threads", "1", "--jobs", $"{3 + attempt}")
            );
            Thread.Sleep(random.Next(100, 2500));
            coordinator.Signal(NativeSignal.Kill);
            coordinator.Wait();
        }

        HpcFitProgram.Run(baseline.Command(run, output, "--workers", "1", "--overwrite")).ShouldSucceed();
        baseline.ShouldHold(output);
    }

    [Theory]
    [InlineData(NativeSignal.Interrupt)] // Ctrl-C
    [InlineData(NativeSignal.Hangup)] // a closed terminal
    public void A_signal_stops_after_the_running_blocks_and_the_same_command_continues(int signal)
    {
        var (run, output) = (baseline.Folder($"interrupted{signal}"), baseline.Folder($"interrupted{signal}.h5"));
        using var coordinator = HpcFitProgram.Start(baseline.Command(run, output, "--workers", "1", "--threads", "1", "--jobs", "64"));
        for (var deadline = DateTime.UtcNow.AddSeconds(30); !HasPartial(run) && DateTime.UtcNow < deadline; )
            Thread.Sleep(10);
        coordinator.Signal(signal);

        coordinator.Wait().ShouldEndWith(Cancelled).ShouldSay("kept");
        File.Exists(output).ShouldBeFalse();
        HpcFitProgram.Run(baseline.Command(run, output, "--workers", "2")).ShouldSucceed();
        baseline.ShouldHold(output);

        static bool HasPartial(string run) =>
            Directory.Exists(Path.Combine(run, "partials"))
            && Directory.EnumerateFiles(Path.Combine(run, "partials")).Any(file => new FileInfo(file).Length > 0);
    }

    public sealed class Baseline : IDisposable
    {
        private readonly Study _study = new(elements: 84_000, subjects: 200);
        private readonly ResultsTable _expected;

        public Baseline()
        {
            var output = Folder("baseline.h5");
            HpcFitProgram.Run(Command(Folder("baseline"), output, "--workers", "1", "--jobs", "1")).ShouldSucceed();
            _expected = ResultsTable.Read(output, "lm");
        }

        internal string Folder(string name) => _study.Combine(name);

        internal string[] Command(string run, string output, params string[] placement) =>
            _study.Lm("FD ~ Age + sex + motion", "lm", ["--run-dir", run, "--output", output, .. placement]);

        internal void ShouldHold(string output) => ResultsTable.Read(output, "lm").ShouldHaveTheSameBitsAs(_expected);

        public void Dispose() => _study.Dispose();
    }
}
