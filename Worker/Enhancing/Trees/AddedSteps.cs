namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>
/// MRtrix's levels: h is incremented by the step in double, whose rounding errors accumulate, and compared as float32.
/// </summary>
internal sealed class AddedSteps(double exponent, double step) : HeightSteps(isStrict: true)
{
    private readonly PowerFunction _power = new(exponent);
    private double _height;

    /// <inheritdoc/>
    public override void Prepare(MapPeaks map, MapPeaks unpermuted)
    {
        var highest = Math.Max(Height(map.Maximum), Height(map.Minimum));
        while (Positive.Highest < highest && Positive.Count < HeightLevels.Limit)
        {
            _height += step;
            Positive.Add((float)_height, _power.Of(_height));
        }
    }
}
