using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Shuffling;
using static HpcFit.Worker.Tests.Shuffling.ListText;

namespace HpcFit.Worker.Tests.Shuffling;

/// <summary>Exchange within and of whole values of columns: exactly what is permitted, and refusals.</summary>
public sealed class ColumnExchangeTests
{
    [Theory]
    [InlineData("aaabbb", 36)]
    [InlineData("abcabcb", 24)]
    [InlineData("abbbb", 24)]
    [InlineData("aaaa", 24)]
    public void Within_exchanges_rows_of_the_same_value(string values, int permutations)
    {
        foreach (var errors in (string[])["ee", "ise", "both"])
        {
            var list = List(new() { Count = long.MaxValue, Within = "v" }, Cohort(("v", Letters(values))), errors);
            var expected = Groups.Search(
                values.Length,
                permutation =>
                    errors == "ise"
                        ? IsIdentity(permutation)
                        : permutation.Select((from, row) => values[from] == values[row]).All(same => same),
                errors == "ee" ? null : [.. Enumerable.Range(0, values.Length)]
            );
            expected.Count.ShouldBe((errors == "ise" ? 1 : permutations) * (errors == "ee" ? 1 : 1 << values.Length));
            ShouldBeExactly(list, expected);
        }
    }

    [Theory]
    [InlineData("aabbcc")]
    [InlineData("abcabc")]
    [InlineData("abbaba")]
    [InlineData("abcd")]
    public void Whole_values_replace_each_other_row_by_row(string values)
    {
        foreach (var errors in (string[])["ee", "ise", "both"])
        {
            var list = List(new() { Count = long.MaxValue, Whole = "v" }, Cohort(("v", Letters(values))), errors);
            ShouldBeExactly(
                list,
                Groups.Search(
                    values.Length,
                    permutation => errors == "ise" ? IsIdentity(permutation) : MovesWhole(permutation, values),
                    errors == "ee" ? null : Units(values)
                )
            );
        }
    }

    [Theory]
    [InlineData("aabbccdd", "xxxxyyyy", 4)] // subjects within sites
    [InlineData("abcabc", "xxyxxy", 2)]
    [InlineData("aaabbc", "xxxxxy", 0)] // unequal within a site
    public void Whole_values_replace_each_other_within_values(string whole, string within, int permutations)
    {
        var cohort = Cohort(("whole", Letters(whole)), ("within", Letters(within)));
        var spec = new PermutationSpec
        {
            Count = long.MaxValue,
            Whole = "whole",
            Within = "within",
        };
        if (permutations == 0)
        {
            Should.Throw<BadInputException>(() => List(spec, cohort)).Message.ShouldContain("2 rows: 'whole' b; 3 rows: 'whole' a");
            return;
        }
        foreach (var errors in (string[])["ee", "both"])
            ShouldBeExactly(
                List(spec, cohort, errors),
                Groups.Search(
                    whole.Length,
                    permutation =>
                        MovesWhole(permutation, whole) && permutation.Select((from, row) => within[from] == within[row]).All(same => same),
                    errors == "ee" ? null : Units(whole)
                )
            );
        List(spec, cohort).Count.ShouldBe(permutations);
    }

    [Fact]
    public void Whole_and_within_the_same_column_moves_blocks_and_their_rows()
    {
        const string Values = "aabbcc";
        var list = List(
            new()
            {
                Count = long.MaxValue,
                Whole = "v",
                Within = "v",
            },
            Cohort(("v", Letters(Values)))
        );
        list.Count.ShouldBe(48);
        ShouldBeExactly(
            list,
            Groups.Search(
                6,
                permutation => Enumerable.Range(0, 3).All(block => Values[permutation[2 * block]] == Values[permutation[(2 * block) + 1]]),
                null
            )
        );
    }

    [Fact]
    public void Rows_are_exchanged_within_values_inside_whole_blocks()
    {
        // Two families of two pairs: pairs keep their places in the family, rows of a pair are exchanged.
        const string Families = "aaaabbbb";
        const string Pairs = "pqpqrsrs";
        var cohort = Cohort(("family", Letters(Families)), ("pair", Letters(Pairs)));
        var spec = new PermutationSpec
        {
            Count = long.MaxValue,
            Whole = "family",
            Within = "pair",
        };
        int[] withinPairs = [2, 1, 0, 3, 4, 5, 6, 7];
        int[] families = [4, 5, 6, 7, 0, 1, 2, 3];
        ShouldBeExactly(List(spec, cohort), Groups.Closure(8, [withinPairs, [0, 3, 2, 1, 4, 5, 6, 7], families]));
        int[] flipped = [~0, ~1, ~2, ~3, 4, 5, 6, 7];
        ShouldBeExactly(List(spec, cohort, "both"), Groups.Closure(8, [withinPairs, [0, 3, 2, 1, 4, 5, 6, 7], families, flipped]));
    }

    [Fact]
    public void Rows_of_a_block_are_in_the_order_of_the_cohorts_file()
    {
        // The data file's order is 3 1 0 2 of the cohort's: row 0 is the second of b, row 1 the second of a.
        var cohort = Cohort(("v", Letters("aabb"))).Take([3, 1, 0, 2]);
        List(new() { Count = 10, Whole = "v" }, cohort).Shuffle(1).ShouldBe([1, 0, 3, 2]);
    }

