using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using HpcFit.Coordinator.Commands;
using HpcFit.Shared.CommandLine;

namespace HpcFit.Coordinator.Tests.Commands;

/// <summary>The options of other programs in the table of docs/permutation.md are answered with what the table has for them.</summary>
public sealed partial class ForeignOptionTests
{
    private const string Heading = "## From their options to ours";

    private static readonly string[] OfRun =
    [
        .. CoordinatorCommands.Create(new()).Subcommands.Single(command => command.Name == "run").Options.Select(option => option.Name),
    ];

    /// <summary>
    /// Each option of another program, with the last cell of its row. What is an option here, too, is read as such (<c>--seed</c>, which
    /// <see cref="Options.Models.ModelOptionsTests"/> tests).
    /// </summary>
    public static TheoryData<string, string> Options()
    {
        var options = new TheoryData<string, string>();
        foreach (var cells in Rows())
        foreach (var theirs in cells[..^1].SelectMany(Words).Where(word => word.StartsWith('-') && !OfRun.Contains(word)).Distinct())
            options.Add(theirs, cells[^1]);
        return options;
    }

    /// <summary>Other options of randomise, PALM and MRtrix's statistics commands.</summary>
    [Theory]
    [InlineData("-ise", "--errors ise")]
    [InlineData("-nthreads", "--threads")]
    [InlineData("-i", "--data")]
    [InlineData("-o", "--analysis")]
    [InlineData("-m", "--mask")]
    [InlineData("-D", "intercept")]
    [InlineData("-demean", "intercept")]
    [InlineData("--uncorrp", ".p.value.perm")]
    [InlineData("-fdr", ".p.value.perm.fdr")]
    [InlineData("-within", "--exchange within=")]
    [InlineData("-logp", "--log10-p")]
    [InlineData("-save1-p", "--names fsl")]
    [InlineData("-force", "--overwrite")]
    [InlineData("-permutations", "--permutations-file")]
    [InlineData("-notest", "--permutations")]
    public void Other_options_are_answered(string theirs, string ours) =>
        ForeignNames.Answer(theirs, OfRun).ShouldNotBeNull().ShouldContain(ours);

    [Fact]
    public void The_table_has_the_options_of_three_programs() => Options().Count.ShouldBeGreaterThan(40);

    [Theory]
    [MemberData(nameof(Options))]
    public void An_option_of_the_table_is_answered_with_ours(string theirs, string ours)
    {
        var answer = ForeignNames.Answer(theirs, OfRun).ShouldNotBeNull($"{theirs}: {ours}");
        var expected = Words(ours).Where(word => word.StartsWith("--", StringComparison.Ordinal) || word.Contains('_')).ToList();
        if (ours.StartsWith("not offered", StringComparison.Ordinal))
            expected.Add("not offered");
        expected.ShouldNotBeEmpty(ours);
        expected.ShouldContain(word => answer.Contains(word, StringComparison.Ordinal), $"{theirs}: '{answer}' instead of {ours}");
    }

    private static IEnumerable<string[]> Rows([CallerFilePath] string here = "")
    {
        var page = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "permutation.md");
        return File.ReadLines(page)
            .SkipWhile(line => line != Heading)
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(2)
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));
    }

    /// <summary>The words of the code in a cell.</summary>
    private static IEnumerable<string> Words(string cell) => Code().Matches(cell).SelectMany(code => code.Groups[1].Value.Split(' '));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
