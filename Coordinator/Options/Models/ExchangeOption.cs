using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Options.Models;

/// <summary><c>--exchange</c>: which subjects may be exchanged in permutation tests.</summary>
internal sealed class ExchangeOption
{
    private const string Name = "--exchange";
    private const string Within = "within=";
    private const string Whole = "whole=";
    private const string None = "none";
    private const string Forms =
        "within=COLUMN (subjects with the same value are exchanged), whole=COLUMN (all subjects with one value are exchanged with those of "
        + "another), both, a file of exchangeability blocks as PALM has it (CSV, one row per subject), or none (repeated subjects are "
        + "exchanged as if unrelated) was expected";

    /// <summary>The option.</summary>
    public Option<string[]> Option { get; } =
        TextOption.Repeated(
            Name,
            "within=COLUMN|whole=COLUMN|FILE|none",
            "which subjects are exchanged: within=site (those of one site), whole=family (families as a whole), PALM's table of blocks, or "
                + "none (repeated subjects as if unrelated); within and whole may be combined",
            text => Parse(text)
        );

    /// <summary>The columns or the file; all null and false: all subjects are exchanged.</summary>
    /// <exception cref="UsageException">Values contradict each other.</exception>
    /// <exception cref="BadInputException">The file does not exist.</exception>
    public (string? Within, string? Whole, string? Blocks, bool IgnoresRepeats) Read(ParseResult line)
    {
        string[] texts = line.GetResult(Option) is { Implicit: false } ? line.GetValue(Option)! : [];
        (string? within, string? whole, string? blocks, var ignores) = (null, null, null, false);
        foreach (var text in texts)
        {
            var (kind, value) = Parse(text);
            var isTwice = kind switch
            {
                Within => within is not null,
                Whole => whole is not null,
                _ => texts.Length > 1,
            };
            if (isTwice)
                throw new UsageException(
                    $"{Name} is {string.Join(" and ", texts.Select(one => $"'{one}'"))}; only one {Within}COLUMN and one "
                        + $"{Whole}COLUMN can be combined."
                );
            (within, whole) = (kind == Within ? value : within, kind == Whole ? value : whole);
            blocks = kind.Length == 0 ? PermutationOptions.ExistingFile(Name, value) : blocks;
            ignores |= kind == None;
        }
        return (within, whole, blocks, ignores);
    }

    /// <summary>The form of a value, empty for a file, and what follows it.</summary>
    private static (string Kind, string Value) Parse(string text)
    {
        if (text == None)
            return (None, "");
        foreach (var form in (string[])[Within, Whole])
        {
            if (!text.StartsWith(form, StringComparison.Ordinal))
                continue;
            return text.Length > form.Length && !string.IsNullOrWhiteSpace(text[form.Length..])
                ? (form, text[form.Length..].Trim())
                : throw new UsageException($"{Name} is '{text}'; {form}COLUMN names a column of the cohort, such as {form}site.");
        }
        if (File.Exists(text) || text.AsSpan().ContainsAny('.', '/'))
            return ("", text);
        var hint = text.Contains('=', StringComparison.Ordinal) ? "" : $" Did you mean {Within}{text}, or {Whole}{text}?";
        throw new UsageException($"{Name} is '{text}'; {Forms}.{hint}");
    }
}
