namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>The statistic of a cluster.</summary>
internal enum ClusterStatistic
{
    /// <summary>The sum of the sizes of its elements: their number, or the area of vertices.</summary>
    Extent,

    /// <summary>The sum over its elements of the statistic's excess over the threshold, times the size of the element.</summary>
    Mass,
}
