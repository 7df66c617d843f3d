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
    public long BytesPerEnhancer => (long)Elements * (MaxTree.BytesPerElement + (2 * sizeof(double)));

    /// <inheritdoc/>
    public IEnhancer CreateEnhancer() => new Enhancer(neighbours, parameters);

    private sealed class Enhancer(Neighbours neighbours, TfceParameters parameters) : MapEnhancer(neighbours.Elements)
    {
        private readonly MaxTree _tree = new(neighbours);
        private readonly HeightMeasure _measure = HeightMeasure.Create(parameters);
        private readonly PowerFunction _power = new(parameters.E);
        private readonly double[] _measures = new double[neighbours.Elements];
        private readonly double[] _scores = new double[neighbours.Elements];

        protected override void EnhanceMap(ReadOnlySpan<float> map, MapPeaks unpermuted, Span<float> enhanced)
        {
            neighbours.CopySizes(_tree.Totals);
            var order = _tree.Build(map, 0);
            _measure.Prepare(MapPeaks.Of(map), unpermuted);
            _measure.Evaluate(map, order, _measures);
            var parents = _tree.Parents;
            var extents = _tree.Totals;
            var (measures, scores) = (_measures, _scores);
            for (var at = order.Length - 1; at >= 0; at--)
            {
                var element = order[at];
                var parent = parents[element];
                var (score, below) = parent == element ? (0, 0) : (scores[parent], measures[parent]);
                if (measures[element] != below)
                    score += _power.Of(extents[element]) * (measures[element] - below);
                scores[element] = score;
                enhanced[element] = WithSign(score, map[element]);
            }
        }
    }
}
