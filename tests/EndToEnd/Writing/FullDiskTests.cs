using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>
/// A full or read-only disk: a small tmpfs or a read-only mount, in a separate mount namespace. Where namespaces are not allowed (a bare
/// container), a file-size limit and a folder's mode replace them, which the kernel reports at the same places.
/// </summary>
public sealed class FullDiskTests : IDisposable
{
    private const int BadInput = 3;
    private const int FileSystem = 8;

    private readonly FittedRun _run = new();

    private static readonly Lazy<string[]?> Namespaces = new(FindNamespaces);

    [Fact]
    public void A_data_file_on_a_disk_that_fills_up_is_unchanged()
    {
        var small = Small();
        var end = Namespaces.Value is { } enter
            // The file is on the small disk, but its folder is not: the space for the growing file runs out.
            ? Enter(
                enter,
                $"mount -t tmpfs -o size={(new FileInfo(_run.Data).Length / 1024) + 200}k tmpfs '{small}' && cp '{_run.Data}' "
                    + $"'{small}/data.h5' && mount --bind '{small}/data.h5' '{_run.Data}' && {Merge()}"
            )
            : Limit((new FileInfo(_run.Data).Length / 1024) + 200, Merge());

        end.ShouldEndWith(FileSystem).ShouldSay("space", _run.Data);
        end.Output.ShouldContain(_run.BeforeHash, Case.Insensitive);
        end.Output.ShouldNotContain("data.h5.hpcfit-");
    }

    [Fact]
    public void A_new_file_that_outgrows_the_disk_leaves_nothing()
    {
        var small = Small();
        var output = Path.Combine(small, "new.h5");
        var end = Namespaces.Value is { } enter
            ? Enter(enter, $"mount -t tmpfs -o size=200k tmpfs '{small}' && {Merge($"--output '{output}'")}")
            : Limit(200, Merge($"--output '{output}'"));

        end.ShouldEndWith(FileSystem).ShouldSay("space", output);
        end.Output.ShouldNotContain("new.h5");
    }

    [Fact]
    public void A_read_only_disk_is_refused_with_an_alternative()
    {
        // The run directory, which contains the merge's claim, is unchanged; a folder's mode applies to root only without one capability.
        var end = Namespaces.Value is { } enter
            ? Enter(
                enter,
                $"mount --bind '{_run.Folder}' '{_run.Folder}' && mount --bind '{_run.Run}' '{_run.Run}' && mount -o remount,ro,bind "
                    + $"'{_run.Folder}' && {Merge()}"
            )
            : Enter(
                Environment.UserName == "root" ? ["setpriv", "--bounding-set=-dac_override"] : ["env"],
                $"chmod 555 '{_run.Folder}'; {Merge()}"
            );

        end.ShouldEndWith(BadInput).ShouldSay(_run.Data, "--output").Output.ShouldContain(_run.BeforeHash, Case.Insensitive);
    }

    public void Dispose() => _run.Dispose();

    private string Small() => Directory.CreateDirectory(Path.Combine(_run.Folder, "small")).FullName;

    /// <summary>Runs the merge; returns the data file's hash and the names of all files afterwards.</summary>
    private string Merge(string options = "") =>
        $"{{ '{Path.Combine(HpcFitProgram.Folder, "hpcfit")}' merge '{_run.Run}' {options}; code=$?; sha256sum < '{_run.Data}'; ls "
        + $"'{_run.Folder}' '{Path.Combine(_run.Folder, "small")}'; exit $code; }}";

    private static Finished Enter(string[] way, string command)
    {
        using var running = Running.Start(way[0], [.. way[1..], "sh", "-c", command]);
        return running.Wait();
    }

    /// <summary>Disables the runtime's double mapping of code, whose growing memory file the limit would forbid as well.</summary>
    private static Finished Limit(long kilobytes, string command)
    {
        using var running = Running.Start(
            "bash",
            ["-c", $"ulimit -f {kilobytes}; {command}"],
            new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" }
        );
        return running.Wait();
    }

    private static string[]? FindNamespaces()
    {
        string[][] ways =
        [
            ["unshare", "--mount"],
            ["unshare", "--user", "--map-root-user", "--mount"],
        ];
        return Array.Find(
            ways,
            way =>
            {
                using var trial = Running.Start(way[0], [.. way[1..], "sh", "-c", "mount -t tmpfs -o size=100k tmpfs /mnt"]);
                return trial.Wait().ExitCode == 0;
            }
        );
    }
}
