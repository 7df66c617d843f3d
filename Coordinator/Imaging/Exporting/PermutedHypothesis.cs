namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>A contrast or F test of an analysis with p-values by permutation, recognised by the names of its columns.</summary>
/// <param name="Name">What the names of its columns begin with.</param>
/// <param name="IsF">Whether its statistic is F.</param>
/// <param name="Number">Its number among the contrasts or among the F tests, from 1.</param>
/// <param name="Enhancement">The ending of its enhanced statistic, such as <c>tfce</c>; null: it is not enhanced.</param>
internal sealed record PermutedHypothesis(string Name, bool IsF, int Number, string? Enhancement)
{
    /// <summary>The ending of p-values of single elements.</summary>
    public const string Uncorrected = ".p.value.perm";

    /// <summary>The ending of p-values by the maximum statistic.</summary>
    public const string FamilyWise = ".p.value.fwe";

    private static readonly string[] Enhancements = ["tfce", "cfe", "cluster"];

    /// <summary>The hypotheses, in the order of their columns.</summary>
    public static IReadOnlyList<PermutedHypothesis> Find(IReadOnlyList<string> columns)
    {
        var found = new List<PermutedHypothesis>();
        foreach (var name in columns.Select(NameOf).OfType<string>().Distinct())
        {
            var isF = name.EndsWith(".F", StringComparison.Ordinal) || columns.Contains(name + ".F.statistic");
            var enhancement = Enhancements.FirstOrDefault(ending => columns.Contains($"{name}{FamilyWise}.{ending}"));
            found.Add(new(name, isF, 1 + found.Count(other => other.IsF == isF), enhancement));
        }
        return found;
    }

    private static string? NameOf(string column)
    {
        foreach (var ending in (string[])[Uncorrected, FamilyWise])
        {
            if (column.IndexOf(ending, StringComparison.Ordinal) is > 0 and var at)
                return column[..at];
        }
        return null;
    }
}
