namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>
/// The values between which a map's colours vary at first: nearly the whole range, so that a few outliers do not hide the rest. Where a map
/// has a threshold, the range is that of the values that it shows, because findings would otherwise all have the last colour.
/// </summary>
internal static class ColourRange
{
    private const double Share = 0.995;

    /// <summary>The range of a map.</summary>
    /// <param name="map">The map. Signed ones have a range that is symmetric around 0.</param>
    /// <returns>Lower and upper end; both 0 if there is no finite value.</returns>
    public static (double Low, double High) From(MapColumn map)
    {
        double[] values = [.. map.Values.Where(double.IsFinite)];
        if (Array.Exists(values, map.Shows))
            values = [.. values.Where(map.Shows)];
        if (map.IsSigned)
            values = Array.ConvertAll(values, Math.Abs);
        if (values.Length == 0)
            return (0, 0);
        Array.Sort(values);
        var high = values[Index(Share, values.Length)];
        if (map.IsSigned && high == 0)
            high = values[^1];
        return map.IsSigned ? (-high, high)
            : map.Words.Count > 0 ? (values[0], values[^1])
            : (values[Index(1 - Share, values.Length)], high);
    }

    private static int Index(double share, int count) => (int)Math.Round(share * (count - 1));
}
