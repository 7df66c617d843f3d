namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>
/// One example of a documentation page: a fenced block after the line <c>&lt;!-- tested --&gt;</c>, which readers do not see.
/// </summary>
/// <param name="Page">The page.</param>
/// <param name="Line">The line of the block's fence, counted from 1.</param>
/// <param name="Language">The block's info string: <c>python</c> or <c>r</c>; empty: a shell script.</param>
/// <param name="Commands">The block.</param>
/// <param name="Printed">
/// The lines of a block with the info string <c>text</c> that follows it with nothing but blank lines between: what the block prints.
/// A line <c>…</c> stands for any lines.
/// </param>
internal sealed record DocumentedExample(string Page, int Line, string Language, string Commands, IReadOnlyList<string> Printed)
{
    private const string Mark = "<!-- tested -->";
    private const string Fence = "```";

    /// <summary>The marked examples of a page, in its order.</summary>
    /// <param name="page">The path from the root of the checkout.</param>
    public static IReadOnlyList<DocumentedExample> In(string page)
    {
        var lines = File.ReadAllLines(RepositoryRoot.Combine(page.Split('/')));
        var examples = new List<DocumentedExample>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() != Mark)
                continue;
            var commands = Block(lines, i + 1, page);
            var next = i + 3 + commands.Length;
            while (next < lines.Length && lines[next].Length == 0)
                next++;
            examples.Add(
                new(
                    page,
                    i + 2,
                    lines[i + 1][Fence.Length..],
                    string.Join('\n', commands),
                    next < lines.Length && lines[next] == Fence + "text" ? Block(lines, next, page) : []
                )
            );
        }
        return examples;
    }

    private static string[] Block(string[] lines, int fence, string page)
    {
        lines[fence].ShouldStartWith(Fence, Case.Sensitive, $"{page}, line {fence + 1}: a fenced block follows {Mark}");
        var end = Array.IndexOf(lines, Fence, fence + 1);
        return lines[(fence + 1)..end];
    }
}
