using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Surfaces;
using HpcFit.Worker.Enhancing.Neighbourhoods;

namespace HpcFit.Worker.EnhancedStage;

/// <summary>The neighbours of a data file's elements, if they are greyordinates: vertices of the given surfaces, and voxels.</summary>
internal static class GreyordinatePositions
{
    private const string Table = "/greyordinates";
    private const string Positions = "/greyordinate_positions";
    private const string Id = "vertex_id";

    /// <summary>Whether the elements of a data file are greyordinates.</summary>
    public static bool AreIn(string path)
    {
        using var file = Hdf5ReadFile.Open(path);
        return file.Kind(Table) == Hdf5NodeKind.Dataset;
    }

    /// <summary>Reads the neighbours.</summary>
    /// <param name="path">The data file.</param>
    /// <param name="elements">The number of elements.</param>
    /// <param name="surfaces">The surfaces of structures.</param>
    /// <param name="contact">What adjacent voxels share.</param>
    /// <exception cref="BadInputException">The file does not locate its elements, or a surface is missing or another one.</exception>
    public static Neighbours Read(string path, int elements, StructureSurfaces surfaces, VoxelContact contact)
    {
        using var file = Hdf5ReadFile.Open(path);
        var (structures, names) = Structures(file, elements);
        if (PositionTable.Read(file, Positions, ["vertex", "i", "j", "k"]) is not { } table || table.Rows != elements)
            throw new BadInputException(
                $"'{path}' has no table {Positions} of its {elements:N0} greyordinates, so their neighbours are unknown. 'hpcfit "
                    + "convert' stores it; files of ModelArrayIO lack it."
            );
        var (vertices, found) = (table.Column("vertex"), new GreyordinateNeighbours(elements));
        foreach (
            var group in Enumerable.Range(0, elements).Where(element => vertices[element] >= 0).GroupBy(element => structures[element])
        )
        {
            var surface =
                surfaces.TryFind(names[group.Key])
                ?? throw new BadInputException(
                    $"'{path}' has {group.Count():N0} vertices of {names[group.Key]}, whose neighbours a surface shows. Give "
                        + $"{StructureSurfaces.Option} {StructureSurfaces.Placeholder}, GIfTI surfaces of the same vertices."
                );
            List<int> own = [.. group];
            found.Add(surface, own, Vertices(table.Subject, surface, own, vertices));
        }
        AddVoxels(found, table, contact);
        return found.ToNeighbours();
    }

    /// <summary>The structure of each element, and the names of structures.</summary>
    private static (int[] Structures, IReadOnlyList<string> Names) Structures(Hdf5ReadFile file, int elements)
    {
        using var dataset = file.OpenDataset(Table);
        var subject = file.Describe(Table);
        if (
            PositionTable.Read(file, Table, [Id, "structure_id"]) is not { } table
            || Hdf5Strings.ReadAttribute(dataset.Id, "structure_names", subject) is not { } names
        )
            throw new BadInputException($"{subject} lacks the columns {Id} and structure_id, or the attribute 'structure_names'.");
        if (table.Rows != elements)
            throw new BadInputException($"{subject} has {table.Rows:N0} greyordinates; the scalar has {elements:N0} elements.");
        var (ids, structures) = (table.Column(Id), table.Column("structure_id"));
        for (var row = 0; row < elements; row++)
        {
            if (ids[row] != row || !(structures[row] >= 0 && structures[row] < names.Count))
                throw new BadInputException(
                    $"{subject}: row {row} has the {Id} {ids[row]} and the structure {structures[row]}; {row} and a structure from 0 to "
                        + $"{names.Count - 1} were expected."
                );
        }
        return (Array.ConvertAll(structures, structure => (int)structure), names);
    }

    private static List<int> Vertices(string subject, Surface surface, List<int> elements, double[] vertices)
    {
        var seen = new HashSet<int>();
        foreach (var element in elements)
        {
            var vertex = vertices[element];
            if (vertex != Math.Floor(vertex) || vertex >= surface.Vertices)
                throw new BadInputException(
                    $"{subject}: element {element} is vertex {vertex}; '{surface.Path}' has the vertices 0 to {surface.Vertices - 1}. Give "
                        + "the surface on which the data are."
                );
            if (!seen.Add((int)vertex))
                throw new BadInputException($"{subject} has vertex {vertex} of one structure twice. Convert the images again.");
        }
        return [.. elements.Select(element => (int)vertices[element])];
    }

    private static void AddVoxels(GreyordinateNeighbours found, PositionTable table, VoxelContact contact)
    {
        double[][] axes = [table.Column("i"), table.Column("j"), table.Column("k")];
        List<int> voxels = [.. Enumerable.Range(0, table.Rows).Where(element => axes[0][element] >= 0)];
        foreach (var element in voxels)
        {
            if (axes.FirstOrDefault(axis => !IsCell(axis[element])) is { } wrong)
                throw new BadInputException(
                    $"{table.Subject}: the cell of element {element} has the coordinate {wrong[element]}; a whole number from 0 to "
                        + $"{VoxelCells.Largest} was expected."
                );
        }
        var cells = Array.ConvertAll(axes, axis => voxels.Select(element => (int)axis[element]).ToArray());
        var grid = new VoxelCells(cells[0], cells[1], cells[2]);
        if (grid.FindDuplicate() is { } twice)
            throw new BadInputException(
                $"{table.Subject} has two elements in the cell of element {voxels[twice]}. Convert the images again."
            );
        found.Add(grid, voxels, contact);
    }

    private static bool IsCell(double number) => number >= 0 && number <= VoxelCells.Largest && number == Math.Floor(number);
}
