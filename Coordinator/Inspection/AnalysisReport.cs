using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs.Variables;

namespace HpcFit.Coordinator.Inspection;

/// <summary>The output of <c>inspect FILE ANALYSIS</c>, as lines of text: what is stored, or what the columns show.</summary>
internal static class AnalysisReport
{
    private const int LongestList = 12;
    private const int DigitsOfDigest = 12;

    /// <summary>Facts with lines of their own, or that only programs use; all others are options.</summary>
    private static readonly HashSet<string> NoOptions =
    [
        "accepted_changes",
        "cohort_digest",
        "cohort_files",
        "cohort_sha256",
        "commit",
        "corrected_columns",
        "corrections",
        "data_files",
        "data_names",
        "date",
        "elements",
        "formula",
        "function",
        "function_runtime",
        "function_sha256",
        "method",
        "model",
        "numeric_version",
        "run",
        "run_directory",
        "scalar",
        "scalars",
        "status_counts",
        "subjects",
        "subjects_digest",
        "subjects_omitted",
        "subjects_used",
        "subjects_in_file",
        "subjects_selected",
        "total_elements",
        "variables",
        "version",
        "weights",
    ];

    /// <summary>The whole report.</summary>
    public static IEnumerable<string> Lines(AnalysisDetails details)
    {
        yield return $"analysis {details.Summary.Name} of {details.File}";
        foreach (var (label, text) in Facts(details))
            yield return $"  {label, -12} {text}";
        yield return $"  {"columns", -12} {details.Summary.Columns:N0}: {Listed(details.Summary.ColumnNames)}";
        foreach (var file in details.Summary.Files)
            yield return $"  {"stored in", -12} {file}";
    }

    /// <summary>The facts about an analysis with their labels; an empty label continues the fact before it.</summary>
    public static IEnumerable<(string Label, string Text)> Facts(AnalysisDetails details) =>
        details.Record.IsEmpty ? OfOtherProgram(details) : OfHpcFit(details);

    private static IEnumerable<(string Label, string Text)> OfHpcFit(AnalysisDetails details)
    {
        var record = details.Record;
        foreach (
            var line in OfModel(record)
                .Concat(OfElements(details))
                .Concat(OfSubjects(record))
                .Concat(OfVariables(record))
                .Concat(OfInputs(record))
        )
            yield return line;
        if (record.Values("corrections") is { Count: > 0 } corrections)
            yield return ("corrections", $"{string.Join(", ", corrections)} of {Listed(record.Values("corrected_columns"))}");
        if (record.Value("accepted_changes") is { } changes)
            yield return ("accepted", "changes of the inputs: " + changes);
        var options = record
            .Facts.Values.Where(fact => !NoOptions.Contains(fact.Name) && fact.Values() is not [""])
            .OrderBy(fact => fact.Name, StringComparer.Ordinal);
        foreach (var (index, fact) in options.Index())
            yield return (index == 0 ? "options" : "", $"{fact.Name} = {Listed(fact.Values())}");
        foreach (var line in OfRun(record))
            yield return line;
    }

    private static IEnumerable<(string, string)> OfModel(AnalysisRecord record)
    {
        var method = record.Value("method") is { } how ? ", " + how : "";
        if (record.Value("model") is { } model)
            yield return ("model", model + method);
        if (record.Value("formula") is { Length: > 0 } formula)
            yield return ("formula", formula);
        if (record.Value("function") is { } function)
            yield return ("function", $"{function} ({record.Value("function_runtime")})");
        if (record.Value("function_sha256") is { } checksum)
            yield return ("", "sha256 " + checksum);
        if (record.Values("scalars") is { Count: > 0 } scalars)
            yield return ("scalar", scalars[0] + (scalars.Count > 1 ? $"; predictors {string.Join(", ", scalars.Skip(1))}" : ""));
        if (record.Value("weights") is { } weights)
            yield return ("weights", weights);
    }

    private static IEnumerable<(string, string)> OfElements(AnalysisDetails details)
    {
        yield return ("elements", Elements(details.Summary.Elements, details.Record));
        if (details.Record.Value("status_counts") is { } counts)
            yield return ("status", counts);
        if (details.ElementsWithValues is { } values)
            yield return ("values", $"at {values:N0} of {CountText.Format(details.Summary.Elements, "element")}");
    }

    private static string Elements(long rows, AnalysisRecord record) =>
        (record.Facts.GetValueOrDefault("elements")?.Numbers, record.Facts.GetValueOrDefault("total_elements")?.Numbers) switch
        {
            ([var elements], [var total]) => $"{elements:N0} of {total:N0}" + (rows > elements ? $", in {rows:N0} rows" : ""),
            _ => $"{rows:N0}",
        };

    private static IEnumerable<(string, string)> OfSubjects(AnalysisRecord record)
    {
        if (record.Value("subjects") is not { } subjects)
            yield break;
        var omitted = record.Values("subjects_omitted");
        yield return (
            "subjects",
            $"{record.Value("subjects_used")} of {subjects}"
                + (omitted.Count > 0 ? $"; {omitted.Count:N0} without a value of a variable: {Listed(omitted)}" : "")
        );
    }

    private static IEnumerable<(string, string)> OfVariables(AnalysisRecord record)
    {
        foreach (var (index, variable) in StoredVariables.Read(record).Index())
            yield return (index == 0 ? "variables" : "", $"{variable.Name}  {ModelFrameReport.Variable(variable)}");
    }

    private static IEnumerable<(string, string)> OfInputs(AnalysisRecord record)
    {
        foreach (var file in record.Values("data_files"))
            yield return ("data", file);
        var checksums = record.Values("cohort_sha256");
        foreach (var (index, file) in record.Values("cohort_files").Index())
        {
            yield return ("cohort", file);
            if (index < checksums.Count)
                yield return ("", "sha256 " + checksums[index]);
        }
    }

    private static IEnumerable<(string, string)> OfRun(AnalysisRecord record)
    {
        if (record.Value("run") is { } digest)
            yield return (
                "run",
                digest[..Math.Min(DigitsOfDigest, digest.Length)] + (record.Value("run_directory") is { } folder ? " in " + folder : "")
            );
        if (record.Value("version") is { } version)
            yield return (
                "program",
                $"HpcFit {version}"
                    + (record.Value("commit") is { } commit ? $", commit {commit}" : "")
                    + (record.Value("numeric_version") is { } numbers ? $", numeric version {numbers}" : "")
            );
        if (record.Value("date") is { } date)
            yield return ("written", date);
    }

    private static IEnumerable<(string, string)> OfOtherProgram(AnalysisDetails details)
    {
        yield return ("program", "another program, such as ModelArray, which stores nothing about the fit; by its columns:");
        var terms = details.Terms;
        yield return ("model", terms.Model ?? "not one of ModelArray's lm and gam");
        foreach (var line in OfElements(details))
            yield return line;
        if (terms.Terms.Count > 0)
            yield return ("terms", Listed(terms.Terms));
        if (terms.Corrections.Count > 0)
            yield return ("corrections", string.Join(", ", terms.Corrections));
    }

    private static string Listed(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(LongestList)) + (names.Count > LongestList ? $", … ({names.Count:N0} in all)" : "");
}
