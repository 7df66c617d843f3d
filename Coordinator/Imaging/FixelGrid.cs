using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging;

/// <summary>
/// Which voxel each fixel lies in, as a fixel folder's index image tells: its two volumes hold, a voxel, the number of fixels and the id of
/// the first of them. Voxels with fixels are numbered in the order of their first fixels.
/// </summary>
/// <remarks>MRtrix3 documentation, "Fixel image (directory) format".</remarks>
/// <param name="Shape">Cells of the index image along its three axes.</param>
/// <param name="VoxelCells">The cell of each voxel that has fixels, numbered with the last axis fastest.</param>
/// <param name="VoxelOfFixel">The voxel of each fixel.</param>
internal sealed record FixelGrid(IReadOnlyList<int> Shape, int[] VoxelCells, int[] VoxelOfFixel)
{
    /// <summary>How many fixels there are.</summary>
    public int Count => VoxelOfFixel.Length;

    /// <summary>Reads an index image.</summary>
    /// <exception cref="BadInputException">It cannot be read, is no index image, or its fixels overlap or leave gaps.</exception>
    public static FixelGrid Read(string path)
    {
        var image = ImageFile.ReadHeader(path);
        if (image.Shape.Count != 4 || image.Shape[3] != 2)
            throw new BadInputException($"'{path}' has the shape {image.ShapeText}; an index image of fixels has 4 axes, the last of 2 (count and first id). "
                + "Is it index.mif of the fixel folder?");
        var everything = new ElementGrid(image.Shape, null);
        var values = new double[everything.Count];
        using var samples = new SampleReader();
        samples.Read(image, SamplePicks.Of(everything, image), values);
        int[] cells = [.. Enumerable.Range(0, values.Length / 2).Where(cell => values[2 * cell] > 0).OrderBy(cell => values[(2 * cell) + 1])];
        return new([.. image.Shape.Take(3)], cells, FixelsOf(path, cells, values));
    }

    private static int[] FixelsOf(string path, int[] cells, double[] values)
    {
        var voxelOfFixel = new List<int>();
        for (var voxel = 0; voxel < cells.Length; voxel++)
        {
            var (count, first) = (values[2 * cells[voxel]], values[(2 * cells[voxel]) + 1]);
            if (first != voxelOfFixel.Count || count != Math.Floor(count) || voxelOfFixel.Count + count > int.MaxValue)
            {
                throw new BadInputException($"'{path}' is no sound index image: the fixels up to {voxelOfFixel.Count:N0} belong to the voxels before, and "
                    + $"the next voxel says that it has {count:G} fixels from {first:G} on. "
                    + "Fixels must follow each other without gap or overlap.");
            }
            voxelOfFixel.AddRange(Enumerable.Repeat(voxel, (int)count));
        }
        return voxelOfFixel.Count > 0 ? [.. voxelOfFixel] : throw new BadInputException($"'{path}' holds no fixel: every count is 0. Is it index.mif of the "
            + "fixel folder?");
    }
}
