using HpcFit.Coordinator.Imaging;
using HpcFit.Coordinator.Imaging.Exporting.Places;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Imaging.Images;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Tables;

/// <summary>Reads the tables of a data file that locate its elements, and matches them with the rows of an analysis.</summary>
/// <param name="file">The data file.</param>
/// <param name="elements">The element id of each row of the analysis; null: the analysis has no ids.</param>
/// <param name="rows">The number of rows of the analysis.</param>
/// <param name="scalars">The number of elements of each scalar of the file; empty for a file of results.</param>
/// <param name="surfaces">Surfaces that locate the vertices of greyordinates.</param>
internal sealed class PositionTables(
    Hdf5ReadFile file,
    double[]? elements,
    long rows,
    IReadOnlyList<long> scalars,
    StructureSurfaces surfaces
)
{
    private const string VoxelsPath = "/voxels";
    private const string FixelsPath = "/fixels";
    private const string GreyordinatesPath = "/greyordinates";
    private const string GreyordinatePositions = "/greyordinate_positions";
    private const string Parcels = "/parcels/parcel_id";

    /// <summary>The columns of the first kind of table that the file has.</summary>
    public ElementPositions Read() =>
        Fixels()
        ?? Voxels()
        ?? Greyordinates()
        ?? ParcelNames()
        ?? ParcelPairs()
        ?? new([], $"'{file.Path}' has no table that locates its elements ({string.Join(", ", ElementTable.Places)}).");

    private ElementPositions? Fixels()
    {
        if (PlaceTable.Read(file, FixelsPath, ["fixel_id", "voxel_id", "x", "y", "z"]) is not { } table)
            return null;
        if (Match(table.Column("fixel_id")) is not { } match)
            return Unmatched(FixelsPath, table.Rows);
        var voxels = table.Column("voxel_id");
        var directions = ((string[])["x", "y", "z"]).Select(axis => (Name: "direction_" + axis, Values: table.Column(axis)));
        var cells = PlaceTable.Read(file, VoxelsPath, ["voxel_id", "i", "j", "k"]) is { } grid
            ? Cells(grid, match.TryFollow(voxels, grid.Column("voxel_id")))
            : new([], $"'{file.Path}' has no table {VoxelsPath}, so the cells of its fixels are unknown.");
        return new(
            [
                match.Whole("fixel", table.Column("fixel_id")),
                match.Whole("voxel", voxels),
                .. cells.Columns,
                .. directions.Select(axis => match.Numbers(axis.Name, isWhole: false, row => axis.Values[row])),
            ],
            cells.Problem
        );
    }

    private ElementPositions? Voxels()
    {
        if (PlaceTable.Read(file, VoxelsPath, ["voxel_id", "i", "j", "k"]) is not { } table)
            return null;
        return Match(table.Column("voxel_id")) is { } match ? Cells(table, match) : Unmatched(VoxelsPath, table.Rows);
    }

    /// <summary>Cells and millimetres of voxels.</summary>
    /// <param name="table">The table of voxels.</param>
    /// <param name="match">Its row for each row of the analysis; null: it lacks voxels, or has one twice.</param>
    private static ElementPositions Cells(PlaceTable table, ElementRows? match)
    {
        if (match is null)
            return new([], $"{table.Subject} lacks a voxel, or has one twice, so the cells are unknown.");
        var (i, j, k) = (table.Column("i"), table.Column("j"), table.Column("k"));
        IReadOnlyList<TableColumn> cells = [match.Whole("i", i), match.Whole("j", j), match.Whole("k", k)];
        if (table.Attributes.Affine is not { } affine)
            return new(cells, $"{table.Subject} has no attribute 'affine', so positions in mm are unknown; 'hpcfit convert' stores it.");
        return new([.. cells, .. Millimetres(match, affine, [i, j, k])], null);
    }

    /// <summary>The centres of cells.</summary>
    private static IEnumerable<NumberColumn> Millimetres(ElementRows match, Affine affine, double[][] cells) =>
        Centres(affine, cells).Select((centre, axis) => Axis(match, axis, centre));

    /// <summary>For each of the three axes, the coordinate of the centre of a table row's cell.</summary>
    private static Func<int, double>[] Centres(Affine affine, double[][] cells) =>
        [
            .. Enumerable
                .Range(0, 3)
                .Select(axis =>
                {
                    var m = affine.Rows[(axis * 4)..((axis * 4) + 4)];
                    return (Func<int, double>)(row => (m[0] * cells[0][row]) + (m[1] * cells[1][row]) + (m[2] * cells[2][row]) + m[3]);
                }),
        ];

    private static NumberColumn Axis(ElementRows match, int axis, Func<int, double> valueOf) =>
        match.Numbers($"{"xyz"[axis]}_mm", isWhole: false, valueOf);

    private ElementPositions? Greyordinates()
    {
        if (PlaceTable.Read(file, GreyordinatesPath, ["vertex_id", "structure_id"]) is not { } table)
            return null;
        if (Match(table.Column("vertex_id")) is not { } match)
            return Unmatched(GreyordinatesPath, table.Rows);
        using var dataset = file.OpenDataset(GreyordinatesPath);
        var (structures, names) = (
            table.Column("structure_id"),
            Hdf5Strings.ReadAttribute(dataset.Id, "structure_names", table.Subject) ?? []
        );
        var surfaceOf = new StructurePositions(
            table.Subject,
            structures,
            names,
            Hdf5Numbers.ReadAttribute(dataset.Id, PlaceAttributes.SurfaceVertices, table.Subject) ?? [],
            surfaces
        );
        var positions = VerticesAndCells(table, match, surfaceOf);
        return new(
            [match.Whole("greyordinate", table.Column("vertex_id")), match.Texts("structure", surfaceOf.NameOf), .. positions.Columns],
            positions.Problem
        );
    }

    /// <summary>Vertices of surfaces and cells of voxels, each NaN for greyordinates of the other kind, and where they are.</summary>
    private ElementPositions VerticesAndCells(PlaceTable greyordinates, ElementRows match, StructurePositions surfaceOf)
    {
        string[] names = ["vertex", "i", "j", "k"];
        if (PlaceTable.Read(file, GreyordinatePositions, names) is not { } table || table.Rows != greyordinates.Rows)
            return new([], $"'{file.Path}' has no table {GreyordinatePositions}, so vertices are unknown; 'hpcfit convert' stores it.");
        var values = Array.ConvertAll(names, name => Array.ConvertAll(table.Column(name), value => value < 0 ? double.NaN : value));
        List<TableColumn> columns =
        [
            .. names
                .Zip(values)
                .Where(one => !one.Second.All(double.IsNaN))
                .Select(one => match.Numbers(one.First, isWhole: false, row => one.Second[row])),
        ];
        var affine = columns.Count > 1 ? greyordinates.Attributes.Affine : null;
        var voxels = affine is null ? [] : Centres(affine, values[1..]);
        if (surfaceOf.Locate(values[0]) is { } points)
            columns.AddRange(
                points.Select(
                    (axis, at) => Axis(match, at, row => double.IsNaN(axis[row]) && affine is not null ? voxels[at](row) : axis[row])
                )
            );
        else if (affine is not null)
            columns.AddRange(voxels.Select((axis, at) => Axis(match, at, axis)));
        return new(columns, null);
    }

    private ElementPositions? ParcelNames()
    {
        if (Texts(Parcels) is not { } names)
            return null;
        return Match(names.Count) is { } match ? new([match.Texts("parcel", row => names[row])], null) : Unmatched(Parcels, names.Count);
    }

    /// <summary>The second parcel varies fastest, as in <c>convert</c>.</summary>
    private ElementPositions? ParcelPairs()
    {
        if (Texts(Parcels + "_from") is not { } from || Texts(Parcels + "_to") is not { } to)
            return null;
        var pairs = (long)from.Count * to.Count;
        return Match(pairs) is { } match
            ? new([match.Texts("parcel_from", row => from[row / to.Count]), match.Texts("parcel_to", row => to[row % to.Count])], null)
            : Unmatched(Parcels + "_from", pairs);
    }

    private IReadOnlyList<string>? Texts(string path)
    {
        if (file.Kind(path) != Hdf5NodeKind.Dataset)
            return null;
        using var dataset = file.OpenDataset(path);
        return Hdf5Strings.Read(dataset, file.Describe(path));
    }

    private ElementRows? Match(double[] ids) => Belongs(ids.Length) ? ElementRows.TryFind(Ids(), ids) : null;

    private ElementRows? Match(long count) => Belongs(count) ? ElementRows.TryFind(Ids(), count) : null;

    private double[] Ids() => elements ?? [.. Enumerable.Range(0, checked((int)rows)).Select(row => (double)row)];

    /// <summary>Ids of a subset would also fit into the table of another grid, at wrong positions.</summary>
    private bool Belongs(long count) => elements is null ? rows == count : scalars.Count == 0 || scalars.Contains(count);

    private ElementPositions Unmatched(string path, long count) =>
        new(
            [],
            $"The table {path} of '{file.Path}' locates {count:N0} elements, which do not match the {rows:N0} rows of the analysis, so "
                + "positions are unknown."
        );
}
