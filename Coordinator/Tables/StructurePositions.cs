using HpcFit.Shared.Failures;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Tables;

/// <summary>The structures of greyordinates, and the positions of their vertices on the surfaces of these structures.</summary>
/// <param name="subject">Table and file, for messages.</param>
/// <param name="structures">The number of each row's structure.</param>
/// <param name="names">The names of the structures.</param>
/// <param name="sizes">For each structure the number of vertices of its surface, 0 for voxels; empty: the file does not store it.</param>
/// <param name="surfaces">The surfaces that the user gave.</param>
internal sealed class StructurePositions(
    string subject,
    double[] structures,
    IReadOnlyList<string> names,
    IReadOnlyList<double> sizes,
    StructureSurfaces surfaces
)
{
    /// <summary>The name of a row's structure; its number if the file does not name it.</summary>
    public string NameOf(int row) =>
        structures[row] >= 0 && structures[row] < names.Count ? names[(int)structures[row]] : $"{structures[row]:F0}";

    /// <summary>The coordinates of the vertices.</summary>
    /// <param name="vertices">The vertex of each row; NaN: a voxel.</param>
    /// <returns>x, y and z of each row, NaN where no surface was given; null: none was given for any structure of the file.</returns>
    /// <exception cref="BadInputException">A surface has another number of vertices than its structure.</exception>
    public double[][]? Locate(double[] vertices)
    {
        var found = Array.ConvertAll([.. names], surfaces.TryFind);
        RequireSizes(found);
        if (found.All(surface => surface is null))
            return null;
        double[][] points = [Unknown(), Unknown(), Unknown()];
        for (var row = 0; row < vertices.Length; row++)
        {
            if (double.IsNaN(vertices[row]) || !(structures[row] >= 0 && structures[row] < names.Count))
                continue;
            if (found[(int)structures[row]] is not { } surface)
                continue;
            if (vertices[row] >= surface.Vertices)
                throw Differs(surface, NameOf(row), $"greyordinate {row:N0} is its vertex {vertices[row]:F0}");
            for (var axis = 0; axis < 3; axis++)
                points[axis][row] = surface.Points[(3 * (int)vertices[row]) + axis];
        }
        return points;

        double[] Unknown() => [.. Enumerable.Repeat(double.NaN, vertices.Length)];
    }

    private void RequireSizes(Surface?[] found)
    {
        if (sizes.Count != names.Count)
            return;
        foreach (var (at, surface) in found.Index())
        {
            if (surface is not null && sizes[at] != surface.Vertices)
                throw Differs(surface, names[at], $"{sizes[at]:N0} are expected");
        }
    }

    private BadInputException Differs(Surface surface, string structure, string how) =>
        new(
            $"'{surface.Path}' is not the surface of {structure} in {subject}: it has {surface.Vertices:N0} vertices, and {how}. Give the "
                + "surface of the mesh from which the data were made (for HCP data usually fs_LR with 32,492 vertices)."
        );
}
