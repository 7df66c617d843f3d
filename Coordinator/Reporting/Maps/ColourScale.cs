namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>
/// Colours whose lightness increases with the (absolute) value on a dark background, safe for colour-blind readers, interpolated linearly.
/// </summary>
internal static class ColourScale
{
    /// <summary>
    /// For signed values: "berlin", F. Crameri, Scientific colour maps, doi:10.5281/zenodo.1243862; see Crameri, Shephard and Heron,
    /// Nat. Commun. 11 (2020) 5444.
    /// </summary>
    private static readonly string[] Berlin =
    [
        "9eb0ff",
        "5ba4db",
        "2d7597",
        "1a4256",
        "11191e",
        "280d01",
        "501803",
        "8a3f2a",
        "c4756a",
        "ffadad",
    ];

    /// <summary>For other values: "viridis", S. van der Walt and N. Smith, matplotlib 1.5, published under CC0.</summary>
    private static readonly string[] Viridis =
    [
        "440154",
        "482878",
        "3e4989",
        "31688e",
        "26828e",
        "1f9e89",
        "35b779",
        "6ece58",
        "b5de2b",
        "fde725",
    ];

    /// <summary>For values of which the least matter.</summary>
    private static readonly string[] DescendingViridis = [.. Viridis.Reverse()];

    /// <summary>The colours of a map at equal distances, from the lowest value to the highest.</summary>
    public static IReadOnlyList<string> Select(MapColumn map) =>
        map.IsSigned ? Berlin
        : map.HidesAbove ? DescendingViridis
        : Viridis;

    /// <summary>The colour of a value.</summary>
    /// <param name="map">Its map.</param>
    /// <param name="value">The value; beyond the range it has the colour of the range's end.</param>
    /// <param name="range">The values of the first and the last colour.</param>
    /// <param name="colour">Receives red, green and blue.</param>
    public static void Find(MapColumn map, double value, (double Low, double High) range, Span<byte> colour)
    {
        var colours = Select(map);
        var share =
            range.High > range.Low ? Math.Clamp((value - range.Low) / (range.High - range.Low), 0, 1)
            : value < range.Low ? 0
            : 1;
        var place = share * (colours.Count - 1);
        var low = Math.Min((int)place, colours.Count - 2);
        Span<byte> next = stackalloc byte[3];
        Convert.FromHexString(colours[low], colour, out _, out _);
        Convert.FromHexString(colours[low + 1], next, out _, out _);
        for (var part = 0; part < 3; part++)
            colour[part] = (byte)Math.Round(colour[part] + ((next[part] - colour[part]) * (place - low)));
    }
}
