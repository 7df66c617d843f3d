using System.Text;

namespace HpcFit.Benchmarks.Report;

/// <summary>Writes the page of figures.</summary>
internal static class Page
{
    private const string Heading = "\n## ";

    private const string Head = """
        # Benchmarks

        For users who compare HpcFit with other programs and for developers who check its performance. `./bench` wrote this page: it generates
        its data, measures everything below and records the machine. `./bench --quick` takes a minute or two on small data, `./bench --only
        SECTION` repeats one section; `./bench --help` lists sizes and sections.
        Times of a shared machine vary; compared programs were therefore run in the same round, and ratios are quotients within a round, given as
        median (minimum-maximum). Programs that are not installed are listed as not measured.

        """;

    /// <summary>Writes sections into a page; sections of the page that were not measured this time stay.</summary>
    public static void Write(string path, IEnumerable<Section> measured)
    {
        var texts = measured.ToDictionary(section => section.Title, Text);
        var page = new StringBuilder(Head);
        foreach (var (title, old) in Existing(path))
        {
            page.Append(texts.Remove(title, out var current) ? current : old);
        }
        foreach (var text in texts.Values)
            page.Append(text);
        File.WriteAllText(path, page.ToString());
    }

    private static string Text(Section section)
    {
        var text = new StringBuilder().Append(Heading).Append(section.Title).Append('\n');
        foreach (var paragraph in section.Paragraphs)
            text.Append('\n').Append(paragraph.TrimEnd()).Append('\n');
        return text.ToString();
    }

    private static IEnumerable<(string Title, string Text)> Existing(string path)
    {
        if (!File.Exists(path))
            yield break;
        foreach (var section in File.ReadAllText(path).Split(Heading).Skip(1))
            yield return (section[..section.IndexOf('\n', StringComparison.Ordinal)], Heading + section);
    }
}
