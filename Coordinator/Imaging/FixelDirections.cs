using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging;

/// <summary>Opens a fixel folder's directions image: a direction (x, y, z) a fixel.</summary>
internal static class FixelDirections
{
    /// <summary>The header, checked.</summary>
    /// <exception cref="BadInputException">It cannot be read, or is no directions image of so many fixels.</exception>
    public static ImageHeader Open(string path, int fixels, string indexPath)
    {
        var image = ImageFile.ReadHeader(path);
        if (image.Shape.Count < 2 || image.Shape[1] != 3 || image.Shape.Skip(2).Any(extent => extent > 1))
            throw new BadInputException($"'{path}' has the shape {image.ShapeText}; a directions image has the shape fixels x 3 x 1. Is it directions.mif of "
                + "the fixel folder?");
        return image.Shape[0] == fixels
            ? image
            : throw new BadInputException($"'{path}' holds {image.Shape[0]:N0} directions; the index image '{indexPath}' has {fixels:N0} fixels. Both must "
                + "be of one fixel folder.");
    }

    /// <summary>All directions: 3 values a fixel.</summary>
    public static double[] Read(ImageHeader image)
    {
        var everything = new ElementGrid([image.Shape[0], 3], null);
        var values = new double[everything.Count];
        using var samples = new SampleReader();
        samples.Read(image, SamplePicks.Of(everything, image with { Shape = [image.Shape[0], 3], Strides = [.. image.Strides.Take(2)] }), values);
        return values;
    }
}
