namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>The statistic of a cluster.</summary>
internal enum ClusterStatistic
{
    /// <summary>The number of its elements.</summary>
    Extent,

    /// <summary>The sum over its elements of the statistic's excess over the threshold.</summary>
    Mass,
}
