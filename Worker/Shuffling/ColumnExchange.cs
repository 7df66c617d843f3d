using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Shuffling;

/// <summary>
/// Exchangeability as columns of the cohort state it: rows within the values of one column, values of a column as a whole, or both, as
/// PALM's <c>-within</c> and <c>-whole</c>.
/// </summary>
/// <param name="cohort">The cohort.</param>
/// <param name="rows">Its rows in the fit.</param>
internal sealed class ColumnExchange(CohortTable cohort, int[] rows)
{
    private const int Listed = 5;

    /// <summary>Every row replaces every other.</summary>
    public Exchangeability Free() => new(Tree("", isExchanging: true, AllRows()), $"Cohort {cohort.Path}", []);

    /// <summary>Rows replace those that have the same value.</summary>
    /// <param name="column">The column.</param>
    /// <exception cref="BadInputException">There is no such column, or it has missing values.</exception>
    public Exchangeability Within(string column)
    {
        var tree = Tree("", isExchanging: false, AllRows(), ReadLevel(column, isExchanging: true));
        return new(tree, Statement($"exchange within '{column}'"), NotesAbout(column, tree.Children));
    }

    /// <summary>
    /// Blocks, which are the rows of a value, replace each other as a whole: the first row of a block that of another, and so on, in the
    /// order of the cohort's file.
    /// </summary>
    /// <param name="column">The column.</param>
    /// <exception cref="BadInputException">There is no such column, it has missing values, or blocks of unequal size.</exception>
    public Exchangeability Whole(string column) =>
        Checked(
            Tree("", isExchanging: true, InFileOrder(), ReadLevel(column, isExchanging: false)),
            Statement($"exchange of whole '{column}'")
        );

    /// <summary>
    /// Exchange of both kinds. For the same column: blocks as a whole, and the rows of each. Where all rows of a block have one value of
    /// <paramref name="within"/>: blocks as a whole among those with the same value, such as subjects within sites. Where all rows of a
    /// value of <paramref name="within"/> are in one block: blocks as a whole, and in each the rows of the same value.
    /// </summary>
    /// <param name="within">The column within whose values there is exchange.</param>
    /// <param name="whole">The column whose values are exchanged as a whole.</param>
    /// <exception cref="BadInputException">There is no such column, it has missing values, blocks have unequal sizes, or the columns are
    /// not nested.</exception>
    public Exchangeability Both(string within, string whole)
    {
        var statement = Statement($"exchange of whole '{whole}' and within '{within}'");
        var (inner, outer) = (ReadLevel(within, isExchanging: true), ReadLevel(whole, isExchanging: within == whole));
        if (within == whole)
            return Checked(Tree("", isExchanging: true, InFileOrder(), outer), statement);
        return (SplitBy(inner, outer), SplitBy(outer, inner)) switch
        {
            (null, null) => throw new BadInputException(
                $"{statement}: each value of '{whole}' is one value of '{within}', and no two are in the same, so none can be exchanged. "
                    + $"State one of the two, or '{whole}' as both, to exchange its values and the rows of each."
            ),
            ({ }, null) => Checked(Tree("", isExchanging: false, InFileOrder(), inner, outer), statement),
            (null, { }) => Checked(Tree("", isExchanging: true, InFileOrder(), outer, inner), statement),
            ({ } value, { } block) => throw new BadInputException(
                $"{statement}: the columns are not nested: rows with '{whole}' {block} have several values of '{within}', and rows with "
                    + $"'{within}' {value} several of '{whole}'. Name blocks that lie within one value of '{within}' each, or describe the "
                    + "structure by a table of blocks (PALM's)."
            ),
        };
    }

    private IEnumerable<int> AllRows() => Enumerable.Range(0, rows.Length);

    private IEnumerable<int> InFileOrder() => AllRows().OrderBy(row => cohort.RowInFile(rows[row]));

    private string Statement(string exchange) => $"Cohort {cohort.Path}, {exchange}";

    private static Exchangeability Checked(ExchangeNode tree, string statement)
    {
        BlockShapes.RequireEqual(tree, statement);
        return new(tree, statement, []);
    }

    /// <summary>A column whose values are blocks.</summary>
    private Level ReadLevel(string column, bool isExchanging)
    {
        var values = cohort.Get(column);
        var missing = rows.Where(row => values.IsMissing(row) || string.IsNullOrWhiteSpace(values.ValueText(row))).ToList();
        if (missing.Count == 0)
            return new(column, [.. rows.Select(values.ValueText)], isExchanging);
        var listed = string.Join(", ", missing.Take(Listed).Select(cohort.RowInFile)) + (missing.Count > Listed ? ", …" : "");
        // An empty text is a level of R's, of which is.na is false.
        var present = missing.Select(row => values.IsMissing(row) ? $"!is.na({column})" : $"{column} != '{values.ValueText(row)}'");
        throw new BadInputException(
            $"Cohort {cohort.Path}: '{column}' is missing in {CountText.Format(missing.Count, "row")} of the fit (number {listed}), so "
                + "what they are exchanged with is unknown. Fill in the values, or leave these rows out of the fit "
                + $"(--subset \"{string.Join(" & ", present.Distinct())}\")."
        );
    }

    /// <summary>The first value of a column whose rows have several values of another; null: none.</summary>
    private static string? SplitBy(Level level, Level other) =>
        level
            .Values.Zip(other.Values)
            .GroupBy(pair => pair.First, pair => pair.Second)
            .FirstOrDefault(group => group.Distinct().Skip(1).Any())
            ?.Key;

    /// <summary>The rows, divided by the values of the first level, these by the second, and so on.</summary>
    private static ExchangeNode Tree(string name, bool isExchanging, IEnumerable<int> rows, params Level[] levels) =>
        levels is [var level, .. var inner]
            ? ExchangeNode.OfBlock(
                name,
                isExchanging,
                [
                    .. rows.GroupBy(row => level.Values[row])
                        .Select(group => Tree($"'{level.Column}' {group.Key}", level.IsExchanging, group, inner)),
                ]
            )
            : ExchangeNode.OfRows(name, isExchanging, rows);

    private static IReadOnlyList<string> NotesAbout(string column, IReadOnlyList<ExchangeNode> blocks)
    {
        var single = blocks.Count(block => block.Size == 1);
        return blocks.Count == 1 ? [$"{blocks[0].Name} is the only value in the fit, so exchange within '{column}' is not restricted."]
            : single > 0 && single < blocks.Count
                ? [$"{single:N0} of {blocks.Count:N0} values of '{column}' have one row each in the fit, which permutations do not move."]
            : [];
    }

    /// <summary>A column whose values are blocks, and whether the parts of each are exchanged.</summary>
    private sealed record Level(string Column, string[] Values, bool IsExchanging);
}
