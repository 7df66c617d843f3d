using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>When a checkout is built again, and which folders the builds do not touch.</summary>
public sealed class BuildTests : IDisposable
{
    private static readonly string[] Sources = ["Coordinator", "Worker", "Shared", "deploy/local", "deploy/release/build", "deploy/slurm"];

    private static readonly string[] RootFiles =
    [
        "Directory.Build.props",
        "Directory.Build.targets",
        "Directory.Packages.props",
        "global.json",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_release_folder_that_it_did_not_make_is_left_alone()
    {
        var (place, kept) = (_folder.Combine("tools"), _folder.Combine("tools", "somebody's"));
        Directory.CreateDirectory(place);
        File.WriteAllText(kept, "work");

        using var building = Running.Start(RepositoryRoot.Combine("deploy", "release", "build"), [place + "/"]);
        building.Wait().ShouldEndWith(2).ShouldSay(place, "not built by this command");

        File.ReadAllText(kept).ShouldBe("work");
        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([place]);
    }

    [Fact]
    public void The_content_of_the_sources_decides_whether_a_build_is_up_to_date()
    {
        var source = MakeCheckout();
        IsBuilt().ShouldBeTrue("nothing changed");

        File.SetLastWriteTimeUtc(source, DateTime.UtcNow.AddHours(1));
        IsBuilt().ShouldBeTrue("a file was touched");

        using (var copy = Running.Start("cp", ["-r", _folder.Combine("checkout"), _folder.Combine("copy")]))
            copy.Wait().ShouldSucceed();
        IsBuilt("copy").ShouldBeTrue("the checkout was copied");

        var (written, length) = (File.GetLastWriteTimeUtc(source), new FileInfo(source).Length);
        File.WriteAllText(source, "two");
        File.SetLastWriteTimeUtc(source, written);
        new FileInfo(source).Length.ShouldBe(length);
        IsBuilt().ShouldBeFalse("another content of the same size and time");

        File.WriteAllText(source, "one");
        IsBuilt().ShouldBeTrue("the old content is back");

        File.WriteAllText(_folder.Combine("checkout", "Shared", "New.cs"), "new");
        IsBuilt().ShouldBeFalse("a file was added");
    }

    /// <summary>A checkout with one source file and a build that recorded it.</summary>
    private string MakeCheckout()
    {
        foreach (var source in Sources)
            Directory.CreateDirectory(_folder.Combine("checkout", source));
        foreach (var file in RootFiles)
            File.WriteAllText(_folder.Combine("checkout", file), file);
        Directory.CreateDirectory(_folder.Combine("checkout", "app"));
        var path = _folder.Combine("checkout", "Worker", "Program.cs");
        File.WriteAllText(path, "one");
        Shell("checkout", "{ identify_sources && digest_sources; } >\"$root/app/built\"").ShouldSucceed();
        return path;
    }

    private bool IsBuilt(string checkout = "checkout") => Shell(checkout, "is_built \"$root/app\"").ExitCode == 0;

    private Finished Shell(string checkout, string command)
    {
        var functions = RepositoryRoot.Combine("deploy", "local", "sources.sh");
        using var shell = Running.Start("sh", ["-c", $"root='{_folder.Combine(checkout)}'; . '{functions}'; {command}"]);
        return shell.Wait();
    }
}
