using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging;

/// <summary>Determines the cells of a mask that are above 0.</summary>
internal static class MaskGrid
{
    /// <summary>The mask's elements.</summary>
    /// <exception cref="BadInputException">It cannot be read, or no cell is above 0.</exception>
    public static ElementGrid Read(ImageHeader mask)
    {
        var values = ImageFile.ReadAll(mask);
        var cells = new List<int>();
        for (var cell = 0; cell < values.Length; cell++)
        {
            if (values[cell] > 0)
                cells.Add(cell);
        }
        return cells.Count > 0
            ? new(mask.Shape, [.. cells])
            : throw new BadInputException($"The mask '{mask.Path}' has no voxel above 0. Is it the right file?");
    }
}
