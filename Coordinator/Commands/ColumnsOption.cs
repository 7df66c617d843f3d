using System.CommandLine;
using System.Text;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// <c>--columns</c>: names of result columns with commas between them, given once or more often. R's names hold commas themselves, inside
/// brackets (<c>poly(Age, 2)1.estimate</c>), so those separate nothing; whatever else is written in double quotes, as CSV does it.
/// </summary>
internal static class ColumnsOption
{
    private const char Quote = '"';

    /// <summary>The option.</summary>
    public static Option<string[]> Create(string description) =>
        new("--columns")
        {
            Description = description,
            HelpName = ListOption.Placeholder,
            DefaultValueFactory = _ => [],
        };

    /// <summary>The names in the order given; null when the option is absent.</summary>
    /// <exception cref="UsageException">A quote or a bracket is not closed, or no name is given.</exception>
    public static IReadOnlyList<string>? Parse(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return null;
        string[] names = [.. texts.SelectMany(Names)];
        return names.Length > 0 ? names : throw new UsageException("--columns names no column. Leave it out for all of them.");
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
                // R closes cut()'s intervals with either bracket: (1,5].
                if (!quoted)
                    open +=
                        letter is '(' or '[' ? 1
                        : letter is ')' or ']' ? -1
                        : 0;
                name.Append(letter);
            }
        }
        if (quoted)
            throw new UsageException(
                $"--columns '{text}' opens a quote that is not closed. A quote inside a quoted name is written twice."
            );
        if (open != 0)
            throw new UsageException(
                $"--columns '{text}' holds brackets that do not match, so that it cannot be told which commas separate names. Write "
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
