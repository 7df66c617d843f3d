namespace HpcFit.Shared.Surfaces;

/// <summary>
/// A surface as triangles between points, as a GIfTI file stores it (usually <c>*.surf.gii</c>). Coordinates are those of the file: like
/// nibabel, Workbench and PALM, HpcFit applies none of the coordinate transforms that the file describes.
/// </summary>
/// <param name="Path">The file, as the user named it.</param>
/// <param name="Points">x, y and z of each vertex in millimetres, interleaved; all finite. x increases to the right, y to the front, z
/// upwards.</param>
/// <param name="Triangles">The three vertices of each triangle, interleaved, counted from 0; all of them exist.</param>
public sealed record Surface(string Path, double[] Points, int[] Triangles)
{
    /// <summary>The structure that the file names, such as <c>CortexLeft</c>; null: none.</summary>
    public string? Structure { get; init; }

    /// <summary>The number of vertices.</summary>
    public int Vertices => Points.Length / 3;

    /// <summary>The number of triangles.</summary>
    public int Faces => Triangles.Length / 3;

    /// <summary>Reads a surface.</summary>
    /// <param name="path">A GIfTI file, which may be gzip-compressed as a whole.</param>
    /// <exception cref="Failures.BadInputException">It cannot be read, is damaged, is no surface, or stores values in another
    /// file.</exception>
    public static Surface Read(string path) => SurfaceArrays.Read(GiftiFile.Read(path));

    /// <summary>
    /// The area of each vertex in square millimetres: a third of the area of each of its triangles, so that the areas add up to that of the
    /// surface. 0 for a vertex without triangles.
    /// </summary>
    public double[] VertexAreas()
    {
        var areas = new double[Vertices];
        for (var face = 0; face < Faces; face++)
        {
            var third = AreaOf(face) / 3;
            foreach (var vertex in Triangles.AsSpan(3 * face, 3))
                areas[vertex] += third;
        }
        return areas;
    }

    /// <summary>The area of a triangle in square millimetres: half the length of the cross product of two of its edges.</summary>
    /// <param name="face">The triangle, counted from 0.</param>
    public double AreaOf(int face)
    {
        Span<double> cross = stackalloc double[3];
        CrossProduct(face, cross);
        return Math.Sqrt((cross[0] * cross[0]) + (cross[1] * cross[1]) + (cross[2] * cross[2])) / 2;
    }

    /// <summary>
    /// The cross product of the edges from a triangle's first vertex to its second and third: perpendicular to it, and twice as long as its
    /// area. It points outwards if the vertices are counter-clockwise for someone who looks from outside, as GIfTI prescribes.
    /// </summary>
    /// <param name="face">The triangle, counted from 0.</param>
    /// <param name="cross">Receives x, y and z.</param>
    public void CrossProduct(int face, Span<double> cross)
    {
        var corners = Triangles.AsSpan(3 * face, 3);
        ReadOnlySpan<double> a = Points.AsSpan(3 * corners[0], 3),
            b = Points.AsSpan(3 * corners[1], 3),
            c = Points.AsSpan(3 * corners[2], 3);
        for (var axis = 0; axis < 3; axis++)
        {
            var (next, last) = ((axis + 1) % 3, (axis + 2) % 3);
            cross[axis] = ((b[next] - a[next]) * (c[last] - a[last])) - ((b[last] - a[last]) * (c[next] - a[next]));
        }
    }
}
