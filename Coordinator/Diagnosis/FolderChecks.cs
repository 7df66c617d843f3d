using System.Diagnostics;
using System.Globalization;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Diagnosis;

/// <summary>The file system of a path: kind, room, and whether files can be created, synced and locked there.</summary>
internal static class FolderChecks
{
    private const long LittleRoom = 1L << 30;

    /// <summary>The findings about the folder of temporary files.</summary>
    public static IEnumerable<Finding> Temporary() =>
        Check(Path.GetTempPath(), "temp folder", "Set TMPDIR to a folder on a local disk that you may write to.");

    /// <summary>The findings about a file's or a folder's file system. Test files in the folder are removed.</summary>
    public static IEnumerable<Finding> Check(string path) =>
        Check(path, path, "Check the path and its permissions, and on a cluster whether the file system is mounted on this node.");

    private static IEnumerable<Finding> Check(string path, string topic, string remedy)
    {
        var full = Path.GetFullPath(path);
        var folder = Directory.Exists(full) ? full : Path.GetDirectoryName(full)!;
        if (!Directory.Exists(full) && !File.Exists(full))
            return [new(topic, FindingState.Missing, $"'{full}' does not exist", remedy)];
        try
        {
            return [Mount(folder, topic), Room(folder, topic), .. Writing(folder, topic)];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or HpcFitException)
        {
            return [new(topic, FindingState.Missing, $"'{folder}' cannot be written: {refused.Message}", remedy)];
        }
    }

    private static Finding Mount(string folder, string topic)
    {
        var (place, type) = File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' '))
            .Select(words => (Place: Unescaped(words[4]), Type: words[Array.IndexOf(words, "-") + 1]))
            .Where(mount => mount.Place == "/" || folder == mount.Place || folder.StartsWith(mount.Place + "/", StringComparison.Ordinal))
            .Aggregate(("/", "unknown"), (best, mount) => mount.Place.Length >= best.Item1.Length ? mount : best);
        return new(topic, FindingState.Ok, $"file system {type}, mounted at {place}");
    }

    /// <summary>The kernel writes a blank in a mount's name as <c>\040</c>.</summary>
    private static string Unescaped(string text) => text.Replace("\\040", " ", StringComparison.Ordinal);

    private static Finding Room(string folder, string topic)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        return free >= LittleRoom
            ? new(topic, FindingState.Ok, $"{MachineChecks.Size(free)} free")
            : new(topic, FindingState.Warning, $"only {MachineChecks.Size(free)} free", "Free space, or use another folder.");
    }

    private static List<Finding> Writing(string folder, string topic)
    {
        var name = Path.Combine(folder, $".hpcfit-doctor-{Environment.ProcessId}-{Guid.NewGuid():N}");
        try
        {
            using var file = File.OpenHandle(name, FileMode.CreateNew, FileAccess.ReadWrite);
            var clock = Stopwatch.StartNew();
            RandomAccess.Write(file, new byte[4096], 0);
            Posix.Sync(file, name);
            Posix.SyncFolder(folder);
            var seconds = clock.Elapsed.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture);
            return
            [
                new(topic, FindingState.Ok, $"can be written and synced (fsync of a file and its folder: {seconds} ms)"),
                Locks(name, topic),
            ];
        }
        finally
        {
            File.Delete(name);
        }
    }

    /// <summary>Two descriptors of one process exclude each other as those of two processes do.</summary>
    private static Finding Locks(string name, string topic)
    {
        using var first = File.OpenHandle(name, FileMode.Open, FileAccess.ReadWrite);
        using var second = File.OpenHandle(name, FileMode.Open, FileAccess.ReadWrite);
        return Posix.TryLock(first) && !Posix.TryLock(second)
            ? new(topic, FindingState.Ok, "locks exclude other processes of this machine")
            : new(
                topic,
                FindingState.Warning,
                "locks have no effect: a program that has the data file open (R, Python) is not noticed before a write",
                "Close the data file in other programs before results are written, or use --output; or mount with locks (Lustre: flock)."
            );
    }
}
