using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>HPC nodes have no .NET: the published folder must run where no runtime can be found.</summary>
public sealed class PublishTests
{
    [Fact]
    public void A_self_contained_folder_runs_without_dotnet()
    {
        using var folder = new TemporaryFolder();
        var rid = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        foreach (var project in (string[])["Coordinator", "Worker"])
        {
            using var publish = Running.Start("dotnet", ["publish", RepositoryRoot.Combine(project), "-r", rid, "--self-contained", "-o", folder.Combine("app"), "--nologo"]);
            publish.Wait().ShouldSucceed();
        }

        using var study = new Study();
        var bare = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["DOTNET_ROOT"] = "/nowhere" };
        using var running = Running.Start(folder.Combine("app", "hpcfit"), study.Lm("FD ~ Age", "lm", "--output", study.Combine("out.h5")), bare);
        running.Wait().ShouldSucceed();
        ResultsTable.Read(study.Combine("out.h5"), "lm").Rows.ShouldBe(3000);
    }
}
