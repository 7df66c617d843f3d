using System.Diagnostics;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Tests.Files;

public sealed class TemporaryFolderTests : IDisposable
{
    private const string Prefix = "hpcfit-test-of-folders-";
    private readonly string _parent = Directory.CreateTempSubdirectory("hpcfit-folders-").FullName;

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void Folders_of_processes_that_are_gone_are_removed_with_all_that_is_in_them()
    {
        var (ended, earlierBoot) = (Make(Ended()), Make(ProcessIdentity.Self with { BootId = "earlier" }));
        Directory.CreateDirectory(Path.Combine(ended, "RtmpXXXX"));
        File.WriteAllText(Path.Combine(ended, "RtmpXXXX", "file"), "x");
        TemporaryFolder.RemoveAbandoned(_parent, Prefix);
        Directory.Exists(ended).ShouldBeFalse();
        Directory.Exists(earlierBoot).ShouldBeFalse();
    }

    [Fact]
    public void Those_of_living_processes_and_of_processes_that_cannot_be_looked_up_stay()
    {
        string[] kept =
        [
            Make(ProcessIdentity.Self),
            Make(ProcessIdentity.Self with { Host = "elsewhere" }),
            Make(ProcessIdentity.Self with { PidNamespace = "pid:[1]", Pid = 4_000_000 }),
            Make("hpcfit-test-of-folders-mine"),
            Make($"another-{TemporaryFolder.NameFor(Prefix, Ended())}"),
            Make($"{TemporaryFolder.NameFor(Prefix, Ended())}-copy"),
        ];
        TemporaryFolder.RemoveAbandoned(_parent, Prefix);
        kept.ShouldAllBe(folder => Directory.Exists(folder));
    }

    [Fact]
    public void A_link_with_such_a_name_leads_to_no_removal()
    {
        var (target, link) = (
            Directory.CreateDirectory(Path.Combine(_parent, "target")).FullName,
            Path.Combine(_parent, TemporaryFolder.NameFor(Prefix, Ended()))
        );
        File.WriteAllText(Path.Combine(target, "kept"), "x");
        Directory.CreateSymbolicLink(link, target);
        TemporaryFolder.RemoveAbandoned(_parent, Prefix);
        File.Exists(Path.Combine(target, "kept")).ShouldBeTrue();
    }

    private string Make(ProcessIdentity process) => Make(TemporaryFolder.NameFor(Prefix, process));

    private string Make(string name) => Directory.CreateDirectory(Path.Combine(_parent, name)).FullName;

    /// <summary>A process that has ended.</summary>
    private static ProcessIdentity Ended()
    {
        using var process = Process.Start("/bin/true");
        process.WaitForExit();
        return ProcessIdentity.Self with { Pid = process.Id };
    }
}
