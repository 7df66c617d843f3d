using System.Collections.Concurrent;
using HpcFit.Coordinator.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>Locates the elements in images, once for all images with the same storage order. Thread-safe.</summary>
internal sealed class PicksByLayout(ElementGrid grid)
{
    private readonly ConcurrentDictionary<string, Lazy<SamplePicks>> _known = new(StringComparer.Ordinal);

    /// <summary>Returns the image with the positions of the elements.</summary>
    public PlacedImage From(ImageHeader image)
    {
        var layout = $"{image.Origin}:{string.Join(',', image.Strides)}";
        return new(image, _known.GetOrAdd(layout, _ => new(() => SamplePicks.From(grid, image))).Value);
    }
}
