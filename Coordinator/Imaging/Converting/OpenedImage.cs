using HpcFit.Coordinator.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>An image whose header has been read.</summary>
/// <param name="Values">The image.</param>
/// <param name="Mask">The subject's individual mask; null: none.</param>
internal sealed record OpenedImage(PlacedImage Values, PlacedImage? Mask);

/// <summary>An image and the positions of the elements in it.</summary>
/// <param name="Header">The description of its samples.</param>
/// <param name="Picks">The elements' samples.</param>
internal sealed record PlacedImage(ImageHeader Header, SamplePicks Picks);
