using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging;

/// <summary>Interprets an image as one volume of three axes.</summary>
internal static class SingleVolume
{
    /// <summary>The image without trailing axes of extent 1 after the third.</summary>
    /// <exception cref="BadInputException">It has fewer axes, or several volumes.</exception>
    public static ImageHeader From(ImageHeader image)
    {
        if (image.Shape.Count < 3 || image.Shape.Skip(3).Any(extent => extent > 1))
        {
            throw new BadInputException(
                $"'{image.Path}' has {image.Shape.Count} axes ({image.ShapeText}); one volume of 3 is expected."
                    + (image.Shape.Count > 3 ? " Extract one: mrconvert -coord 3 0 -axes 0,1,2, or fslroi." : "")
            );
        }
        return image with { Shape = [.. image.Shape.Take(3)], Strides = [.. image.Strides.Take(3)] };
    }
}
