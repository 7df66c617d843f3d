namespace HpcFit.Coordinator.Reporting.Maps.Geometry;

/// <summary>
/// Directions of fixels in two bytes each. A fixel has no front or back, so the half of the sphere with z of 0 or more is enough; it is
/// projected on a square (octahedral mapping: Cigolle et al. 2014, J. Comput. Graph. Tech. 3(2):1), which is accurate to about half
/// a degree.
/// </summary>
internal static class MapDirections
{
    /// <summary>Both bytes of a fixel whose direction is unknown.</summary>
    public const byte None = 255;

    private const int Middle = 127;

    /// <summary>Encodes directions.</summary>
    /// <param name="directions">x, y and z of each fixel, in scanner coordinates; of any length. NaN or all 0: unknown.</param>
    /// <param name="grid">The drawn grid, along whose axes the encoded directions are.</param>
    /// <returns>The first byte of all fixels, then the second one of all.</returns>
    public static byte[] Encode(double[] directions, DisplayGrid grid)
    {
        var count = directions.Length / 3;
        var bytes = new byte[2 * count];
        var fromScanner = grid.Affine is { } affine ? Matrix3.TryInvert(GridOrientation.UnitAxes(affine)) : null;
        Span<double> alongGrid = stackalloc double[3];
        for (var fixel = 0; fixel < count; fixel++)
        {
            directions.AsSpan(3 * fixel, 3).CopyTo(alongGrid);
            if (fromScanner is not null)
                Matrix3.Multiply(fromScanner, alongGrid);
            (bytes[fixel], bytes[count + fixel]) = Encode(
                alongGrid[grid.Orientation.GridAxes[0]] * grid.Step[0],
                alongGrid[grid.Orientation.GridAxes[1]] * grid.Step[1],
                alongGrid[grid.Orientation.GridAxes[2]] * grid.Step[2]
            );
        }
        return bytes;
    }

    private static (byte First, byte Second) Encode(double x, double y, double z)
    {
        var sum = Math.Abs(x) + Math.Abs(y) + Math.Abs(z);
        if (!(sum > 0) || double.IsInfinity(sum))
            return (None, None);
        var scale = z < 0 ? -1 / sum : 1 / sum;
        return (ToByte((x + y) * scale), ToByte((x - y) * scale));
    }

    private static byte ToByte(double fraction) => (byte)(Middle + Math.Round(Middle * fraction));
}
