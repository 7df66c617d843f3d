namespace HpcFit.Worker.Models;

/// <summary>
/// A model whose statistics can be computed again for shuffled data: what a stage over shuffles computes. Immutable and shared by all
/// threads.
/// </summary>
internal interface IShuffledModel
{
    /// <summary>The hypotheses, by the names with which their result columns begin.</summary>
    IReadOnlyList<string> Hypotheses { get; }

    /// <summary>The number of shuffles, of which shuffle 0 is the identity.</summary>
    long Shuffles { get; }

    /// <summary>Whether it counts for the statistics themselves, besides giving their maps.</summary>
    bool CountsStatistics => false;

    /// <summary>Creates the workspace of one thread.</summary>
    IShuffledFitter CreateFitter();
}

/// <summary>Computes statistics of shuffled data on one thread. Owns its workspace.</summary>
internal interface IShuffledFitter : IDisposable
{
    /// <summary>
    /// Computes the statistics of every element of <paramref name="block"/>, for all hypotheses and all shuffles of
    /// <paramref name="maps"/>, and stores them there at the elements' ids: t or z rounded to float32, 0 on a side that is not tested, NaN
    /// where the element is outside the analysis. A statistic depends on the element and on the number of the shuffle only, never on which
    /// others are computed with it. Where the maps have <see cref="StatisticMaps.Tests"/>, also counts there, on both sides.
    /// </summary>
    void Fit(in ScalarBlock block, StatisticMaps maps);

    /// <summary>The same for several maps, with what they share computed once.</summary>
    void Fit(in ScalarBlock block, IReadOnlyList<StatisticMaps> maps)
    {
        foreach (var some in maps)
            Fit(block, some);
    }
}
