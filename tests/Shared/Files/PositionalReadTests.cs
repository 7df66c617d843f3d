using System.Diagnostics;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Tests.Files;

public sealed class PositionalReadTests : IDisposable
{
    private const int Length = (48 << 20) + 17;

    private readonly string _path = Path.GetTempFileName();

    /// <summary>
    /// A try can fail for reasons outside the program: the system kept a page when the file left the cache, so that its neighbours are not
    /// requested, or evicted one because memory is short.
    /// </summary>
    [Fact]
    public void PrefetchedBytesAreAllCached()
    {
        File.WriteAllBytes(_path, new byte[Length]);
        Enumerable.Range(0, 12).Any(_ => PrefetchCachesAll()).ShouldBeTrue();
    }

    public void Dispose() => File.Delete(_path);

    private bool PrefetchCachesAll()
    {
        LeaveTheCache();
        using var file = File.OpenHandle(_path);
        PositionalRead.Prefetch(file, 1000, Length - 1000);
        return SpinWait.SpinUntil(
            () =>
            {
                Thread.Sleep(5);
                return BytesInCache() >= Length;
            },
            TimeSpan.FromSeconds(5)
        );
    }

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
