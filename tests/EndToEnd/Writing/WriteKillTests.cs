using System.Diagnostics;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>
/// SIGKILL at 100 random moments of the write into the data file: afterwards it is exactly the old file, or contains the complete results.
/// </summary>
public sealed class WriteKillTests
{
    private const int Lanes = 2;
    private const int KillsInLane = 50;

    [Fact]
    public async Task A_write_killed_at_any_moment_leaves_the_exact_old_bytes_or_whole_results()
    {
        var lanes = await Task.WhenAll(
            Enumerable
                .Range(0, Lanes)
                .Select(lane => Task.Factory.StartNew(() => KillWrites(seed: 20 + lane), TaskCreationOptions.LongRunning))
        );

        lanes.Sum(lane => lane.Restored + lane.Whole).ShouldBe(Lanes * KillsInLane);
        lanes.Sum(lane => lane.Restored).ShouldBeGreaterThan(KillsInLane / 2, "the kills came too late to interrupt anything");
        lanes.Sum(lane => lane.Whole).ShouldBeGreaterThan(0, "the kills came too early for any write to end");
    }

    private static (int Restored, int Whole) KillWrites(int seed)
    {
        using var run = new FittedRun();
        var random = new Random(seed);
        var (restored, whole, window) = (0, 0, TimeSpan.FromSeconds(1));
        for (var kill = 0; kill < KillsInLane; kill++)
        {
            run.PutDataBack();
            // Half of the kills are counted from the first byte that may change.
            KillOne(run, kill % 2 == 0 ? run.Journal : run.Claim, window * random.NextDouble(), whom: kill % 3);
            HpcFitProgram.Run("recover", run.Data).ShouldSucceed();

            Directory.EnumerateFiles(run.Folder, "data.h5.hpcfit-*").ShouldBeEmpty($"after kill {kill}");
            if (run.HashOfData() == run.BeforeHash)
            {
                restored++;
                window *= 1.15;
                continue;
            }
            run.ShouldHoldTheResults();
            if (whole++ == 0)
                run.ShouldHoldTheResultsForOthers();
            // However busy the machine is, about half of the kills should hit a write in progress.
            window /= 1.15;
        }
        return (restored, whole);
    }

    /// <summary>Starts the write, waits for a sign of it and some more time, and kills the command, its writing process, or both.</summary>
    private static void KillOne(FittedRun run, string sign, TimeSpan delay, int whom)
    {
        using var merge = HpcFitProgram.Start("merge", run.Run);
        for (var deadline = DateTime.UtcNow.AddMinutes(1); !File.Exists(sign) && !merge.HasExited; Thread.Sleep(0))
            DateTime.UtcNow.ShouldBeLessThan(deadline);
        for (var moment = Stopwatch.StartNew(); moment.Elapsed < delay && !merge.HasExited; )
            Thread.Sleep(0);
        var writers = whom == 0 || merge.HasExited ? [] : ProcessTree.Children(merge.Id, "hpcfit");
        foreach (var writer in writers)
            NativeSignal.Send(writer, NativeSignal.Kill);
        if (whom != 1 && !merge.HasExited)
            merge.Signal(NativeSignal.Kill);
        merge.Wait();
    }
}
