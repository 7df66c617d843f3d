using System.Text;

namespace HpcFit.Benchmarks.Report;

/// <summary>A table of the page.</summary>
internal sealed class MarkdownTable(params string[] heads)
{
    private readonly List<string[]> _rows = [];

    public MarkdownTable Add(params string[] cells)
    {
        _rows.Add(cells);
        return this;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Line(text, heads);
        Line(text, [.. heads.Select((_, i) => i == 0 ? "---" : "--:")]);
        foreach (var row in _rows)
            Line(text, row);
        return text.ToString();
    }

    /// <summary>A vertical bar in a cell, as in <c>(1 | id)</c>, would end it.</summary>
    private static void Line(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
