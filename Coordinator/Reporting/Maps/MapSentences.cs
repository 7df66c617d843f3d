namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>The sentences above the maps: what is drawn, which side is left, and how exact the numbers are.</summary>
internal static class MapSentences
{
    /// <summary>A smaller angle between the axes of the grid and those of the scanner is not mentioned.</summary>
    private const double LeastTilt = 0.5;

    /// <summary>The sentences.</summary>
    public static IEnumerable<string> Of(MapGeometry geometry)
    {
        yield return $"{geometry.Numbers.Length:N0} {geometry.Kind}s on three slices through the crosshair"
            + (geometry.Directions is null ? ". " : "; a line has the direction of its fixel, projected on the slice. ")
            + (
                geometry.Template is { } template
                    ? $"The background is '{Path.GetFileName(template)}'. "
                    : "The grey background is the mask: every voxel that the data file locates. "
            )
            + "Values are rounded to 16 bits, and the viewer shows how far a rounded value can be from the exact one; results and tables "
            + "have the exact values.";
        yield return geometry.IsPlaced ? Placed(geometry.Grid.Orientation.TiltDegrees) : Unplaced(geometry);
    }

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
