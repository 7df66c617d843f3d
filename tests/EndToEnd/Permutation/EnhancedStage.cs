using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Permutation;

/// <summary>Runs that are interrupted in their enhanced stage.</summary>
internal static class EnhancedStage
{
    /// <summary>Starts a run, and ends it when the first shuffles have been enhanced.</summary>
    /// <param name="command">The verb <c>run</c> with its options.</param>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="signal"><see cref="NativeSignal.Kill"/>, which every process gets, or another signal to the coordinator.</param>
    public static Finished Interrupt(string[] command, string runFolder, int signal)
    {
        using var coordinator = HpcFitProgram.Start(command);
        for (var deadline = DateTime.UtcNow.AddSeconds(60); !HasBlocks(runFolder) && DateTime.UtcNow < deadline; )
            Thread.Sleep(5);
        var processes = ProcessTree.Descendants(coordinator.Id);
        processes.Count.ShouldBeGreaterThan(1, coordinator.ErrorsSoFar);
        foreach (var process in signal == NativeSignal.Kill ? processes : processes.Take(1))
            NativeSignal.Send(process, signal);
        return coordinator.Wait();
    }

    private static bool HasBlocks(string runFolder)
    {
        var folder = Path.Combine(runFolder, "stages", "enhanced", "partials");
        // The header has less than 4 kB, a block the counts of all elements.
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any(file => new FileInfo(file).Length > 1 << 13);
    }
}
