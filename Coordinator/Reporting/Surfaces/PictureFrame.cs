using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Reporting.Surfaces;

/// <summary>The size of pictures of surfaces, with one scale for all surfaces so that they can be compared.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="PixelsPerMillimetre">The scale.</param>
internal readonly record struct PictureFrame(int Width, int Height, double PixelsPerMillimetre)
{
    private const int FullWidth = 600;
    private const double Margin = 0.04;
    private const double LeastAspect = 0.4;
    private const double GreatestAspect = 1.2;

    /// <summary>A frame into which each of some surfaces fits.</summary>
    public static PictureFrame Around(IReadOnlyList<Surface> surfaces)
    {
        var (length, height) = (surfaces.Max(surface => Extent(surface, 1)), surfaces.Max(surface => Extent(surface, 2)));
        var pixels = (int)(FullWidth * Math.Clamp(height / length, LeastAspect, GreatestAspect));
        return new(FullWidth, pixels, (1 - (2 * Margin)) * Math.Min(FullWidth / length, pixels / height));
    }

    /// <summary>The least and the greatest coordinate of a surface along an axis.</summary>
    public static (double Least, double Greatest) Range(Surface surface, int axis)
    {
        var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var at = axis; at < surface.Points.Length; at += 3)
            (least, greatest) = (Math.Min(least, surface.Points[at]), Math.Max(greatest, surface.Points[at]));
        return (least, greatest);
    }

    /// <summary>At least a micrometre, so that a flat surface has a scale, too.</summary>
    private static double Extent(Surface surface, int axis)
    {
        var (least, greatest) = Range(surface, axis);
        return Math.Max(1e-3, greatest - least);
    }
}
