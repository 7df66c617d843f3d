using HpcFit.Coordinator.Reporting.Markup;

namespace HpcFit.Coordinator.Reporting.Figures;

/// <summary>
/// A figure as inline SVG: axes with real text, marks with CSS classes, so that colours follow the page (dark mode, print) and no font is
/// needed where it is made.
/// </summary>
internal sealed class Plot
{
    private const double Width = 360;
    private const double Height = 270;
    private const double Left = 78;
    private const double Right = 24;
    private const double Top = 10;
    private const double Bottom = 48;

    private readonly HtmlWriter _html;

    private Plot(HtmlWriter html, Axis x, Axis y) => (_html, X, Y) = (html, x, y);

    /// <summary>The horizontal axis.</summary>
    public Axis X { get; }

    /// <summary>The vertical axis.</summary>
    public Axis Y { get; }

    /// <summary>Writes a figure with its caption.</summary>
    /// <param name="html">Receives it.</param>
    /// <param name="title">The title, which is also its accessible name.</param>
    /// <param name="caption">What it shows, in one or two sentences with its numbers.</param>
    /// <param name="x">Label and range of the horizontal axis.</param>
    /// <param name="y">Label and range of the vertical axis.</param>
    /// <param name="marks">Draws the marks.</param>
    public static void Write(
        HtmlWriter html,
        string title,
        string caption,
        (string Label, double Least, double Greatest) x,
        (string Label, double Least, double Greatest) y,
        Action<Plot> marks
    )
    {
        using (html.Begin("figure"))
        {
            html.Element("h4", title);
            using (html.Begin("svg", ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-label", $"{title}. {caption}")))
            {
                var plot = new Plot(html, new(x.Least, x.Greatest, Left, Width - Right), new(y.Least, y.Greatest, Height - Bottom, Top));
                plot.Grid(x.Label, y.Label);
                marks(plot);
            }
            html.Element("figcaption", caption);
        }
    }

    /// <summary>A filled rectangle between values.</summary>
    public void Bar(double left, double right, double bottom, double top, string style) =>
        _html.Shape(
            "rect",
            ("class", style),
            ("x", HtmlWriter.Number(X.At(left))),
            ("y", HtmlWriter.Number(Y.At(top))),
            ("width", HtmlWriter.Number(Math.Max(0, X.At(right) - X.At(left) - 0.5))),
            ("height", HtmlWriter.Number(Math.Max(0, Y.At(bottom) - Y.At(top))))
        );

    /// <summary>A dot.</summary>
    public void Dot(double x, double y, string style, double radius = 2) =>
        _html.Shape(
            "circle",
            ("class", style),
            ("cx", HtmlWriter.Number(X.At(x))),
            ("cy", HtmlWriter.Number(Y.At(y))),
            ("r", HtmlWriter.Number(radius))
        );

    /// <summary>A line through points.</summary>
    public void Line(IEnumerable<(double X, double Y)> points, string style) =>
        _html.Shape("polyline", ("class", style), ("points", Points(points)));

    /// <summary>The area between two lines.</summary>
    public void Band(IReadOnlyList<(double X, double Low, double High)> points, string style) =>
        _html.Shape(
            "polygon",
            ("class", style),
            ("points", Points(points.Select(point => (point.X, point.High)).Concat(points.Reverse().Select(point => (point.X, point.Low)))))
        );

    private string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => $"{HtmlWriter.Number(X.At(point.X))},{HtmlWriter.Number(Y.At(point.Y))}"));

    private void Grid(string xLabel, string yLabel)
    {
        foreach (var (value, label) in X.Ticks())
        {
            var at = HtmlWriter.Number(X.At(value));
            _html.Shape(
                "line",
                ("class", "grid"),
                ("x1", at),
                ("x2", at),
                ("y1", HtmlWriter.Number(Y.From)),
                ("y2", HtmlWriter.Number(Y.To))
            );
            _html.Element("text", label, ("class", "tick x"), ("x", at), ("y", HtmlWriter.Number(Y.From + 17)));
        }
        foreach (var (value, label) in Y.Ticks())
        {
            var at = HtmlWriter.Number(Y.At(value));
            _html.Shape(
                "line",
                ("class", "grid"),
                ("x1", HtmlWriter.Number(X.From)),
                ("x2", HtmlWriter.Number(X.To)),
                ("y1", at),
                ("y2", at)
            );
            _html.Element(
                "text",
                label,
                ("class", "tick y"),
                ("x", HtmlWriter.Number(X.From - 5)),
                ("y", HtmlWriter.Number(Y.At(value) + 4.5))
            );
        }
        _html.Element(
            "text",
            xLabel,
            ("class", "label"),
            ("x", HtmlWriter.Number((X.From + X.To) / 2)),
            ("y", HtmlWriter.Number(Y.From + 39))
        );
        var middle = HtmlWriter.Number((Y.From + Y.To) / 2);
        _html.Element("text", yLabel, ("class", "label"), ("x", "15"), ("y", middle), ("transform", $"rotate(-90 15 {middle})"));
    }
}
