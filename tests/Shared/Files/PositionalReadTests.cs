using System.Diagnostics;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Tests.Files;

public sealed class PositionalReadTests : IDisposable
{
    private const int Length = (48 << 20) + 17;

    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void PrefetchedBytesAreAllCached()
    {
        File.WriteAllBytes(_path, new byte[Length]);
        LeaveTheCache();
        using var file = File.OpenHandle(_path);
        PositionalRead.Prefetch(file, 1000, Length - 1000);
        for (var waited = Stopwatch.StartNew(); BytesInCache() < Length; Thread.Sleep(5))
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    public void Dispose() => File.Delete(_path);

    /// <summary>As counted by the system: a test by reading would load missing pages.</summary>
    private long BytesInCache()
    {
        using var count = Process.Start(
            new ProcessStartInfo("fincore", ["--bytes", "--noheadings", "--output", "RES", _path]) { RedirectStandardOutput = true }
        )!;
        return long.Parse(count.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>dd asks the system to drop a file's pages; on file systems in memory (tmpfs) they always stay.</summary>
    private void LeaveTheCache()
    {
        using var drop = Process.Start("dd", ["of=" + _path, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none"]);
        drop.WaitForExit();
        drop.ExitCode.ShouldBe(0);
    }
}
