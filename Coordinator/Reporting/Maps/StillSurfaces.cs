using HpcFit.Coordinator.Reporting.Surfaces;

namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>The surfaces with a map in its first colours as one picture, for readers without JavaScript.</summary>
internal static class StillSurfaces
{
    private const int Columns = 2;
    private const byte Surroundings = 38;

    /// <summary>The greys of a surface that is seen from its edge, and of one that faces the viewer.</summary>
    private const double DarkestGrey = 70;

    private const double BrightestGrey = 165;

    /// <summary>The share of a colour that remains where the surface is seen from its edge.</summary>
    private const double LeastLight = 0.72;

    /// <summary>Draws the views in two columns, as PNG.</summary>
    public static byte[] Draw(SurfaceMaps surfaces, MapColumn map)
    {
        var frame = surfaces.Views[0].Frame;
        var (width, height) = (Columns * frame.Width, (surfaces.Views.Count + 1) / Columns * frame.Height);
        var colours = new byte[3 * width * height];
        Array.Fill(colours, Surroundings);
        var range = ColourRange.From(map);
        foreach (var (place, view) in surfaces.Views.Index())
        {
            var start = (place / Columns * frame.Height * width) + (place % Columns * frame.Width);
            for (var pixel = 0; pixel < view.Codes.Length; pixel++)
            {
                if (view.Codes[pixel] != SurfaceView.Outside)
                    Paint(view, pixel, map, range, colours.AsSpan(3 * (start + (pixel / frame.Width * width) + (pixel % frame.Width)), 3));
            }
        }
        return PngImage.Encode(width, height, colours);
    }

    private static void Paint(SurfaceView view, int pixel, MapColumn map, (double Low, double High) range, Span<byte> colour)
    {
        var light = view.Shades[pixel] / (double)byte.MaxValue;
        var value = view.Codes[pixel] >= SurfaceView.FirstRow ? map.Values[view.Codes[pixel] - SurfaceView.FirstRow] : double.NaN;
        if (!map.Shows(value))
        {
            colour.Fill((byte)Math.Round(DarkestGrey + ((BrightestGrey - DarkestGrey) * light)));
            return;
        }
        ColourScale.Find(map, value, range, colour);
        for (var part = 0; part < 3; part++)
            colour[part] = (byte)Math.Round(colour[part] * (LeastLight + ((1 - LeastLight) * light)));
    }
}
