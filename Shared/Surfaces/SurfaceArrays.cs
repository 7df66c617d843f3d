using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Surfaces;

/// <summary>The two arrays of a GIfTI file that make it a surface, checked against each other.</summary>
internal static class SurfaceArrays
{
    private const string PointSet = "NIFTI_INTENT_POINTSET";
    private const string TriangleSet = "NIFTI_INTENT_TRIANGLE";
    private const string StructureName = "AnatomicalStructurePrimary";

    /// <summary>Reads points and triangles.</summary>
    /// <exception cref="BadInputException">One of them is missing, there twice, or does not fit the other.</exception>
    public static Surface Read(GiftiFile file)
    {
        var (points, triangles) = (Find(file, PointSet), Find(file, TriangleSet));
        var coordinates = Values(points);
        RequireFinite(points, coordinates);
        return new(file.Path, coordinates, Indices(triangles, coordinates.Length / 3))
        {
            Structure = points.Metadata(StructureName) ?? file.Metadata(StructureName),
        };
    }

    private static GiftiArray Find(GiftiFile file, string intent)
    {
        var arrays = file.Arrays.Where(array => array.Intent == intent).ToList();
        if (arrays is [var found])
            return found;
        var there = file.Arrays.Count == 0 ? "no arrays" : string.Join(", ", file.Arrays.Select(array => array.Intent));
        throw new BadInputException(
            $"'{file.Path}' contains {there}; a surface has one array {PointSet} and one array {TriangleSet}. Give the file of the "
                + "surface itself (usually *.surf.gii), not one with values on it."
        );
    }

    private static double[] Values(GiftiArray array)
    {
        if (array.Extents is not [_, 3])
            throw new BadInputException(
                $"'{array.File}' is damaged: its array {array.Intent} has the extents {string.Join(" x ", array.Extents)}; three numbers "
                    + "per row are expected."
            );
        var values = array.Values();
        return array.IsColumnMajor ? Transposed(values) : values;
    }

    private static double[] Transposed(double[] columns)
    {
        var (rows, count) = (new double[columns.Length], columns.Length / 3);
        for (var at = 0; at < columns.Length; at++)
            rows[at] = columns[(at % 3 * count) + (at / 3)];
        return rows;
    }

    private static void RequireFinite(GiftiArray array, double[] values)
    {
        var at = Array.FindIndex(values, value => !double.IsFinite(value));
        if (at >= 0)
            throw new BadInputException(
                $"'{array.File}' is damaged: its vertex {at / 3} has the coordinate {"xyz"[at % 3]} = {values[at]}; a finite number is "
                    + "expected."
            );
    }

    private static int[] Indices(GiftiArray array, int vertices)
    {
        var values = Values(array);
        var indices = new int[values.Length];
        for (var at = 0; at < values.Length; at++)
        {
            if (!(values[at] >= 0 && values[at] < vertices && values[at] == Math.Floor(values[at])))
                throw new BadInputException(
                    $"'{array.File}' is damaged: its triangle {at / 3} has the vertex {values[at]:G10}; the surface has {vertices:N0} "
                        + "vertices, counted from 0."
                );
            indices[at] = (int)values[at];
        }
        return indices;
    }
}
