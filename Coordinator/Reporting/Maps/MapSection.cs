using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>The maps of an analysis as a part of a page: text that can be read without JavaScript, and the data of the viewer.</summary>
internal sealed class MapSection
{
    private static readonly (string Low, string High)[] Directions = [("L", "R"), ("P", "A"), ("I", "S")];

    private MapSection(string html, long bytes) => (Html, Bytes) = (html, bytes);

    /// <summary>The viewer's script: once per page, after all sections.</summary>
    public static string Script => ViewerAssets.Script;

    /// <summary>The viewer's style sheet: once per page.</summary>
    public static string Style => ViewerAssets.Style;

    /// <summary>The part of the page.</summary>
    public string Html { get; }

    /// <summary>The size of the encoded maps and of what locates their elements, in bytes of the page.</summary>
    public long Bytes { get; }

    /// <summary>Creates the part of the page.</summary>
    /// <param name="geometry">Where the elements are.</param>
    /// <param name="maps">The maps, at least one; the first is shown first.</param>
    /// <param name="details">Rows that readers can go to, the most important first; may be empty.</param>
    public static MapSection Create(MapGeometry geometry, IReadOnlyList<MapColumn> maps, IReadOnlyList<RowDetail> details)
    {
        List<ValuesMetadata> values = [];
        List<(string Name, string Data)> blocks = [];
        foreach (var map in maps)
        {
            var quantised = QuantisedMap.From(map.Values);
            values.Add(Describe(map, quantised));
            blocks.Add(("map", DataBlock.Encode(quantised.Codes)));
        }
        blocks.Add(("cells", DataBlock.EncodeDifferences(geometry.Numbers)));
        blocks.Add(("background", DataBlock.Encode(geometry.Background)));
        if (geometry.Directions is { } directions)
            blocks.Add(("directions", DataBlock.Encode(MapDirections.Encode(directions, geometry.Grid))));
        if (geometry.ElementIds is { } ids)
            blocks.Add(("elements", DataBlock.EncodeDifferences([.. ids.Select(id => (int)id)])));
        var metadata = new MapMetadata(
            geometry.Kind,
            geometry.Numbers.Length,
            geometry.Grid.Affine?.Rows,
            Axes(geometry.Grid),
            geometry.Template is not null,
            details.Count > 0 ? details[0].Row : Strongest(maps),
            values,
            details
        );
        return new(Render(geometry, metadata, blocks), blocks.Sum(block => (long)block.Data.Length));
    }

    private static ValuesMetadata Describe(MapColumn map, QuantisedMap quantised)
    {
        var (low, high) = ColourRange.Of(map);
        return new(
            map.Name,
            map.Title,
            map.IsSigned,
            quantised.Minimum,
            quantised.Maximum,
            quantised.Step,
            quantised.Tolerance,
            quantised.Finite,
            low,
            high,
            double.IsNaN(map.Threshold) ? null : map.Threshold,
            map.Words
        );
    }

    private static AxisMetadata[] Axes(DisplayGrid grid) =>
        [
            .. Enumerable
                .Range(0, 3)
                .Select(world =>
                {
                    var axis = grid.Orientation.GridAxes[world];
                    var (low, high) = grid.Affine is null ? ($"{"ijk"[axis]} low", $"{"ijk"[axis]} high") : Directions[world];
                    return new AxisMetadata(axis, grid.First[world], grid.Step[world], grid.Extent[world], grid.Edges[world], low, high);
                }),
        ];

    /// <summary>The row with the largest absolute value of the first map that has any; the first row if none has.</summary>
    private static long Strongest(IReadOnlyList<MapColumn> maps)
    {
        foreach (var map in maps)
        {
            var (strongest, row) = (-1.0, -1L);
            for (var at = 0; at < map.Values.Length; at++)
            {
                if (double.IsFinite(map.Values[at]) && Math.Abs(map.Values[at]) > strongest)
                    (strongest, row) = (Math.Abs(map.Values[at]), at);
            }
            if (row >= 0)
                return row;
        }
        return 0;
    }

    private static string Render(MapGeometry geometry, MapMetadata metadata, IReadOnlyList<(string Name, string Data)> blocks)
    {
        var about = JsonSerializer.Serialize(metadata, MapJson.Default.MapMetadata); // escapes <, > and &
        var html = new StringBuilder("<div class=\"maps\">\n");
        foreach (var sentence in MapSentences.Of(geometry))
            Line($"<p>{Text(sentence)}</p>");
        Line(
            "<noscript><p>The maps are drawn by a script, and JavaScript is switched off. All other parts of this page work.</p></noscript>"
        );
        Line("<p class=\"maps-problem\" role=\"alert\" hidden></p>");
        Line("<div class=\"maps-viewer\"></div>");
        Line("<details><summary>Values and precision of the maps</summary>\n<div class=\"maps-scroll\"><table>");
        Line("<tr><th>map</th><th>column</th><th>elements with a value</th><th>smallest</th><th>largest</th><th>shown within</th></tr>");
        foreach (var map in metadata.Maps)
            Line(
                $"<tr><td>{Text(map.Title)}</td><td><code>{Text(map.Name)}</code></td><td>{map.Finite:N0} of {metadata.Rows:N0}</td>"
                    + (map.Finite == 0 ? "<td>none</td><td>none</td><td>none</td></tr>" : Extremes(map))
            );
        Line("</table></div></details>");
        Line($"<script type=\"application/json\" class=\"maps-about\">{about}</script>");
        foreach (var (name, data) in blocks)
            Line($"<script type=\"application/octet-stream\" class=\"maps-{name}\">{data}</script>");
        return html.Append("</div>\n").ToString();

        void Line(string line) => html.Append(CultureInfo.InvariantCulture, $"{line}\n");
    }

    private static string Extremes(ValuesMetadata map) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"<td>{map.Minimum:G6}</td><td>{map.Maximum:G6}</td>"
                + $"<td>{(map.Tolerance == 0 ? "exact" : $"± {Upwards(map.Tolerance):G3}")}</td></tr>"
        );

    /// <summary>A number that is not below another one after it was rounded to three digits.</summary>
    private static double Upwards(double number) => number * 1.005;

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