    [Fact]
    public void Only_rows_in_the_fit_are_shuffled()
    {
        var cohort = Cohort(("v", [null, "a", "b", "b", "a", ""]));
        var list = ShuffleLists.Create(new() { Count = 10, Whole = "v" }, cohort, [1, 2, 3, 4], "ee");
        list.Rows.ShouldBe(4);
        list.Texts().ShouldBe(["+0 +1 +2 +3", "+1 +0 +3 +2"]);
    }

    [Theory]
    [InlineData("aabbbc", "whole", "unequal numbers of rows", "1 row: 'v' c; 2 rows: 'v' a; 3 rows: 'v' b")]
    [InlineData("aaaa", "whole", "no permutations of the 4 rows")]
    [InlineData("abcd", "within", "no permutations of the 4 rows", "exchange within 'v'")]
    [InlineData("ab.d", "within", "'v' is missing in 1 row of the fit (number 3)")]
    [InlineData("ab d", "whole", "'v' is missing in 1 row of the fit (number 3)", "--subset \"v != ' '\"")]
    [InlineData("ab.. d", "within", "'v' is missing in 3 rows of the fit (number 3, 4, 5)", "--subset \"!is.na(v) & v != ' '\"")]
    public void What_cannot_be_exchanged_is_refused(string values, string kind, params string[] parts)
    {
        var spec = new PermutationSpec
        {
            Count = 100,
            Within = kind == "within" ? "v" : null,
            Whole = kind == "whole" ? "v" : null,
        };
        var message = Should.Throw<BadInputException>(() => List(spec, Cohort(("v", Letters(values))))).Message;
        message.ShouldContain("cohort.csv");
        foreach (var part in parts)
            message.ShouldContain(part);
    }

    [Fact]
    public void Columns_that_are_not_nested_or_unknown_are_refused()
    {
        var cohort = Cohort(("subject", Letters("aabb")), ("day", Letters("xyxy")), ("label", Letters("ppqq")));
        Refusal("day", "subject").ShouldContain("'subject' a have several values of 'day', and rows with 'day' x several of 'subject'");
        Refusal("label", "subject").ShouldContain("each value of 'subject' is one value of 'label'");
        Refusal("days", "subject").ShouldContain("Did you mean 'day'?");

        string Refusal(string within, string whole) =>
            Should
                .Throw<BadInputException>(() =>
                    List(
                        new()
                        {
                            Count = 9,
                            Within = within,
                            Whole = whole,
                        },
                        cohort
                    )
                )
                .Message;
    }

    [Theory]
    [InlineData("aaaa", "ee", "'v' a is the only value in the fit")]
    [InlineData("aabbbc", "ee", "1 of 3 values of 'v' have one row each")]
    public void Notes_report_what_the_user_may_not_expect(string values, string errors, params string[] parts)
    {
        var notes = string.Join('\n', List(new() { Count = 1_000, Within = "v" }, Cohort(("v", Letters(values))), errors).Notes);
        foreach (var part in parts)
            notes.ShouldContain(part);
    }

    [Theory]
    [InlineData("participant_id")]
    [InlineData("Subject.ID")]
    [InlineData("id")]
    [InlineData("src_subject_id")]
    public void Repeated_subjects_are_refused_unless_exchange_is_stated(string column)
    {
        var cohort = Cohort((column, ["s1", "s2", "s1", "s2", "s3"]), ("site", Letters("aaaaa")));
        var message = Should.Throw<BadInputException>(() => List(new() { Count = 9 }, cohort)).Message;
        message.ShouldContain($"'{column}' s1 has 2 rows in the fit, and 1 other value");
        message.ShouldContain("--exchange none");
        List(new() { Count = 9, IgnoresRepeats = true }, cohort).Count.ShouldBe(9);
        List(new() { Count = 9, Within = column }, cohort).Count.ShouldBe(4);
        ShuffleLists.Create(new() { Count = 9 }, cohort, [0, 1, 4], "ee").Count.ShouldBe(6, "no subject repeats in the fit");
    }

    private static string?[] Letters(string values) => [.. values.Select(value => value == '.' ? null : value.ToString())];

    private static bool IsIdentity(int[] permutation) => permutation.Select((from, row) => from == row).All(same => same);

    /// <summary>Whether row j of each value is replaced by row j of one other value.</summary>
    private static bool MovesWhole(int[] permutation, string values)
    {
        var blocks = values
            .Distinct()
            .ToDictionary(value => value, value => Enumerable.Range(0, values.Length).Where(row => values[row] == value).ToArray());
        return blocks.Values.All(block =>
            permutation[block[0]] is var first && block.Select(row => permutation[row]).SequenceEqual(blocks[values[first]])
        );
    }

    private static int[] Units(string values)
    {
        var order = values.Distinct().ToList();
        return [.. values.Select(value => order.IndexOf(value))];
    }

    private static void ShouldBeExactly(IShuffleList list, HashSet<string> expected)
    {
        var texts = list.Texts();
        texts.Count.ShouldBe(expected.Count);
        texts.Distinct().Count().ShouldBe(texts.Count);
        texts.All(expected.Contains).ShouldBeTrue();
        list.IsExhaustive.ShouldBeTrue();
        list.LogPossible.ShouldBe(Math.Log(expected.Count), 1e-12);
        list.Shuffle(0).ShouldBe(Enumerable.Range(0, list.Rows));
    }
}
