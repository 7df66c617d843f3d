using HpcFit.Worker.Enhancing.Neighbourhoods;

namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>Threshold-free cluster enhancement from a max-tree: the cost does not depend on the number of heights.</summary>
internal sealed class TfceEnhancement(Neighbours neighbours, TfceParameters parameters) : IEnhancement
{
    /// <inheritdoc/>
    public int Elements => neighbours.Elements;

    /// <inheritdoc/>
    public int MapsPerCall => 1;

    /// <inheritdoc/>
    public long BytesPerEnhancer => (long)Elements * MaxTree.BytesPerElement;

    /// <inheritdoc/>
    public IEnhancer CreateEnhancer() => new Enhancer(neighbours, parameters);

    private sealed class Enhancer(Neighbours neighbours, TfceParameters parameters) : MapEnhancer(neighbours.Elements)
    {
        private readonly MaxTree _tree = new(neighbours);
        private readonly HeightMeasure _measure = HeightMeasure.Create(parameters);
        private readonly PowerFunction _power = new(parameters.E);

        protected override void EnhanceMap(ReadOnlySpan<float> map, MapPeaks unpermuted, Span<float> enhanced)
        {
            var nodes = _tree.Nodes;
            for (var element = 0; element < nodes.Length; element++)
                nodes[element].Total = neighbours.SizeOf(element);
            var order = _tree.Build(map, 0);
            _measure.Prepare(MapPeaks.Find(map), unpermuted);
            _measure.Evaluate(map, order, nodes);
            for (var at = order.Length - 1; at >= 0; at--)
            {
                var element = order[at];
                ref var node = ref nodes[element];
                ref readonly var parent = ref nodes[node.Parent];
                // A parent comes first and has its score in place of its extent.
                var (score, below) = node.Parent == element ? (0, 0) : (parent.Total, parent.Measure);
                if (node.Measure != below)
                    score += _power.Of(node.Total) * (node.Measure - below);
                node.Total = score;
                enhanced[element] = WithSign(score, map[element]);
            }
        }
    }
}
