using HpcFit.Shared.Cohort;

namespace HpcFit.Worker.Inputs;

/// <summary>For each subject of a model, its source in each file and scalar.</summary>
/// <param name="OfFile">By the file's path; holds for every scalar of the file that is not in <paramref name="OfScalar"/>.</param>
/// <param name="OfScalar">By the scalar's name: those with a column of their own in a wide cohort.</param>
internal sealed record SubjectSources(
    IReadOnlyDictionary<string, IReadOnlyList<string>> OfFile,
    IReadOnlyDictionary<string, IReadOnlyList<string>> OfScalar
)
{
    /// <summary>The sources of a cohort's subjects.</summary>
    /// <param name="ofFile">The sources by file, from <c>source_file</c>.</param>
    /// <param name="cohort">The cohort.</param>
    /// <param name="scalars">The scalars whose column of the cohort contains their sources; absent columns are ignored.</param>
    public static SubjectSources Create(
        IReadOnlyDictionary<string, IReadOnlyList<string>> ofFile,
        CohortTable cohort,
        IEnumerable<string> scalars
    ) =>
        new(
            ofFile,
            scalars
                .Select(cohort.Find)
                .OfType<TextColumn>()
                .ToDictionary(column => column.Name, column => (IReadOnlyList<string>)[.. column.Values.Select(value => value ?? "")])
        );

    /// <summary>The sources of some of the subjects.</summary>
    /// <param name="rows">Their rows, in the new order.</param>
    public SubjectSources Take(int[] rows) => new(Take(OfFile, rows), Take(OfScalar, rows));

    private static Dictionary<string, IReadOnlyList<string>> Take(IReadOnlyDictionary<string, IReadOnlyList<string>> sources, int[] rows) =>
        sources.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[.. rows.Select(row => pair.Value[row])]);
}
