using System.CommandLine;
using System.Text;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Options;

/// <summary>
/// <c>--columns</c>: comma-separated names of result columns; may be repeated. Names in R contain commas inside brackets
/// (<c>poly(Age, 2)1.estimate</c>), which do not separate names; other names with commas are quoted as in CSV.
/// </summary>
internal static class ColumnsOption
{
    private const char Quote = '"';

    /// <summary>The option.</summary>
    /// <param name="description">What is done with the columns.</param>
    /// <param name="name">Its name.</param>
    public static Option<string[]> Create(string description, string name = "--columns") =>
        new(name)
        {
            Description = description,
            HelpName = ListOption.Placeholder,
            DefaultValueFactory = _ => [],
        };

    /// <summary>The names in the given order; null if the option is absent.</summary>
    /// <exception cref="UsageException">A quote or a bracket is not closed, or no name is given.</exception>
    public static IReadOnlyList<string>? Parse(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return null;
        string[] names = [.. texts.SelectMany(Names)];
        return names.Length > 0 ? names : throw new UsageException("The list contains no column name. Omit the option for the default.");
    }

    private static List<string> Names(string text)
    {
        var names = new List<string>();
        var name = new StringBuilder();
        var (open, quoted, wasQuoted) = (0, false, false);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter == Quote && quoted && i + 1 < text.Length && text[i + 1] == Quote)
            {
                name.Append(text[++i]);
            }
            else if (letter == Quote && (quoted || string.IsNullOrWhiteSpace(name.ToString())))
            {
                if (!quoted)
                    name.Clear();
                (quoted, wasQuoted) = (!quoted, true);
            }
            else if (letter == ',' && !quoted && open == 0)
            {
                End();
            }
            else if (quoted || !wasQuoted || !char.IsWhiteSpace(letter))
            {
                // Intervals of R's cut() may end with either bracket: (1,5].
                if (!quoted)
                    open +=
                        letter is '(' or '[' ? 1
                        : letter is ')' or ']' ? -1
                        : 0;
                name.Append(letter);
            }
        }
        if (quoted)
            throw new UsageException($"--columns '{text}' has a quote that is not closed. Write a quote inside a quoted name twice.");
        if (open != 0)
            throw new UsageException(
                $"--columns '{text}' has unmatched brackets, so it is unclear which commas separate names. Write "
                    + "such names in double quotes."
            );
        End();
        return names;

        void End()
        {
            var whole = wasQuoted ? name.ToString() : name.ToString().Trim();
            if (whole.Length > 0)
                names.Add(whole);
            name.Clear();
            wasQuoted = false;
        }
    }
}
