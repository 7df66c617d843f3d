using System.Text;

namespace HpcFit.Benchmarks.Report;

/// <summary>Writes the page of figures.</summary>
internal static class Page
{
    private const string Heading = "\n## ";

    private const string Head = """
        # Benchmarks

        `./bench` wrote this page: it makes its own data, measures everything below and says where. `./bench --quick` takes a minute or two on
        small data, `./bench --only SECTION` repeats one; `./bench --help` lists sizes and sections.
        Times of a shared machine vary; what is compared was therefore run in the same round, and ratios are quotients within a round, given as median (least-most). What is not there is named as not measured.

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
