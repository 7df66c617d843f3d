using System.Runtime.InteropServices;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>
/// The tables that locate the elements, in ModelArrayIO's layout: one row per column of the table, and the columns' names in an attribute.
/// </summary>
internal static class ElementTables
{
    /// <summary>A table of integers.</summary>
    public static DatasetContent Integers(string path, params (string Name, long[] Values)[] columns) =>
        Table(path, ElementType.Int64, columns);

    /// <summary>A table of numbers.</summary>
    public static DatasetContent Numbers(string path, params (string Name, double[] Values)[] columns) =>
        Table(path, ElementType.Float64, columns);

    /// <summary>The table <c>voxels</c>.</summary>
    /// <param name="image">The image of three axes that contains them.</param>
    /// <param name="cells">The cell of each voxel, in the order of their ids, numbered with the last axis varying fastest.</param>
    public static DatasetContent Voxels(ImageHeader image, int[] cells)
    {
        var (jExtent, kExtent) = (image.Shape[1], image.Shape[2]);
        long[] ids = new long[cells.Length],
            i = new long[cells.Length],
            j = new long[cells.Length],
            k = new long[cells.Length];
        for (var voxel = 0; voxel < cells.Length; voxel++)
        {
            var (row, inRow) = Math.DivRem(cells[voxel], kExtent);
            (ids[voxel], i[voxel], j[voxel], k[voxel]) = (voxel, row / jExtent, row % jExtent, inRow);
        }
        var table = Integers("/voxels", ("voxel_id", ids), ("i", i), ("j", j), ("k", k));
        return table with { Attributes = [.. table.Attributes, .. PlaceAttributes.Create(image.Shape, image.Affine)] };
    }

    private static DatasetContent Table<T>(string path, ElementType type, (string Name, T[] Values)[] columns)
        where T : unmanaged
    {
        var rows = columns[0].Values.Length;
        var bytes = new byte[columns.Length * rows * type.Size];
        for (var column = 0; column < columns.Length; column++)
            MemoryMarshal.AsBytes(columns[column].Values.AsSpan()).CopyTo(bytes.AsSpan(column * rows * type.Size));
        return DatasetContent.Held(path, type, [columns.Length, rows], bytes) with
        {
            Attributes = [AttributeContent.Texts("column_names", [.. columns.Select(column => column.Name)])],
        };
    }
}
