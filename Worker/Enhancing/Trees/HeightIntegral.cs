namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>
/// The integral of h^H from 0 to the statistic: the limit of all other forms for steps towards 0, except for their factor.
/// </summary>
internal sealed class HeightIntegral(double exponent) : HeightMeasure
{
    private readonly PowerFunction _power = new(exponent + 1);

    /// <inheritdoc/>
    public override void Prepare(MapPeaks map, MapPeaks unpermuted) { }

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<float> map, ReadOnlySpan<int> order, Span<TreeNode> nodes)
    {
        foreach (var element in order)
            nodes[element].Measure = _power.Of(Height(map[element])) / _power.Exponent;
    }
}
