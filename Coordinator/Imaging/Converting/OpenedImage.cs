using HpcFit.Coordinator.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>An image whose header was read, ready to be read.</summary>
/// <param name="Values">The image.</param>
/// <param name="Mask">The subject's own mask; null: none.</param>
internal sealed record OpenedImage(PlacedImage Values, PlacedImage? Mask);

/// <summary>An image and where the elements stand in it.</summary>
/// <param name="Header">What it says about its samples.</param>
/// <param name="Picks">The elements' samples.</param>
internal sealed record PlacedImage(ImageHeader Header, SamplePicks Picks);
