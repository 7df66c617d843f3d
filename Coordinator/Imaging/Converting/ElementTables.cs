using System.Runtime.InteropServices;
using HpcFit.Coordinator.Writing;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The tables that say where elements lie, as ModelArrayIO lays them out: a row a column of the table, the columns' names in an attribute.</summary>
internal static class ElementTables
{
    /// <summary>A table of whole numbers.</summary>
    public static DatasetContent Integers(string path, params (string Name, long[] Values)[] columns) =>
        Table(path, ElementType.Int64, columns.Select(column => column.Name), columns[0].Values.Length, [.. columns.SelectMany(column => MemoryMarshal.AsBytes<long>(column.Values).ToArray())]);

    /// <summary>A table of numbers.</summary>
    public static DatasetContent Numbers(string path, params (string Name, double[] Values)[] columns) =>
        Table(path, ElementType.Float64, columns.Select(column => column.Name), columns[0].Values.Length, [.. columns.SelectMany(column => MemoryMarshal.AsBytes<double>(column.Values).ToArray())]);

    /// <summary>The table <c>voxels</c>.</summary>
    /// <param name="grid">The image's cells.</param>
    /// <param name="cells">The cell of each voxel, in the order of their ids.</param>
    public static DatasetContent Voxels(IReadOnlyList<int> grid, IReadOnlyList<int> cells)
    {
        var voxels = new ElementGrid([.. grid.Take(3)], [.. cells]);
        long[] Along(int axis) => [.. Enumerable.Range(0, cells.Count).Select(voxel => (long)voxels.Coordinate(voxel, axis))];
        return Integers("/voxels", ("voxel_id", [.. Enumerable.Range(0, cells.Count).Select(id => (long)id)]), ("i", Along(0)), ("j", Along(1)), ("k", Along(2)));
    }

    private static DatasetContent Table(string path, ElementType type, IEnumerable<string> names, int rows, byte[] bytes)
    {
        List<string> columns = [.. names];
        return DatasetContent.Held(path, type, [columns.Count, rows], bytes) with { Attributes = [AttributeContent.Texts("column_names", columns)] };
    }
}
