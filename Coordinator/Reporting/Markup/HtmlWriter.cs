using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace HpcFit.Coordinator.Reporting.Markup;

/// <summary>
/// Writes HTML and inline SVG element by element. Every text and attribute is escaped; only <see cref="Raw"/> writes markup as it is.
/// </summary>
/// <param name="output">Receives the markup.</param>
internal sealed class HtmlWriter(TextWriter output)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Opens an element; disposing of the result closes it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="attributes">Its attributes; one whose value is null is omitted.</param>
    public Scope Begin(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Open(name, attributes);
        return new(output, name);
    }

    /// <summary>An element that contains a text, without a line break after it, so that punctuation may follow.</summary>
    public void Element(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Open(name, attributes);
        Text(text);
        output.Write("</");
        output.Write(name);
        output.Write('>');
    }

    /// <summary>An element without content and end tag, such as <c>meta</c>.</summary>
    public void Void(string name, params ReadOnlySpan<(string Name, string? Value)> attributes) => Open(name, attributes);

    /// <summary>An SVG element without content.</summary>
    public void Shape(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Open(name, attributes);
        output.Write("</");
        output.Write(name);
        output.Write(">\n");
    }

    /// <summary>A text.</summary>
    public void Text(string text) => Encoder.Encode(output, text);

    /// <summary>Markup that has been escaped already.</summary>
    public void Raw(string markup) => output.Write(markup);

    /// <summary>A number as an attribute: a coordinate with a precision of a hundredth.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private void Open(string name, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        output.Write('<');
        output.Write(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is null)
                continue;
            output.Write(' ');
            output.Write(attribute);
            output.Write("=\"");
            Encoder.Encode(output, value);
            output.Write('"');
        }
        output.Write('>');
    }

    /// <summary>An open element.</summary>
    public readonly struct Scope(TextWriter output, string name) : IDisposable
    {
        /// <summary>Closes it.</summary>
        public void Dispose()
        {
            output.Write("</");
            output.Write(name);
            output.Write(">\n");
        }
    }
}
