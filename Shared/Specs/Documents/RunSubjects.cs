namespace HpcFit.Shared.Specs.Documents;

/// <summary>
/// The subjects of a run: a subject with a missing phenotype among the variables of the model is used at no element. Missing values of a
/// scalar are a matter of each element, and not counted here.
/// </summary>
/// <param name="Total">The number of subjects in the cohort.</param>
/// <param name="Used">The number of those that the model can use.</param>
/// <param name="Digest">Hexadecimal XxHash128 of the source names of the used subjects, in the order of the cohort's rows: two models with
/// equal digests were fitted to the same subjects.</param>
/// <param name="Omitted">The source names of the others.</param>
public sealed record RunSubjects(int Total, int Used, string Digest, IReadOnlyList<string> Omitted)
{
    /// <summary>The subjects of a cohort.</summary>
    /// <param name="sources">The source name of each row.</param>
    /// <param name="rows">The rows that the model can use, ascending.</param>
    public static RunSubjects From(IReadOnlyList<string> sources, IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(rows);
        var used = rows.ToHashSet();
        return new(
            sources.Count,
            used.Count,
            new CanonicalHash().Add("sources", [.. rows.Select(row => sources[row])]).Finish(),
            [.. sources.Where((_, row) => !used.Contains(row))]
        );
    }
}
