using System.Text.Json.Serialization;

namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>What the viewer needs besides the data blocks.</summary>
/// <param name="Kind">The word for an element.</param>
/// <param name="Rows">The number of elements.</param>
/// <param name="Affine">From cells of the whole grid to millimetres: three rows of four numbers; null: unknown.</param>
/// <param name="Axes">Right, anterior, superior; or the axes of the grid, if the affine is unknown; empty: there are no slices.</param>
/// <param name="HasTemplate">Whether the background is an image, not a mask.</param>
/// <param name="Start">The row at which the crosshair starts.</param>
/// <param name="Maps">The maps.</param>
/// <param name="Details">The rows in the list of places.</param>
/// <param name="Structures">The names of brain structures; empty: elements have none.</param>
/// <param name="Surfaces">Pictures of surfaces.</param>
internal sealed record MapMetadata(
    string Kind,
    int Rows,
    double[]? Affine,
    IReadOnlyList<AxisMetadata> Axes,
    bool HasTemplate,
    long Start,
    IReadOnlyList<ValuesMetadata> Maps,
    IReadOnlyList<RowDetail> Details,
    IReadOnlyList<string> Structures,
    IReadOnlyList<SurfaceMetadata> Surfaces
);

/// <summary>A picture of a surface.</summary>
/// <param name="Title">What is seen, from which side.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Left">The label of its left side.</param>
/// <param name="Right">The label of its right side.</param>
internal sealed record SurfaceMetadata(string Title, int Width, int Height, string Left, string Right);

/// <summary>An axis of the drawn grid.</summary>
/// <param name="Grid">The axis of the whole grid.</param>
/// <param name="First">The cell of the whole grid at which it begins.</param>
/// <param name="Step">1, or -1 if cells of the whole grid are counted backwards.</param>
/// <param name="Extent">The number of drawn cells.</param>
/// <param name="Edge">The edge of a cell in millimetres.</param>
/// <param name="Low">The label of its beginning.</param>
/// <param name="High">The label of its end.</param>
internal sealed record AxisMetadata(int Grid, int First, int Step, int Extent, double Edge, string Low, string High);

/// <summary>A map: the meaning of its codes (<see cref="QuantisedMap"/>), and how it is drawn at first.</summary>
/// <param name="Name">The column.</param>
/// <param name="Title">The name for readers.</param>
/// <param name="IsSigned">Whether colours are centred on zero.</param>
/// <param name="Colours">Red, green and blue of colours at equal distances, in hexadecimal, between which others are interpolated.</param>
/// <param name="Minimum">The smallest finite value.</param>
/// <param name="Maximum">The largest finite value.</param>
/// <param name="Step">The difference between neighbouring codes.</param>
/// <param name="Tolerance">The largest difference between a value and that of its code.</param>
/// <param name="Finite">The number of finite values.</param>
/// <param name="Low">The value of the first colour.</param>
/// <param name="High">The value of the last colour.</param>
/// <param name="Threshold">Values below are hidden; null: none is.</param>
/// <param name="HidesAbove">Whether those above are hidden instead.</param>
/// <param name="Words">Words for codes.</param>
internal sealed record ValuesMetadata(
    string Name,
    string Title,
    bool IsSigned,
    IReadOnlyList<string> Colours,
    double Minimum,
    double Maximum,
    double Step,
    double Tolerance,
    int Finite,
    double Low,
    double High,
    double? Threshold,
    bool HidesAbove,
    IReadOnlyDictionary<int, string> Words
);

/// <inheritdoc/>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MapMetadata))]
internal sealed partial class MapJson : JsonSerializerContext;
