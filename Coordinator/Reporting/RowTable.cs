using HpcFit.Coordinator.Reporting.Markup;
using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tables.Formats;

namespace HpcFit.Coordinator.Reporting;

/// <summary>Some rows of an analysis as an HTML table, with the numbers that <c>hpcfit top</c> prints.</summary>
internal static class RowTable
{
    /// <summary>Writes a table.</summary>
    /// <param name="html">Receives it.</param>
    /// <param name="caption">What it lists.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="rows">Its rows.</param>
    public static void Write(HtmlWriter html, string caption, IReadOnlyList<TableColumn> columns, IReadOnlyList<int> rows) =>
        Write(
            html,
            caption,
            [.. columns.Select(column => (column.Name, column is TextColumn))],
            rows.Select(row => (IReadOnlyList<string>)[.. columns.Select(column => AlignedTable.Cell(column, row))])
        );

    /// <summary>Writes a table of texts.</summary>
    /// <param name="html">Receives it.</param>
    /// <param name="caption">What it lists.</param>
    /// <param name="header">The names of its columns, and whether they contain texts, which are not aligned as numbers are.</param>
    /// <param name="rows">The cells, row by row.</param>
    public static void Write(
        HtmlWriter html,
        string caption,
        IReadOnlyList<(string Name, bool IsText)> header,
        IEnumerable<IReadOnlyList<string>> rows
    )
    {
        // A table that is wider than a narrow screen scrolls by itself, also by keyboard.
        using (html.Begin("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption)))
        using (html.Begin("table"))
        {
            html.Element("caption", caption);
            using (html.Begin("thead"))
            using (html.Begin("tr"))
            {
                foreach (var (name, isText) in header)
                    html.Element("th", name, ("scope", "col"), ("class", isText ? "text" : null));
            }
            using (html.Begin("tbody"))
            {
                foreach (var row in rows)
                {
                    using (html.Begin("tr"))
                    {
                        foreach (var (cell, (_, isText)) in row.Zip(header))
                            html.Element("td", cell, ("class", isText ? "text" : null));
                    }
                }
            }
        }
    }
}
