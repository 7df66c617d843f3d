using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Reporting;

/// <summary>
/// The values of single subjects at elements of an analysis, with their phenotypes, from the data file and the cohort that the results
/// record.
/// </summary>
internal sealed class SubjectValues
{
    private readonly string _file;
    private readonly ScalarMatrix _scalar;
    private readonly CohortTable _cohort;
    private readonly int[] _subjects;

    private SubjectValues(string file, ScalarMatrix scalar, CohortTable cohort, int[] subjects) =>
        (_file, _scalar, _cohort, _subjects) = (file, scalar, cohort, subjects);

    /// <summary>The scalar's name.</summary>
    public string Scalar => _scalar.Name;

    /// <summary>Opens what an analysis was made from.</summary>
    /// <param name="record">What is stored about its fit.</param>
    /// <param name="analysis">Its name, for messages.</param>
    /// <param name="allowsExternal">Whether values may be stored outside the folder of the data file.</param>
    /// <exception cref="BadInputException">
    /// The record does not determine the subjects, the files are not where they were, or the cohort was changed since.
    /// </exception>
    public static SubjectValues Open(AnalysisRecord record, string analysis, bool allowsExternal)
    {
        if (
            record.Values("data_files") is not [var data]
            || record.Values("cohort_files") is not [var table]
            || record.Value("scalar") is not { } name
        )
            throw Impossible(analysis, "its results do not record one data file, one cohort and a scalar");
        if (record.Value("subset") is { } subset)
            throw Impossible(analysis, $"its subjects were selected by --subset '{subset}', which is not evaluated here");
        if (record.Value("source_column") is { } column)
            throw Impossible(analysis, $"its cohort names sources in the column '{column}' instead of {CohortTable.SourceFile}");
        RequireUnchanged(table, record.Value("cohort_sha256"), analysis);
        var cohort = CohortTable.Read(
            table,
            record.Value("check_names") != "0",
            record.Values("na_strings") is { Count: > 0 } texts ? MissingText.With(texts) : null
        );
        var scalar = ModelArrayFile.Open(data, allowsExternal).Scalar(name);
        var ordered = SourceMatching.InFileOrder(cohort, scalar.SourceNames, name, record.Value("may_omit_subjects") == "1");
        var present = SourceMatching.Names(ordered).ToHashSet(StringComparer.Ordinal);
        int[] subjects = [.. scalar.SourceNames.Index().Where(one => present.Contains(one.Item)).Select(one => one.Index)];
        var omitted = record.Values("subjects_omitted").ToHashSet(StringComparer.Ordinal);
        int[] used = [.. Enumerable.Range(0, subjects.Length).Where(row => !omitted.Contains(scalar.SourceNames[subjects[row]]))];
        return new(data, scalar, ordered.Take(used), [.. used.Select(row => subjects[row])]);
    }

    /// <summary>
    /// The phenotype of a term: the column of the cohort with the longest name that the term's name contains; null: there is none, or its
    /// values are neither numbers nor groups.
    /// </summary>
    public Phenotype? PhenotypeOf(string term) =>
        _cohort
            .Columns.Where(column => column.Name != CohortTable.SourceFile && term.Contains(column.Name, StringComparison.Ordinal))
            .OrderByDescending(column => column.Name.Length)
            .Select(Phenotype.From)
            .FirstOrDefault();

    /// <summary>The values at an element, of the subjects that were used, in the order of the file; NaN: missing.</summary>
    public double[] At(long element)
    {
        using var file = Hdf5ReadFile.Open(_file);
        var all = ScalarColumn.Read(file, _scalar, element);
        return Array.ConvertAll(_subjects, subject => all[subject]);
    }

    private static void RequireUnchanged(string table, string? recorded, string analysis)
    {
        if (!File.Exists(table))
            throw Impossible(analysis, $"the cohort '{table}' is no longer there");
        var now = Convert.ToHexStringLower(Shared.Files.Sha256Digest.Hash(File.ReadAllBytes(table)));
        if (recorded is not null && recorded != now)
            throw Impossible(analysis, $"the cohort '{table}' has been changed since the run");
    }

    private static BadInputException Impossible(string analysis, string why) =>
        new($"Values of subjects of the analysis '{analysis}' cannot be shown: {why}. Leave out --with-subject-values.");
}

/// <summary>A column of a cohort as numbers for an axis.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">One per subject; NaN: missing. Of groups, the number of the group, counted from 0.</param>
/// <param name="Groups">The names of the groups; empty: the values are numbers.</param>
internal sealed record Phenotype(string Name, double[] Values, IReadOnlyList<string> Groups)
{
    private const int MaxGroups = 30;

    /// <summary>A column as a phenotype; null: texts of too many kinds.</summary>
    public static Phenotype? From(CohortColumn column) =>
        column switch
        {
            NumericColumn numbers => new(column.Name, numbers.Values, []),
            LogicalColumn truths => new(column.Name, truths.Values, ["FALSE", "TRUE"]),
            FactorColumn factor => Grouped(column.Name, factor.Levels, [.. factor.Codes.Select(code => code < 0 ? double.NaN : code)]),
            TextColumn texts => OfTexts(column.Name, texts.Values),
            _ => null,
        };

    private static Phenotype? OfTexts(string name, string?[] texts)
    {
        string[] groups = [.. texts.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return Grouped(name, groups, [.. texts.Select(text => text is null ? double.NaN : Array.IndexOf(groups, text))]);
    }

    private static Phenotype? Grouped(string name, IReadOnlyList<string> groups, double[] values) =>
        groups.Count <= MaxGroups ? new(name, values, groups) : null;
}
