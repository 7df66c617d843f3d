using System.Diagnostics;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-lock-").FullName;
    private readonly string _file;

    public FileLockTests()
    {
        _file = Path.Combine(_folder, "data.h5");
        File.WriteAllText(_file, "");
    }

    [Fact]
    public void A_writer_has_the_file_alone_and_readers_share_it()
    {
        using (FileLock.TryTake(_file).ShouldNotBeNull())
            FileLock.TryTake(_file).ShouldBeNull();
        using (FileLock.Share(_file, TimeSpan.Zero))
        using (FileLock.Share(_file, TimeSpan.Zero))
            FileLock.TryTake(_file).ShouldBeNull();
        FileLock.TryTake(_file).ShouldNotBeNull().Dispose();
    }

    [Fact]
    public void A_program_started_meanwhile_does_not_inherit_the_lock()
    {
        using var held = FileLock.TryTake(_file).ShouldNotBeNull();
        using var program = Process.Start(new ProcessStartInfo("/bin/ls", ["-l", "/proc/self/fd"]) { RedirectStandardOutput = true })!;
        var descriptors = program.StandardOutput.ReadToEnd();
        program.WaitForExit();
        descriptors.ShouldContain("pipe:");
        descriptors.ShouldNotContain(_file);
    }

    [Fact]
    public async Task A_lock_given_up_is_free_at_once_though_programs_are_being_started()
    {
        var starts = Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                using var program = Process.Start("/bin/true");
                program.WaitForExit();
            }
        });
        for (var turn = 0; !starts.IsCompleted; turn++)
            FileLock.TryTake(_file).ShouldNotBeNull($"turn {turn}").Dispose();
        await starts;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
