namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>
/// PALM's and nilearn's levels: a hundred up to the map's own maximum, which is the last level.
/// </summary>
/// <param name="exponent">The exponent of the height.</param>
/// <param name="acrossSigns">Whether both signs share the maximum.</param>
/// <param name="isScaled">Whether the sum is multiplied by the step.</param>
internal sealed class OwnSteps(double exponent, bool acrossSigns, bool isScaled) : HeightSteps(isStrict: false)
{
    private const int Steps = 100;
    private readonly PowerFunction _power = new(exponent);

    /// <inheritdoc/>
    protected override HeightLevels Negative { get; } = new();

    /// <inheritdoc/>
    public override void Prepare(MapPeaks map, MapPeaks unpermuted)
    {
        var (positive, negative) = (Height(map.Maximum), Height(map.Minimum));
        var both = Math.Max(positive, negative);
        Fill(Positive, acrossSigns ? both : positive);
        Fill(Negative, acrossSigns ? both : negative);
    }

    private void Fill(HeightLevels levels, double maximum)
    {
        levels.Clear();
        if (maximum == 0)
            return;
        var step = maximum / Steps;
        for (var level = 1; level <= Steps; level++)
        {
            var height = level == Steps ? maximum : level * step;
            levels.Add(height, isScaled ? _power.Of(height) * step : _power.Of(height));
        }
    }
}
