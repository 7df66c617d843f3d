using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging;

/// <summary>Opens a fixel folder's directions image: one direction (x, y, z) per fixel.</summary>
internal static class FixelDirections
{
    /// <summary>Reads and checks the header.</summary>
    /// <exception cref="BadInputException">It cannot be read, or is not a directions image.</exception>
    public static ImageHeader Open(string path)
    {
        var image = ImageFile.ReadHeader(path);
        if (image.Shape.Count < 2 || image.Shape[1] != 3 || image.Shape.Skip(2).Any(extent => extent > 1))
            throw new BadInputException(
                $"'{path}' has the shape {image.ShapeText}; a directions image has the shape fixels x 3 x 1. Is it directions.mif of "
                    + "the fixel folder?"
            );
        return image;
    }

    /// <summary>All directions: 3 values per fixel.</summary>
    public static double[] Read(ImageHeader image) => ImageFile.ReadAll(image);
}
