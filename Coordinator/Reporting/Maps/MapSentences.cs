using HpcFit.Coordinator.Reporting.Maps.Geometry;

namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>The sentences above the maps: what is drawn, which side is left, and how exact the numbers are.</summary>
internal static class MapSentences
{
    /// <summary>A smaller angle between the axes of the grid and those of the scanner is not mentioned.</summary>
    private const double LeastTilt = 0.5;

    /// <summary>The sentences.</summary>
    public static IEnumerable<string> Write(MapPlaces places)
    {
        if (places.Surfaces is { } surfaces)
        {
            if (surfaces.Views.Count > 0)
                yield return OnSurfaces(surfaces);
            if (surfaces.Missing.Count > 0)
                yield return HowToShowVertices(surfaces);
        }
        if (places.Slices is { } slices)
        {
            yield return OnSlices(slices);
            yield return slices.IsPlaced ? Placed(slices.Grid.Orientation.TiltDegrees) : Unplaced(slices);
        }
        yield return "Values are rounded to 16 bits, and the viewer shows how far a rounded value can be from the exact one; results and "
            + "tables have the exact values.";
    }

    /// <summary>How vertices that are not drawn can be.</summary>
    public static string HowToShowVertices(SurfaceMaps surfaces) =>
        $"The vertices of {string.Join(" and ", surfaces.Missing)} are not drawn: give "
        + $"{(surfaces.Missing.Count > 1 ? "their surfaces as GIfTI files" : "its surface as a GIfTI file")} with --surface L=FILE,R=FILE.";

    private static string OnSurfaces(SurfaceMaps surfaces) =>
        $"{surfaces.Shown:N0} vertices on the surfaces of the cortex, seen from outside (lateral) and from the middle of the head "
        + "(medial); A is the front. A pixel has the colour of the vertex nearest to it, slightly darker where the surface turns away; "
        + "grey parts have no value, or one that is hidden.";

    private static string OnSlices(MapGeometry slices) =>
        $"{slices.Located:N0} {slices.Kind}s on three slices through the crosshair"
        + (slices.Directions is null ? ". " : "; a line has the direction of its fixel, projected on the slice. ")
        + (
            slices.Template is { } template
                ? $"The background is '{Path.GetFileName(template)}'."
                : "The grey background is the mask: every voxel that the data file locates."
        );

    private static string Placed(double tilt) =>
        "Neurological convention: the left side of an image is the left side of the head. Positions in mm are in the space of the images "
        + "from which the data file was made."
        + (
            tilt < LeastTilt
                ? ""
                : $" The slices follow the grid of voxels, which is rotated by up to {tilt:F0}° relative to the axes of that space; "
                    + "the letters name the nearest directions."
        );

    private static string Unplaced(MapGeometry geometry) =>
        "Which side is left is unknown: the data file does not store where its voxels are in space ('hpcfit convert' does). The slices "
        + "show the axes i, j and k of the grid"
        + (geometry.Directions is null ? "." : ", and directions are drawn as if these were the axes of the scanner.");
}
