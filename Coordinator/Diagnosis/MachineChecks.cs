using System.Globalization;
using System.Runtime.InteropServices;

namespace HpcFit.Coordinator.Diagnosis;

/// <summary>Processors, memory and their limits in the cgroup of this process, such as a Slurm job's.</summary>
internal static class MachineChecks
{
    private const string Cgroups = "/sys/fs/cgroup";

    /// <summary>The findings.</summary>
    public static IEnumerable<Finding> All()
    {
        yield return new("system", FindingState.Ok, $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");
        yield return new("processors", FindingState.Ok, $"{Environment.ProcessorCount} usable by this process");
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        yield return new("memory", FindingState.Ok, $"{Size(memory)} usable by this process");
        if (Limit("cpu.max") is { } cpu)
            yield return new("cgroup", FindingState.Ok, $"cpu.max {cpu}");
        if (Limit("memory.max") is { } limit)
            yield return new("cgroup", FindingState.Ok, $"memory.max {limit} bytes");
    }

    /// <summary>A size in the unit that needs the fewest digits.</summary>
    public static string Size(long bytes)
    {
        var (value, unit) = bytes >= 1L << 30 ? (bytes / (double)(1L << 30), "GiB") : (bytes / (double)(1L << 20), "MiB");
        return value.ToString("F1", CultureInfo.InvariantCulture) + " " + unit;
    }

    /// <summary>A limit of the process's cgroup (version 2); null: none, or it cannot be read.</summary>
    private static string? Limit(string name)
    {
        try
        {
            var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal));
            var text = own is null ? "max" : File.ReadAllText(Path.Combine(Cgroups, own[4..], name)).Trim();
            return text.StartsWith("max", StringComparison.Ordinal) ? null : text;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
