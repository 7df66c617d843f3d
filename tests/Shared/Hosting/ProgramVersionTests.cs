using HpcFit.Shared.Hosting;

namespace HpcFit.Shared.Tests.Hosting;

public sealed class ProgramVersionTests
{
    [Theory]
    [InlineData("bef26b7c2fb80123456789abcdef0123456789ab", "0.1.0 (commit bef26b7c2fb8)")]
    [InlineData("bef26b7c2fb80123456789abcdef0123456789ab-dirty", "0.1.0 (commit bef26b7c2fb8-dirty)")]
    [InlineData("bef26b7", "0.1.0 (commit bef26b7)")]
    [InlineData(null, "0.1.0")]
    public void The_commit_is_abbreviated_and_marked_if_sources_differed(string? commit, string shown) =>
        new ProgramVersion("0.1.0", commit).ToString().ShouldBe(shown);
}
