using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using HpcFit.Benchmarks.Programs;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Benchmarks.Report;

/// <summary>Where the figures come from: machine, system, versions of everything that was measured.</summary>
internal static class Machine
{
    public static Section Describe() =>
        new(
            "Machine and versions",
            new MarkdownTable("what", "this run")
                .Add("processor", $"{Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} processors, {Vector()}")
                .Add("memory", string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:F0} GB"))
                .Add("system", $"{RuntimeInformation.OSDescription}")
                .Add(".NET", RuntimeInformation.FrameworkDescription)
                .Add("HDF5", $"{Hdf5Library.Version}")
                .Add("libdeflate", LibdeflateInflater.IsAvailable ? "yes" : "not installed: not measured")
                .Add("Python", Peer.ByHand.TryRun("--versions")?.Output.Trim() ?? "not installed: not measured")
                .Add("R", Peer.R.TryRun()?.Output.Trim() ?? "not installed: not measured")
                .ToString()
        );

    /// <summary>The load average of the last minute.</summary>
    public static string Load => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static string Vector() =>
        Vector512.IsHardwareAccelerated ? "AVX-512"
        : Vector256.IsHardwareAccelerated ? "AVX2"
        : "128-bit vectors";

    private static string Field(string path, string name) =>
        File.Exists(path)
            ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
                ?? "unknown"
            : "unknown";
}
