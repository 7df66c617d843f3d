using HpcFit.Coordinator.Reporting.Surfaces;
using HpcFit.Coordinator.Tables;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>
/// The greyordinates of an analysis on the surfaces of their structures, seen from outside and from the middle of the head.
/// </summary>
internal sealed class SurfaceMaps
{
    private const int None = -1;

    /// <summary>Positions are in tenths of a millimetre, which is finer than any mesh.</summary>
    private const double PerMillimetre = 10;

    private SurfaceMaps(IReadOnlyList<string> structures, int[] structureOfRow, int[] vertexOfRow, int[] tenths) =>
        (Structures, StructureOfRow, VertexOfRow, Tenths) = (structures, structureOfRow, vertexOfRow, tenths);

    /// <summary>The views: each given surface from outside, then each from the middle; left before right.</summary>
    public IReadOnlyList<SurfaceView> Views { get; private init; } = [];

    /// <summary>The names of the structures.</summary>
    public IReadOnlyList<string> Structures { get; }

    /// <summary>The number of each row's structure.</summary>
    public int[] StructureOfRow { get; }

    /// <summary>The vertex of each row; -1: the row is a voxel.</summary>
    public int[] VertexOfRow { get; }

    /// <summary>x of all rows, then y, then z, in tenths of a millimetre; 0 where nothing locates the row.</summary>
    public int[] Tenths { get; }

    /// <summary>The number of vertices that the views show.</summary>
    public int Shown { get; private init; }

    /// <summary>The structures that have vertices but no given surface.</summary>
    public IReadOnlyList<string> Missing { get; private init; } = [];

    /// <summary>Draws the surfaces; null: the elements are no vertices.</summary>
    /// <param name="positions">Where the rows of the analysis are, with the coordinates of the surfaces.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="surfaces">The surfaces.</param>
    public static SurfaceMaps? Create(ElementPositions positions, long rows, StructureSurfaces surfaces)
    {
        if (
            Column("vertex") is not { } vertices
            || positions.Columns.FirstOrDefault(one => one.Name == "structure") is not TextColumn texts
        )
            return null;
        var names = new List<string>();
        var structureOfRow = new int[rows];
        for (var row = 0; row < structureOfRow.Length; row++)
            structureOfRow[row] = NumberOf(names, texts[row]);
        var vertexOfRow = Array.ConvertAll(vertices, vertex => double.IsNaN(vertex) ? None : (int)vertex);
        var counts = names.Select((_, at) => structureOfRow.Zip(vertexOfRow).Count(one => one.First == at && one.Second != None)).ToList();
        var given = names.Select(surfaces.TryFind).ToList();
        double[] axes = [.. ((string[])["x_mm", "y_mm", "z_mm"]).SelectMany(name => Column(name) ?? new double[rows])];
        return new(names, structureOfRow, vertexOfRow, Array.ConvertAll(axes, Tenth))
        {
            Views = [.. Draw(names, given, structureOfRow, vertexOfRow)],
            Shown = counts.Where((_, at) => given[at] is not null).Sum(),
            Missing = [.. names.Where((_, at) => counts[at] > 0 && given[at] is null)],
        };

        double[]? Column(string name)
        {
            if (positions.Columns.FirstOrDefault(one => one.Name == name) is not NumberColumn column)
                return null;
            var values = new double[rows];
            column.Read(0, values);
            return values;
        }
    }

    private static int Tenth(double millimetres) =>
        double.IsFinite(millimetres) ? (int)Math.Clamp(Math.Round(PerMillimetre * millimetres), int.MinValue / 2, int.MaxValue / 2) : 0;

    private static int NumberOf(List<string> names, string name)
    {
        var number = names.IndexOf(name);
        if (number >= 0)
            return number;
        names.Add(name);
        return names.Count - 1;
    }

    private static IEnumerable<SurfaceView> Draw(IReadOnlyList<string> names, List<Surface?> given, int[] structureOfRow, int[] vertexOfRow)
    {
        var drawn = names
            .Select((name, at) => (Name: name, Number: at, Surface: given[at]))
            .Where(one => one.Surface is not null)
            .OrderBy(one => one.Name, StringComparer.Ordinal)
            .ToList();
        if (drawn.Count == 0)
            yield break;
        var frame = PictureFrame.Around([.. drawn.Select(one => one.Surface!)]);
        var rowsOf = drawn.Select(one => RowsOf(one.Surface!.Vertices, one.Number)).ToList();
        // Left and right are next to each other, from outside and below that from the middle.
        foreach (var isMedial in (bool[])[false, true])
        {
            foreach (var (at, (name, _, surface)) in drawn.Index())
            {
                var camera = new SurfaceCamera(IsOnRight: name.EndsWith("RIGHT", StringComparison.Ordinal) != isMedial);
                yield return SurfaceView.Draw(surface!, rowsOf[at], name, isMedial ? "medial" : "lateral", camera, frame);
            }
        }

        int[] RowsOf(int vertices, int structure)
        {
            int[] rowOf = [.. Enumerable.Repeat(None, vertices)];
            for (var row = 0; row < vertexOfRow.Length; row++)
            {
                if (structureOfRow[row] == structure && vertexOfRow[row] != None)
                    rowOf[vertexOfRow[row]] = row;
            }
            return rowOf;
        }
    }
}
