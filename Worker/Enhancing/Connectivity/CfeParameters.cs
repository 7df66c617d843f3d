namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// Connectivity-based fixel enhancement: the sum over heights h = dh, 2 dh, … of e(h)^E h^H, where e(h) is the connectivity of the fixel to
/// the fixels above that height, divided by its connectivity to all fixels.
/// </summary>
/// <remarks>
/// Raffelt et al., NeuroImage 117:40, 2015; the division (intrinsic non-stationarity correction): Smith et al., ISMRM 2021 1:1212.
/// Defaults are those of MRtrix's fixelcfestats.
/// </remarks>
/// <param name="E">The exponent of the extent; above 0.</param>
/// <param name="H">The exponent of the height; above 0.</param>
/// <param name="C">The exponent of the connectivity of two fixels; above 0.</param>
/// <param name="Step">
/// dh; at least 0.01, so that no z in double precision, which is below 40, reaches more than <see cref="ReachedHeights.Limit"/> heights.
/// </param>
internal sealed record CfeParameters(double E = 2, double H = 3, double C = 0.5, double Step = 0.1);
