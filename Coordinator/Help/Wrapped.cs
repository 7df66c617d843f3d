namespace HpcFit.Coordinator.Help;

/// <summary>Text in lines of limited width.</summary>
internal static class Wrapped
{
    /// <summary>The lines, broken at blanks and long lists at commas, each after some blanks.</summary>
    public static List<string> Lines(string text, int width, int indent)
    {
        var margin = new string(' ', indent);
        var lines = new List<string>();
        var line = "";
        foreach (
            var (piece, startsWord) in text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(word => Pieces(word, width - indent))
        )
        {
            var added = line.Length > 0 && startsWord ? " " + piece : piece;
            if (line.Length > 0 && indent + line.Length + added.Length > width)
            {
                lines.Add(margin + line);
                (line, added) = ("", piece);
            }
            line += added;
        }
        lines.Add(margin + line);
        return lines;
    }

    /// <summary>A word, or the items of a list that is longer than a line.</summary>
    private static IEnumerable<(string Piece, bool StartsWord)> Pieces(string word, int room)
    {
        if (word.Length <= room)
            return [(word, true)];
        var items = word.Split(',');
        return items.Select((item, index) => (index < items.Length - 1 ? item + "," : item, index == 0));
    }
}
