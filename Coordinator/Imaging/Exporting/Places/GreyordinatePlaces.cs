using HpcFit.Coordinator.Imaging.Cifti;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Imaging.Exporting.Places;

/// <summary>The positions of the greyordinates, parcels or pairs of parcels of a CIFTI file.</summary>
internal sealed class GreyordinatePlaces(CiftiFile file) : IElementPlaces
{
    private const string Greyordinates = "/greyordinates";
    private const string StructureNames = "structure_names";

    private string Path => file.Image.Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Compare(Hdf5ReadFile data)
    {
        if (((string[])["/fixels", VoxelTable.Path]).FirstOrDefault(other => data.Kind(other) != Hdf5NodeKind.Absent) is { } found)
            throw new BadInputException($"The elements of '{data.Path}' are not those of a CIFTI file: it has the table {found}.");
        if (file.Second.Kind == CiftiAxisKind.BrainModels)
            return CompareStructures(data);
        return file.First.Kind == CiftiAxisKind.Parcels
            ?
            [
                .. CompareParcels(data, "/parcels/parcel_id_from", file.First),
                .. CompareParcels(data, "/parcels/parcel_id_to", file.Second),
            ]
            : CompareParcels(data, "/parcels/parcel_id", file.Second);
    }

    private IReadOnlyList<string> CompareStructures(Hdf5ReadFile data)
    {
        if (PlaceTable.Read(data, Greyordinates, ["vertex_id", "structure_id"], file.Elements) is not { } table)
            return [Missing(data, Greyordinates)];
        using var dataset = data.OpenDataset(Greyordinates);
        if (Hdf5Strings.ReadAttribute(dataset.Id, StructureNames, table.Subject) is not { } names)
            return [Missing(data, $"{Greyordinates} with {StructureNames}")];
        var structures = table.Column("structure_id");
        var row = 0;
        foreach (var part in file.Second.Parts)
        {
            for (var end = row + part.Count; row < end; row++)
            {
                var there =
                    structures[row] >= 0 && structures[row] < names.Count ? names[(int)structures[row]] : $"structure {structures[row]:G}";
                if (there != part.Name)
                    throw Differs(table.Subject, $"greyordinate {row} is of {part.Name} instead of {there}");
            }
        }
        return ComparePositions(table.Subject, table.Attributes, file.Second);
    }

    private IReadOnlyList<string> CompareParcels(Hdf5ReadFile data, string table, CiftiAxis axis)
    {
        if (data.Kind(table) != Hdf5NodeKind.Dataset)
            return [Missing(data, table)];
        var subject = data.Describe(table);
        using var dataset = data.OpenDataset(table);
        if (Hdf5Strings.Read(dataset, subject) is not { } names)
            return [Missing(data, table)];
        if (names.Count != axis.Parts.Count)
            throw Differs(subject, $"it has {axis.Parts.Count} parcels instead of {names.Count}");
        for (var parcel = 0; parcel < names.Count; parcel++)
        {
            // The padding of fixed-length text in HDF5 cannot be distinguished from blanks at the end of a name.
            if (names[parcel] != axis.Parts[parcel].Name.Trim())
                throw Differs(subject, $"parcel {parcel} is '{axis.Parts[parcel].Name}' instead of '{names[parcel]}'");
        }
        return ComparePositions(subject, PlaceAttributes.Read(dataset, subject), axis);
    }

    private IReadOnlyList<string> ComparePositions(string subject, PlaceAttributes attributes, CiftiAxis axis)
    {
        if (attributes.Positions is null)
            return
            [
                $"{subject} has no digest of vertices and voxels: only the names of "
                    + $"{(axis.Kind == CiftiAxisKind.Parcels ? "parcels" : "structures")} could be compared with '{Path}'.",
            ];
        if (attributes.Positions != axis.Digest)
            throw Differs(subject, "their vertices or voxels, or the vertices of their surfaces, differ");
        return axis.Volume is { } volume && attributes.Difference(volume.Shape, volume.Affine) is { } difference
            ? throw Differs(subject, difference)
            : [];
    }

    private BadInputException Differs(string subject, string how) =>
        new($"'{Path}' does not describe the elements of {subject}: {how}. Give an image from which the file was made.");

    private string Missing(Hdf5ReadFile data, string table) =>
        $"'{data.Path}' has no table {table}, so only the number of elements could be compared with '{Path}'. With a wrong example, "
        + "the maps are wrong.";
}
