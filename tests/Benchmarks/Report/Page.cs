using System.Text;

namespace HpcFit.Benchmarks.Report;

/// <summary>Writes the page of figures.</summary>
internal static class Page
{
    private const string Head = """
        # Benchmarks

        `./bench` wrote this page: it makes its own data, measures everything below and says where. `./bench --quick` takes a minute or two on
        small data; `./bench --help` lists the sizes. Times of a shared machine vary; what is compared was therefore run in the same round,
        and ratios are quotients within a round, given as median (least-most). What is not there is named as not measured.

        """;

    public static void Write(string path, IEnumerable<Section> sections)
    {
        var text = new StringBuilder(Head);
        foreach (var section in sections)
        {
            text.Append("\n## ").Append(section.Title).Append('\n');
            foreach (var paragraph in section.Paragraphs) text.Append('\n').Append(paragraph.TrimEnd()).Append('\n');
        }
        File.WriteAllText(path, text.ToString());
    }
}
