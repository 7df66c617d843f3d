using HpcFit.Coordinator.Imaging.Nifti;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;
using HpcFit.Shared.Imaging.Mif;

namespace HpcFit.Coordinator.Imaging;

/// <summary>Opens an image of either format, which is determined by the first bytes, not by the name.</summary>
internal static class ImageFile
{
    private const int EnoughToTell = 12;

    /// <summary>The description of the image's samples, without their position in space.</summary>
    /// <exception cref="BadInputException">It cannot be read, is too short for the samples that it announces, or their type is not
    /// supported.</exception>
    public static ImageHeader ReadHeader(string path) => IsMif(path) ? MifFile.Read(path).Image : NiftiFile.Read(path).Image;

    /// <summary>The same with the affine; null if an MRtrix image has no transform.</summary>
    /// <exception cref="BadInputException">See <see cref="ReadHeader"/>; or the header does not define a valid affine.</exception>
    public static ImageHeader ReadPlaced(string path) => IsMif(path) ? MifFile.Read(path).Placed : NiftiFile.Read(path).Placed;

    /// <summary>
    /// The values of all cells, the last axis varying fastest. Memory is allocated only after the file's size was checked.
    /// </summary>
    /// <exception cref="BadInputException">It is truncated or damaged.</exception>
    public static double[] ReadAll(ImageHeader image)
    {
        using (var stream = ImageStream.Open(image.Path))
        {
            if (stream.IsGzip)
                stream.Skip(image.ExpectedBytes, "samples");
        }
        var everything = new ElementGrid(image.Shape, null);
        var values = new double[everything.Count];
        using var samples = new SampleReader();
        samples.Read(image, SamplePicks.From(everything, image), values);
        return values;
    }

    private static bool IsMif(string path)
    {
        using var stream = ImageStream.Open(path);
        Span<byte> start = stackalloc byte[EnoughToTell];
        return start[..stream.ReadUpTo(start)].SequenceEqual("mrtrix image"u8);
    }
}
