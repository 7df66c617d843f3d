using System.Text;
using HpcFit.Coordinator.Reporting.Markup;

namespace HpcFit.Coordinator.Reporting;

/// <summary>The maps sections of a report, one per analysis, with the script and style that they share.</summary>
internal sealed class ReportMaps
{
    private readonly List<string> _sections = [];

    /// <summary>CSS of the maps; empty: there are none.</summary>
    public string Style { get; private set; } = "";

    /// <summary>The viewer; empty: there are no maps.</summary>
    public string Script { get; private set; } = "";

    /// <summary>The markup of an analysis' section.</summary>
    public string HtmlOf(int analysis) => _sections[analysis];

    /// <summary>Adds a section without maps.</summary>
    /// <param name="why">The reason.</param>
    public void AddNone(string why)
    {
        var text = new StringWriter(new StringBuilder());
        new HtmlWriter(text).Element("p", why);
        _sections.Add(text.ToString());
    }
}
