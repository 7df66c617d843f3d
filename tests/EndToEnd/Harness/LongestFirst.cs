using Xunit.Abstractions;

[assembly: TestCollectionOrderer("HpcFit.EndToEnd.Tests.Harness.LongestFirst", "HpcFit.EndToEnd.Tests")]

namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>
/// Starts the collections that take longest first: those on clusters, which mostly wait for real timers, so that the others use the
/// processors meanwhile (xunit.runner.json allows more tests at a time than there are processors).
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [Slurm.OnCluster.Name, Schedulers.OnGridEngine.Name];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections
            .OrderBy(one => (uint)Array.IndexOf(Longest, one.DisplayName))
            .ThenBy(one => one.DisplayName, StringComparer.Ordinal);
}
