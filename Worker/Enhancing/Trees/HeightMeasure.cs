namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>
/// What heights up to a statistic contribute to TFCE in a cluster of extent 1: the sum of h^H over the levels of a form, or the integral.
/// One per thread, prepared for one map at a time.
/// </summary>
internal abstract class HeightMeasure
{
    /// <summary>Creates the measure of a form.</summary>
    public static HeightMeasure Create(TfceParameters parameters) =>
        parameters.Form switch
        {
            TfceForm.Exact => new HeightIntegral(parameters.H),
            TfceForm.MRtrix => new AddedSteps(parameters.H, parameters.Step),
            TfceForm.Fsl => new UnpermutedSteps(parameters.H),
            TfceForm.Palm => new OwnSteps(parameters.H, acrossSigns: false, isScaled: true),
            _ => new OwnSteps(parameters.H, acrossSigns: true, isScaled: false),
        };

    /// <summary>Prepares for a map.</summary>
    /// <param name="map">The extremes of the map.</param>
    /// <param name="unpermuted">The extremes of the hypothesis's unpermuted map.</param>
    public abstract void Prepare(MapPeaks map, MapPeaks unpermuted);

    /// <summary>Evaluates the measure at the absolute value of each element.</summary>
    /// <param name="map">One value per element.</param>
    /// <param name="order">Elements, the largest absolute value first.</param>
    /// <param name="nodes">Receive the measure of each of them.</param>
    public abstract void Evaluate(ReadOnlySpan<float> map, ReadOnlySpan<int> order, Span<TreeNode> nodes);

    /// <summary>The absolute value of a statistic; infinite ones are as the largest finite one.</summary>
    protected static double Height(float statistic) => Math.Min(Math.Abs(statistic), float.MaxValue);
}
