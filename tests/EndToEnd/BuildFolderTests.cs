using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>The command that builds a folder of programs replaces it as a whole, so it must know that the folder is its own.</summary>
public sealed class BuildFolderTests
{
    [Fact]
    public void A_folder_that_it_did_not_make_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        var (place, kept) = (folder.Combine("tools"), folder.Combine("tools", "somebody's"));
        Directory.CreateDirectory(place);
        File.WriteAllText(kept, "work");

        using var building = Running.Start(RepositoryRoot.Combine("deploy", "local", "build-app"), [place + "/"]);
        building.Wait().ShouldEndWith(2).ShouldSay(place, "not built by this command");

        File.ReadAllText(kept).ShouldBe("work");
        Directory.GetFileSystemEntries(folder.Path).ShouldBe([place]);
    }
}
