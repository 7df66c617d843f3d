namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>
/// Threshold-free cluster enhancement: the integral over heights h up to an element's statistic of e(h)^E h^H, where e(h) is the extent of
/// the cluster that contains the element at that height.
/// </summary>
/// <remarks>Smith and Nichols, NeuroImage 44:83, 2009.</remarks>
/// <param name="Form">How the integral is evaluated.</param>
/// <param name="E">The exponent of the extent.</param>
/// <param name="H">The exponent of the height.</param>
/// <param name="Step">The step between heights of <see cref="TfceForm.MRtrix"/>.</param>
internal sealed record TfceParameters(TfceForm Form, double E = 0.5, double H = 2, double Step = 0.1);
