using HpcFit.Coordinator.Reporting.Maps.Geometry;
using HpcFit.Coordinator.Tables;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>Where the rows of an analysis are drawn: on slices, on surfaces, or both.</summary>
/// <param name="Slices">The grid; null: no row has a cell.</param>
/// <param name="Surfaces">The surfaces; null: no row is a vertex.</param>
/// <param name="ElementIds">The element id of each row; null: the row's number.</param>
internal sealed record MapPlaces(MapGeometry? Slices, SurfaceMaps? Surfaces, double[]? ElementIds)
{
    /// <summary>The word for an element.</summary>
    public string Kind => Surfaces is not null || Slices is { IsOfGreyordinates: true } ? "greyordinate" : Slices!.Kind;

    /// <summary>Whether anything can be drawn.</summary>
    public bool CanDraw => Slices is not null || Surfaces is { Views.Count: > 0 };

    /// <summary>Reads the places of an analysis.</summary>
    /// <param name="dataFile">The file.</param>
    /// <param name="positions">Where its rows are.</param>
    /// <param name="elementIds">The element id of each row; null: the analysis has no ids.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="template">An image behind the slices; null: the mask.</param>
    /// <param name="given">Surfaces of structures.</param>
    /// <param name="problem">Why nothing can be drawn, as sentences; null if something can.</param>
    /// <exception cref="BadInputException">A table is damaged, or the template cannot be read or is of another place.</exception>
    public static MapPlaces Read(
        string dataFile,
        ElementPositions positions,
        double[]? elementIds,
        long rows,
        string? template,
        StructureSurfaces given,
        out string? problem
    )
    {
        var surfaces = SurfaceMaps.Create(positions, rows, given);
        var places = new MapPlaces(MapGeometry.Read(dataFile, positions, rows, template, out var withoutSlices), surfaces, elementIds);
        problem =
            places.CanDraw ? null
            : surfaces is not null ? MapSentences.HowToShowVertices(surfaces)
            : withoutSlices;
        return places;
    }
}
