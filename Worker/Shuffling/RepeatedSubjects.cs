using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Shuffling;

/// <summary>
/// Subjects with several rows, whose rows are dependent. No column of a cohort is declared to identify subjects, so they are recognised by
/// the names that such columns usually have.
/// </summary>
/// <param name="Column">The column.</param>
/// <param name="Example">A value that repeats.</param>
/// <param name="Rows">Its number of rows in the fit.</param>
/// <param name="Subjects">How many values repeat.</param>
internal sealed record RepeatedSubjects(string Column, string Example, int Rows, int Subjects)
{
    /// <summary>In lower case, without <c>_</c>, <c>.</c>, <c>-</c> and blanks.</summary>
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "participantid",
        "participant",
        "subjectid",
        "subject",
        "subjid",
        "subj",
        "subid",
        "sub",
        "srcsubjectid",
        "subjectkey",
        "personid",
        "patientid",
        "patient",
        "id",
        "eid",
        "rid",
        "ptid",
        "guid",
    };

    /// <summary>The first column whose name identifies subjects and whose values repeat; null: none.</summary>
    /// <param name="cohort">The cohort.</param>
    /// <param name="rows">Its rows in the fit.</param>
    public static RepeatedSubjects? Find(CohortTable cohort, int[] rows) =>
        cohort
            .Columns.Where(column => Names.Contains(Plain(column.Name)))
            .Select(column =>
            {
                var repeated = rows.Where(row => !column.IsMissing(row))
                    .GroupBy(column.ValueText)
                    .Where(group => group.Skip(1).Any())
                    .ToList();
                return repeated.Count == 0 ? null : new RepeatedSubjects(column.Name, repeated[0].Key, repeated[0].Count(), repeated.Count);
            })
            .FirstOrDefault(found => found is not null);

    /// <summary>Refuses to shuffle rows of the same subject as if they were independent.</summary>
    public BadInputException Refusal(CohortTable cohort) =>
        new(
            $"Cohort {cohort.Path}: '{Column}' {Example} has {Rows} rows in the fit"
                + (Subjects > 1 ? $", and {CountText.Format(Subjects - 1, "other value")} of '{Column}' more than one" : "")
                + ". Rows of the same subject are dependent, so p-values of free shuffles would be wrong. State what is exchangeable: "
                + $"--exchange whole={Column} (subjects with all their rows), --exchange within={Column} (rows of the same subject), "
                + $"--exchange FILE (PALM's table of blocks), or --exchange none if '{Column}' does not identify subjects."
        );

    private static string Plain(string name) => string.Concat(name.ToLowerInvariant().Where(char.IsAsciiLetter));
}
