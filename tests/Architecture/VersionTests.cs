using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HpcFit.Architecture.Tests;

/// <summary>Directory.Build.props has the version. R demands a copy in its package, and pages name the current package.</summary>
public sealed partial class VersionTests(Sources sources) : IClassFixture<Sources>
{
    private string Version => XDocument.Load(InRoot("Directory.Build.props")).Descendants("Version").ShouldHaveSingleItem().Value;

    [Fact]
    public void The_R_package_has_the_version_of_the_programs() =>
        File.ReadAllLines(InRoot("deploy/clients/R/DESCRIPTION")).ShouldContain($"Version: {Version}");

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/installation.md")]
    [InlineData("deploy/slurm/README.md")]
    public void Pages_name_the_package_of_this_version(string page)
    {
        var named = PackageName().Matches(File.ReadAllText(InRoot(page))).Select(match => match.Groups[1].Value).ToList();
        named.ShouldNotBeEmpty();
        named.ShouldAllBe(version => version == Version);
    }

    private string InRoot(string path) => Path.Combine(sources.Root, path);

    [GeneratedRegex(@"hpcfit-(\d+\.\d+\.\d+)-linux")]
    private static partial Regex PackageName();
}
