using HpcFit.Coordinator.Imaging.Cifti;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The greyordinates, parcels or pairs of parcels of the cohort's first CIFTI file, which all other files must match.</summary>
internal sealed class GreyordinateSpace : ElementSpace
{
    private readonly string _firstPath;
    private readonly CiftiAxis _first;
    private readonly CiftiAxis _second;
    private readonly string _ending;

    /// <summary>Reads the first file's description.</summary>
    /// <exception cref="BadInputException">It cannot be used.</exception>
    public GreyordinateSpace(string firstPath)
    {
        var file = CiftiFile.Read(firstPath);
        (_firstPath, _first, _second, _ending) = (firstPath, file.First, file.Second, file.Ending);
        Grid = new(file.Image.Shape, null);
        Tables =
            _second.Kind == CiftiAxisKind.BrainModels ? [Greyordinates(_second), Positions(_second)]
            : _first.Kind == CiftiAxisKind.Parcels ? [Parcels("parcel_id_from", _first), Parcels("parcel_id_to", _second)]
            : [Parcels("parcel_id", _second)];
    }

    /// <inheritdoc/>
    public override ElementGrid Grid { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Content> Tables { get; }

    /// <inheritdoc/>
    public override ImageHeader Open(string path)
    {
        var file = CiftiFile.Read(path);
        if (file.Ending != _ending)
            throw new BadInputException($"'{path}' is of the kind {file.Ending}; '{_firstPath}' is {_ending}. A file contains one kind.");
        RequireSame(path, file.First, _first);
        RequireSame(path, file.Second, _second);
        return file.Image;
    }

    private void RequireSame(string path, CiftiAxis axis, CiftiAxis wanted)
    {
        if (axis.Difference(wanted) is not { } difference)
            return;
        var what = axis.Kind == CiftiAxisKind.Parcels ? "parcels" : "brain structures";
        throw new BadInputException(
            $"The {what} of '{path}' differ from those of '{_firstPath}': {difference}. All files must describe the same "
                + $"{what} in the same order."
        );
    }

    private static DatasetContent Greyordinates(CiftiAxis axis)
    {
        List<string> names = [.. axis.Parts.Select(part => part.Name).Distinct(StringComparer.Ordinal)];
        var vertices = names.Select(name => axis.Parts.Zip(axis.SurfaceVertices).First(part => part.First.Name == name).Second);
        var table = ElementTables.Integers(
            "/greyordinates",
            ("vertex_id", [.. Enumerable.Range(0, checked((int)axis.Count)).Select(id => (long)id)]),
            ("structure_id", [.. axis.Parts.SelectMany(part => Enumerable.Repeat((long)names.IndexOf(part.Name), part.Count))])
        );
        return table with
        {
            Attributes =
            [
                .. table.Attributes,
                AttributeContent.Texts("structure_names", names),
                AttributeContent.Integers(PlaceAttributes.SurfaceVertices, [.. vertices.Select(count => (long)count)]),
                .. PlaceAttributes.Create(axis),
            ],
        };
    }

    /// <summary>
    /// Vertices and cells, which ModelArrayIO's table lacks: its <c>vertex_id</c> counts greyordinates. -1 where a greyordinate has none.
    /// </summary>
    private static DatasetContent Positions(CiftiAxis axis)
    {
        string[] names = ["vertex", "i", "j", "k"];
        var columns = Array.ConvertAll(names, _ => Enumerable.Repeat(-1L, checked((int)axis.Count)).ToArray());
        var row = 0;
        foreach (var (part, indices) in axis.Parts.Zip(axis.Indices))
        {
            var perPosition = part.Count == 0 ? 1 : indices.Length / part.Count;
            var first = perPosition == 1 ? 0 : 1;
            for (var i = 0; i < indices.Length; i++)
                columns[first + (i % perPosition)][row + (i / perPosition)] = indices[i];
            row += part.Count;
        }
        return ElementTables.Integers("/greyordinate_positions", [.. names.Zip(columns)]);
    }

    private static DatasetContent Parcels(string name, CiftiAxis axis) =>
        DatasetContent.Texts($"/parcels/{name}", [.. axis.Parts.Select(part => part.Name)]) with
        {
            Attributes = [.. PlaceAttributes.Create(axis)],
        };
}
