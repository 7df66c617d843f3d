using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Tables;

/// <summary>
/// Columns that locate the rows of an analysis, from the tables of the data file (docs/formats/data-file.md): voxels, fixels,
/// greyordinates, parcels, or pairs of parcels.
/// </summary>
/// <param name="Columns">The columns; empty if the file cannot locate the elements.</param>
/// <param name="Problem">Why columns are missing; null: none is.</param>
internal sealed record ElementPositions(IReadOnlyList<TableColumn> Columns, string? Problem)
{
    /// <summary>All names that a column of positions can have.</summary>
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal)
    {
        "fixel",
        "voxel",
        "i",
        "j",
        "k",
        "x_mm",
        "y_mm",
        "z_mm",
        "direction_x",
        "direction_y",
        "direction_z",
        "greyordinate",
        "vertex",
        "structure",
        "parcel",
        "parcel_from",
        "parcel_to",
    };

    /// <summary>Reads the tables of a data file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="elements">The element id of each row of the analysis; null: the analysis has no ids.</param>
    /// <param name="rows">The number of rows of the analysis.</param>
    /// <param name="allowsExternal">Whether tables may be stored outside the folder of the file.</param>
    /// <param name="surfaces">Surfaces that give the vertices of greyordinates positions in millimetres.</param>
    /// <exception cref="Shared.Failures.BadInputException">A surface does not have the vertices of its structure.</exception>
    public static ElementPositions Read(string path, double[]? elements, long rows, bool allowsExternal, StructureSurfaces surfaces)
    {
        using var file = Hdf5ReadFile.Open(path);
        var foreign = ElementTable
            .ReadAll(file, allowsExternal)
            .FirstOrDefault(one => one.Problem is not null && ElementTable.Places.Contains(one.Name));
        if (foreign is not null)
            return new([], $"The table '{foreign.Name}' of '{path}' cannot be read: {foreign.Problem}");
        var scalars = file.Kind("/scalars") == Hdf5NodeKind.Group ? ModelArrayFile.Open(path, allowsExternal).Scalars : [];
        return new PositionTables(
            file,
            elements,
            rows,
            [.. scalars.Where(one => one.Problem is null).Select(one => one.Elements)],
            surfaces
        ).Read();
    }
}
