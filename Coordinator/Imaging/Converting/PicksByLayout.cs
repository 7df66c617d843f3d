using System.Collections.Concurrent;
using HpcFit.Coordinator.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>Finds the elements in images, once for all images that store their axes alike. Used by many threads.</summary>
internal sealed class PicksByLayout(ElementGrid grid)
{
    private readonly ConcurrentDictionary<string, Lazy<SamplePicks>> _known = new(StringComparer.Ordinal);

    /// <summary>The image with the elements' places.</summary>
    public PlacedImage From(ImageHeader image)
    {
        var layout = $"{image.Origin}:{string.Join(',', image.Strides)}";
        return new(image, _known.GetOrAdd(layout, _ => new(() => SamplePicks.From(grid, image))).Value);
    }
}
