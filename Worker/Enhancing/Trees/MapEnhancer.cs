namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>Enhances maps one at a time.</summary>
/// <param name="elements">The elements of a map.</param>
internal abstract class MapEnhancer(int elements) : IEnhancer
{
    /// <inheritdoc/>
    public void Enhance(ReadOnlySpan<float> maps, MapPeaks unpermuted, Span<float> enhanced)
    {
        for (var at = 0; at < maps.Length; at += elements)
        {
            var map = maps.Slice(at, elements);
            var into = enhanced.Slice(at, elements);
            for (var element = 0; element < map.Length; element++)
                into[element] = float.IsNaN(map[element]) ? float.NaN : 0;
            EnhanceMap(map, unpermuted, into);
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }

    /// <summary>Enhances a map.</summary>
    /// <param name="map">One statistic per element.</param>
    /// <param name="unpermuted">The extremes of the hypothesis's unpermuted map.</param>
    /// <param name="enhanced">0, or NaN where the map is; receives the values of elements with support.</param>
    protected abstract void EnhanceMap(ReadOnlySpan<float> map, MapPeaks unpermuted, Span<float> enhanced);

    /// <summary>A score as float32 with the sign of the statistic; finite.</summary>
    protected static float WithSign(double score, float statistic) => float.CopySign((float)Math.Min(score, float.MaxValue), statistic);
}
