using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>
/// The properties that all images of a conversion share: which of their samples are elements, and the tables that locate the elements.
/// </summary>
internal abstract class ElementSpace
{
    /// <summary>The elements.</summary>
    public abstract ElementGrid Grid { get; }

    /// <summary>The datasets of the file in addition to the scalars.</summary>
    public abstract IReadOnlyList<Content> Tables { get; }

    /// <summary>Reads an image's header.</summary>
    /// <exception cref="BadInputException">It cannot be read, or does not match this space.</exception>
    public abstract ImageHeader Open(string path);

    /// <summary>Reads the header of a subject's individual mask.</summary>
    /// <exception cref="BadInputException">It cannot be read, does not match this space, or this kind of image has no masks.</exception>
    public virtual ImageHeader OpenMask(string path) =>
        throw new BadInputException(
            $"'{path}' is an individual mask of a subject (column source_mask_file); only NIfTI volumes have those. Omit the column."
        );

    /// <summary>Refuses an image of another shape.</summary>
    protected static void RequireShape(ImageHeader image, IReadOnlyList<int> wanted, string whose)
    {
        if (!image.Shape.SequenceEqual(wanted))
            throw new BadInputException(
                $"'{image.Path}' has the shape {image.ShapeText}; {string.Join(" x ", wanted)} was expected, that of {whose}."
            );
    }
}
