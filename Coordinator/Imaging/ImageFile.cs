using HpcFit.Coordinator.Imaging.Mif;
using HpcFit.Coordinator.Imaging.Nifti;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging;

/// <summary>Opens an image of either format; the first bytes say which, not the name.</summary>
internal static class ImageFile
{
    private const int EnoughToTell = 12;

    /// <summary>What the image says about its samples.</summary>
    /// <exception cref="BadInputException">It cannot be read, or its samples have no value.</exception>
    public static ImageHeader ReadHeader(string path)
    {
        using (var stream = ImageStream.Open(path))
        {
            Span<byte> start = stackalloc byte[EnoughToTell];
            if (!start[..stream.ReadUpTo(start)].SequenceEqual("mrtrix image"u8)) return NiftiFile.Read(path).Image;
        }
        return MifFile.Read(path).Image;
    }

    /// <summary>Refuses a file that is shorter than its header says. Of a compressed one only reading it tells.</summary>
    /// <exception cref="BadInputException">It ends before its last sample.</exception>
    public static void RequireWhole(ImageHeader image)
    {
        using var stream = ImageStream.Open(image.Path);
        if (stream.IsGzip || stream.FileBytes >= image.ExpectedBytes) return;
        throw new BadInputException($"'{image.Path}' is truncated: it ends after {stream.FileBytes:N0} bytes, in the middle of its samples; by its header it has "
            + $"{image.ExpectedBytes:N0}. Copy it again from its source.");
    }
}
