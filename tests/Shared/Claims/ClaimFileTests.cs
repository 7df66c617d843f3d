using System.Diagnostics;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Tests.Claims;

/// <summary>Objects other than claims at a claim's path.</summary>
public sealed class ClaimFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-claim-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "merge.claim");

    [Theory]
    [InlineData("")]
    [InlineData("{\"what\":")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\0\0\0\0")]
    public void An_empty_or_damaged_claim_is_held_until_it_is_taken_over(string content)
    {
        File.WriteAllText(Path, content);
        Claim.ReadHolder(Path).ShouldBeNull();
        var failure = Should.Throw<BusyException>(() => Claim.Take(Path, "hpcfit merge"));
        failure.Message.ShouldContain(Path);
        failure.Message.ShouldContain("--take-over");

        using (Claim.Take(Path, "hpcfit merge", takeOver: true))
            Claim.ReadHolder(Path)!.What.ShouldBe("hpcfit merge");

        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("pipe")]
    [InlineData("link to nothing")]
    public void Anything_but_a_file_is_refused_at_once(string kind)
    {
        if (kind == "folder")
            Directory.CreateDirectory(Path);
        else if (kind == "pipe")
            Process.Start("mkfifo", [Path]).WaitForExit();
        else
            File.CreateSymbolicLink(Path, System.IO.Path.Combine(_folder, "nowhere"));

        foreach (var takeOver in (bool[])[false, true])
        {
            var failure = Should.Throw<BadInputException>(() => Claim.Take(Path, "hpcfit merge", takeOver: takeOver));
            failure.Message.ShouldContain(Path);
            failure.Message.ShouldContain("remove it");
        }
    }

    [Fact]
    public void Only_files_of_killed_commands_are_removed()
    {
        var (left, living, others, wild) = (
            TemporaryFile.NameFor(Path),
            TemporaryFile.NameFor(Path),
            TemporaryFile.NameFor(Path + "x"),
            System.IO.Path.Combine(_folder, "*.claim")
        );
        foreach (var file in (string[])[left, living, others])
            File.WriteAllText(file, "");
        using (FileLock.TryTake(living))
        {
            using (Claim.Take(wild, "hpcfit merge"))
                File.Exists(left).ShouldBeTrue();
            using (Claim.Take(Path, "hpcfit merge"))
                File.Exists(left).ShouldBeFalse();
            File.Exists(living).ShouldBeTrue();
        }
        File.Exists(others).ShouldBeTrue();
        TemporaryFile.RemoveAbandonedIn(_folder);
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
