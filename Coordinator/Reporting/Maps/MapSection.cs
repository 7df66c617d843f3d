using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using HpcFit.Coordinator.Reporting.Maps.Geometry;
using HpcFit.Coordinator.Tables.Formats;

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
    /// <param name="places">Where the elements are.</param>
    /// <param name="maps">The maps, at least one; the first is shown first.</param>
    /// <param name="details">Rows that readers can go to, the most important first; may be empty.</param>
    public static MapSection Create(MapPlaces places, IReadOnlyList<MapColumn> maps, IReadOnlyList<RowDetail> details)
    {
        var (geometry, surfaces) = (places.Slices, places.Surfaces);
        List<ValuesMetadata> values = [];
        List<(string Name, string Data)> blocks = [];
        foreach (var map in maps)
        {
            var quantised = QuantisedMap.From(map.Values);
            values.Add(Describe(map, quantised));
            blocks.Add(("map", DataBlock.Encode(quantised.Codes)));
        }
        if (geometry is not null)
            AddGeometry(geometry, blocks);
        if (surfaces is not null)
            AddSurfaces(surfaces, blocks);
        if (places.ElementIds is { } ids)
            blocks.Add(("elements", DataBlock.EncodeDifferences([.. ids.Select(id => (int)id)])));
        var metadata = new MapMetadata(
            places.Kind,
            maps[0].Values.Length,
            geometry?.Grid.Affine?.Rows,
            geometry is null ? [] : Axes(geometry.Grid),
            geometry?.Template is not null,
            details.Count > 0 ? details[0].Row : Strongest(maps),
            values,
            details,
            surfaces?.Structures ?? [],
            [.. (surfaces?.Views ?? []).Select(Describe)]
        );
        var still = surfaces is { Views.Count: > 0 } ? Convert.ToBase64String(StillSurfaces.Draw(surfaces, maps[0])) : "";
        return new(Render(places, metadata, blocks, still), still.Length + blocks.Sum(block => (long)block.Data.Length));
    }

    private static void AddGeometry(MapGeometry geometry, List<(string Name, string Data)> blocks)
    {
        blocks.Add(("cells", DataBlock.EncodeDifferences(geometry.Numbers)));
        blocks.Add(("background", DataBlock.Encode(geometry.Background)));
        if (geometry.Directions is { } directions)
            blocks.Add(("directions", DataBlock.Encode(MapDirections.Encode(directions, geometry.Grid))));
    }

    private static void AddSurfaces(SurfaceMaps surfaces, List<(string Name, string Data)> blocks)
    {
        blocks.Add(("structures", DataBlock.EncodeDifferences(surfaces.StructureOfRow)));
        blocks.Add(("vertices", DataBlock.EncodeDifferences(surfaces.VertexOfRow)));
        blocks.Add(("points", DataBlock.EncodeDifferences(surfaces.Tenths)));
        foreach (var view in surfaces.Views)
        {
            blocks.Add(("surface", DataBlock.EncodeDifferences(view.Codes)));
            blocks.Add(("shade", DataBlock.Encode(view.Shades)));
        }
    }

    private static SurfaceMetadata Describe(SurfaceView view) =>
        new(view.Title, view.Frame.Width, view.Frame.Height, view.Camera.Letters.Left, view.Camera.Letters.Right);

    private static ValuesMetadata Describe(MapColumn map, QuantisedMap quantised)
    {
        var (low, high) = ColourRange.From(map);
        return new(
            map.Name,
            map.Title,
            map.IsSigned,
            ColourScale.Select(map),
            quantised.Minimum,
            quantised.Maximum,
            quantised.Step,
            quantised.Tolerance,
            quantised.Finite,
            low,
            high,
            double.IsNaN(map.Threshold) ? null : map.Threshold,
            map.HidesAbove,
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

    private static string Render(MapPlaces places, MapMetadata metadata, IReadOnlyList<(string Name, string Data)> blocks, string still)
    {
        var about = JsonSerializer.Serialize(metadata, MapJson.Default.MapMetadata); // escapes <, > and &
        var html = new StringBuilder("<div class=\"maps\">\n");
        foreach (var sentence in MapSentences.Write(places))
            Line($"<p>{Text(sentence)}</p>");
        Line(
            "<noscript><p>The maps are drawn by a script, and JavaScript is switched off. All other parts of this page work.</p>"
                + $"{Still(metadata, still)}</noscript>"
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

    private static string Still(MapMetadata metadata, string still)
    {
        if (still.Length == 0)
            return "";
        var map = metadata.Maps[0];
        var hidden = map.Threshold is { } threshold
            ? $"; {(map.IsSigned ? "absolute values" : "values")} {(map.HidesAbove ? "above" : "below")} "
                + $"{AlignedTable.Rounded(threshold)} are grey"
            : "";
        var caption =
            $"{map.Title} on the surfaces ({string.Join("; ", metadata.Surfaces.Select(view => view.Title))}), in colours from "
            + $"{AlignedTable.Rounded(map.Low)} to {AlignedTable.Rounded(map.High)}{hidden}.";
        return $"<p>{Text(caption)}</p><img class=\"maps-still\" alt=\"{Text(caption)}\" src=\"data:image/png;base64,{still}\">";
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
