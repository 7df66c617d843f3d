using System.Diagnostics;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Tests.Writing;

public sealed class LocalFileSystemTests
{
    [Theory]
    [InlineData(0xEF53, true)] // ext4
    [InlineData(0x58465342, true)] // XFS
    [InlineData(0x9123683E, true)] // btrfs, any subvolume
    [InlineData(0x01021994, true)] // tmpfs
    [InlineData(0x794C7630, true)] // overlay
    [InlineData(0x6969, false)] // NFS
    [InlineData(0xFE534D42, false)] // SMB2
    [InlineData(0x0BD00BD0, false)] // Lustre
    [InlineData(0x47504653, false)] // GPFS
    [InlineData(0x19830326, false)] // BeeGFS
    [InlineData(0x00C36400, false)] // Ceph
    [InlineData(0x01021997, false)] // 9p
    [InlineData(0x65735546, false)] // FUSE: sshfs and others
    [InlineData(0, false)]
    public void File_servers_and_unknown_types_are_not_local(uint type, bool isLocal) => LocalFileSystem.IsLocal(type).ShouldBe(isLocal);

    [Fact]
    public void Memory_is_local() => LocalFileSystem.Contains("/dev/shm").ShouldBeTrue();

    [Fact]
    public void A_folder_that_does_not_exist_is_not_local() => LocalFileSystem.Contains("/no/such/folder").ShouldBeFalse();

    [Theory]
    [InlineData("/tmp")]
    [InlineData("/proc")]
    [InlineData("/dev/shm")]
    public void The_kernel_gives_the_type_that_coreutils_prints(string folder)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-f", "-c", "%t", folder]) { RedirectStandardOutput = true })!;
        Posix.FileSystemType(folder)!.Value.ToString("x").ShouldBe(stat.StandardOutput.ReadToEnd().Trim());
    }
}
