using System.Globalization;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Shuffling;

namespace HpcFit.Worker.Tests.Shuffling;

/// <summary>Shuffle lists of small cohorts, and shuffles as texts that can be compared.</summary>
internal static class ListText
{
    /// <summary>A cohort of columns of texts; null is missing.</summary>
    public static CohortTable Cohort(params (string Name, string?[] Values)[] columns) =>
        new("cohort.csv", [.. columns.Select(column => new TextColumn(column.Name, column.Values))]);

    /// <summary>A cohort of unrelated subjects.</summary>
    public static CohortTable Subjects(int count) =>
        Cohort(
            (CohortTable.SourceFile, [.. Enumerable.Range(1, count).Select(row => string.Create(CultureInfo.InvariantCulture, $"s{row}"))])
        );

    /// <summary>The list of all rows of a cohort.</summary>
    public static IShuffleList List(PermutationSpec spec, CohortTable cohort, string errors = "ee") =>
        ShuffleLists.Create(spec, cohort, [.. Enumerable.Range(0, cohort.Rows)], errors);

    /// <summary>The list of unrelated subjects.</summary>
    public static IShuffleList Free(int rows, long count, string errors = "ee", long seed = 1) =>
        List(new() { Count = count, Seed = seed }, Subjects(rows), errors);

    /// <summary>One shuffle.</summary>
    public static int[] Shuffle(this IShuffleList list, long number)
    {
        var source = new int[list.Rows];
        list.Fill(number, source);
        return source;
    }

    /// <summary>All shuffles in their order, such as <c>+1 -0 +2</c>.</summary>
    public static List<string> Texts(this IShuffleList list) =>
        [.. Enumerable.Range(0, (int)list.Count).Select(number => Text(list.Shuffle(number)))];

    /// <summary>A shuffle as a text.</summary>
    public static string Text(IEnumerable<int> source) =>
        string.Join(
            ' ',
            source.Select(one => string.Create(CultureInfo.InvariantCulture, $"{(one < 0 ? '-' : '+')}{(one < 0 ? ~one : one)}"))
        );
}
