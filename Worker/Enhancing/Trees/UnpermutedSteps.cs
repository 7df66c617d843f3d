namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>
/// FSL's levels: a hundredth of the maximum of the unpermuted map, for all its shuffles, added up in float32. A map without positive
/// statistics has no step, and all of its shuffles no enhancement.
/// </summary>
internal sealed class UnpermutedSteps(double exponent) : HeightSteps(isStrict: true)
{
    private const float Steps = 100;
    private readonly PowerFunction _power = new(exponent);
    private MapPeaks _unpermuted;

    /// <inheritdoc/>
    protected override HeightLevels Negative { get; } = new();

    /// <inheritdoc/>
    public override void Prepare(MapPeaks map, MapPeaks unpermuted)
    {
        if (unpermuted != _unpermuted)
        {
            Positive.Clear();
            Negative.Clear();
            _unpermuted = unpermuted;
        }
        Extend(Positive, (float)Height(unpermuted.Maximum) / Steps, Height(map.Maximum));
        Extend(Negative, (float)Height(unpermuted.Minimum) / Steps, Height(map.Minimum));
    }

    private void Extend(HeightLevels levels, float step, double highest)
    {
        if (step == 0)
            return;
        while (levels.Highest < highest && levels.Count < HeightLevels.Limit)
        {
            var height = (float)levels.Highest + step;
            levels.Add(height, _power.Of(height));
        }
    }
}
