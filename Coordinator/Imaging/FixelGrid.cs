using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging;

/// <summary>
/// The voxel of each fixel, from a fixel folder's index image: its two volumes contain the number of fixels of each voxel and the id of the
/// first of them. Voxels with fixels are numbered in the order of their first fixels.
/// </summary>
/// <remarks>MRtrix3 documentation, "Fixel image (directory) format".</remarks>
/// <param name="Index">The index image as one volume of three axes, with its affine.</param>
/// <param name="VoxelCells">The cell of each voxel that has fixels, numbered with the last axis varying fastest.</param>
/// <param name="VoxelOfFixel">The voxel of each fixel.</param>
internal sealed record FixelGrid(ImageHeader Index, int[] VoxelCells, int[] VoxelOfFixel)
{
    /// <summary>The number of fixels.</summary>
    public int Count => VoxelOfFixel.Length;

    /// <summary>Reads an index image.</summary>
    /// <param name="path">The image.</param>
    /// <param name="directions">The folder's directions: the image's counts must add up to their number, before memory is allocated for
    /// that many.</param>
    /// <exception cref="BadInputException">It cannot be read, is not an index image, does not match the directions, or its fixels overlap
    /// or
    /// leave gaps.</exception>
    public static FixelGrid Read(string path, ImageHeader directions)
    {
        var image = ImageFile.ReadPlaced(path);
        if (image.Shape.Count != 4 || image.Shape[3] != 2)
            throw new BadInputException(
                $"'{path}' has the shape {image.ShapeText}; an index image of fixels has 4 axes, the last of 2 (count and first id). "
                    + "Is it index.mif of the fixel folder?"
            );
        var values = ImageFile.ReadAll(image);
        RequireCount(path, directions, FixelCount(path, image, values));
        int[] cells =
        [
            .. Enumerable.Range(0, values.Length / 2).Where(cell => values[2 * cell] > 0).OrderBy(cell => values[(2 * cell) + 1]),
        ];
        var volume = image with { Shape = [.. image.Shape.Take(3)], Strides = [.. image.Strides.Take(3)] };
        return new(volume, cells, FixelsOf(path, cells, values));
    }

    private static double FixelCount(string path, ImageHeader image, double[] values)
    {
        double fixels = 0;
        for (var cell = 0; cell < values.Length / 2; cell++)
        {
            var count = values[2 * cell];
            if (!(count >= 0 && count == Math.Floor(count)))
                throw new BadInputException(
                    $"'{path}' is not a valid index image: voxel {image.CellText(2 * cell)} has {count:G} fixels; a count of 0 or more "
                        + "was expected."
                );
            fixels += count;
        }
        return fixels > 0
            ? fixels
            : throw new BadInputException($"'{path}' contains no fixels: every count is 0. Is it index.mif of the fixel folder?");
    }

    private static void RequireCount(string path, ImageHeader directions, double fixels)
    {
        if (fixels != directions.Shape[0])
            throw new BadInputException(
                $"'{directions.Path}' contains {directions.Shape[0]:N0} directions; the index image '{path}' has {fixels:N0} fixels. "
                    + "Both must be from the same "
                    + "fixel folder."
            );
    }

    private static int[] FixelsOf(string path, int[] cells, double[] values)
    {
        var voxelOfFixel = new List<int>();
        for (var voxel = 0; voxel < cells.Length; voxel++)
        {
            var (count, first) = (values[2 * cells[voxel]], values[(2 * cells[voxel]) + 1]);
            if (first != voxelOfFixel.Count)
            {
                throw new BadInputException(
                    $"'{path}' is not a valid index image: the fixels up to {voxelOfFixel.Count:N0} belong to the preceding voxels, but "
                        + $"the next voxel has {count:G} fixels from {first:G} on. "
                        + "Fixels must be consecutive, without gaps or overlaps."
                );
            }
            voxelOfFixel.AddRange(Enumerable.Repeat(voxel, (int)count));
        }
        return [.. voxelOfFixel];
    }
}
