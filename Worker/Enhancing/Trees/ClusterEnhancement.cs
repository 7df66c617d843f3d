using HpcFit.Worker.Enhancing.Neighbourhoods;

namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>
/// Clusters of elements above a threshold: every element has the statistic of its cluster, those in no cluster 0.
/// </summary>
/// <remarks>
/// Extent: Friston et al., Hum. Brain Mapp. 1:210, 1994. Mass: Bullmore et al., IEEE Trans. Med. Imaging 18:32, 1999; Hayasaka and Nichols,
/// NeuroImage 23:54, 2004.
/// </remarks>
/// <param name="neighbours">The adjacent elements.</param>
/// <param name="threshold">Clusters consist of elements whose statistic is above it, compared as float32.</param>
/// <param name="statistic">The statistic of a cluster.</param>
internal sealed class ClusterEnhancement(Neighbours neighbours, double threshold, ClusterStatistic statistic) : IEnhancement
{
    /// <inheritdoc/>
    public int Elements => neighbours.Elements;

    /// <inheritdoc/>
    public int MapsPerCall => 1;

    /// <inheritdoc/>
    public long BytesPerEnhancer => (long)Elements * MaxTree.BytesPerElement;

    /// <inheritdoc/>
    public IEnhancer CreateEnhancer() => new Enhancer(neighbours, (float)threshold, statistic);

    private sealed class Enhancer(Neighbours neighbours, float threshold, ClusterStatistic statistic) : MapEnhancer(neighbours.Elements)
    {
        private readonly MaxTree _tree = new(neighbours);

        protected override void EnhanceMap(ReadOnlySpan<float> map, MapPeaks unpermuted, Span<float> enhanced)
        {
            var nodes = _tree.Nodes;
            for (var element = 0; element < nodes.Length; element++)
                nodes[element].Total = neighbours.SizeOf(element) * (statistic == ClusterStatistic.Extent ? 1 : Excess(map[element]));
            var order = _tree.Build(map, threshold);
            for (var at = order.Length - 1; at >= 0; at--)
            {
                var element = order[at];
                var total = nodes[element].Total = nodes[nodes[element].Parent].Total;
                enhanced[element] = WithSign(total, map[element]);
            }
        }

        private double Excess(float value) => Math.Min(Math.Abs(value), float.MaxValue) - (double)threshold;
    }
}
