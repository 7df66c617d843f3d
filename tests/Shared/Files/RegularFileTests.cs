using System.Diagnostics;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Tests.Files;

/// <summary>Files of any kind that a user names are opened or refused without waiting.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-regular-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_opened_through_links_and_read_from_its_beginning()
    {
        File.WriteAllText(Of("file"), "abc");
        File.CreateSymbolicLink(Of("link"), "file");
        using var opened = RegularFile.OpenRead(Of("link"), "a text");
        var bytes = new byte[8];
        RandomAccess.Read(opened, bytes, 0).ShouldBe(3);
    }

    [Fact]
    public void Anything_but_a_regular_file_is_refused_without_waiting()
    {
        Process.Start("mkfifo", [Of("fifo")]).WaitForExit();
        Directory.CreateDirectory(Of("folder"));
        File.CreateSymbolicLink(Of("dangling"), "nowhere");
        File.CreateSymbolicLink(Of("circle"), "circle");
        Refused(Of("fifo"), "a pipe (FIFO)", "an image is expected");
        Refused("/dev/zero", "a device");
        Refused(Of("folder"), "a folder");
        Refused(Of("dangling"), "symbolic link to 'nowhere'");
        Refused(Of("circle"), "leads back to itself");
        Refused(Of("missing"), "There is no file");
        File.WriteAllText(Of("packed.mif.gz"), "");
        Refused(Of("packed.mif"), "There is no file", "packed.mif.gz'. Unpack it");
        Refused(Of("folder") + "/missing/file", "There is no file");
        Refused("", "There is no file ''");
        Refused("a\0b", "NUL");
        Refused(Of(new string('x', 300)), "cannot be read");
    }

    [Fact]
    public void Only_regular_files_are_replaced()
    {
        Process.Start("mkfifo", [Of("fifo")]).WaitForExit();
        File.WriteAllText(Of("file"), "abc");
        RegularFile.RequireReplaceable(Of("file"));
        RegularFile.RequireReplaceable(Of("missing"));
        foreach (
            var (path, words) in ((string, string)[])
                [(Of("fifo"), "a pipe (FIFO), and is not replaced"), ("/dev/null", "a device"), (_folder, "a folder")]
        )
            Should.Throw<BadInputException>(() => RegularFile.RequireReplaceable(path)).Message.ShouldContain(words);
    }

    private string Of(string name) => Path.Combine(_folder, name);

    private static void Refused(string path, params string[] words)
    {
        var message = Should.Throw<BadInputException>(() => RegularFile.OpenRead(path, "an image").Dispose()).Message;
        foreach (var word in words)
            message.ShouldContain(word);
    }
}
