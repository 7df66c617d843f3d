using HpcFit.Coordinator.Merging;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Elements;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Provenance;

/// <summary>
/// What is stored with results about the fit they come from, one attribute per fact: docs/formats/results.md. Only the date and the paths
/// depend on when and where the run was made.
/// </summary>
internal static class FitRecord
{
    /// <summary>The attributes of the analysis.</summary>
    /// <param name="run">The run.</param>
    /// <param name="statuses">The number of elements with each status.</param>
    /// <param name="outsideMaximum">The number of elements of each status that are outside the maximum of permutation tests.</param>
    /// <param name="tailLimits">How far the shuffles support the p-values by a fitted tail.</param>
    /// <param name="acceptedChanges">Changes of the inputs that the user accepted.</param>
    public static IReadOnlyList<AttributeContent> Create(
        RunDirectory run,
        IReadOnlyDictionary<ElementStatus, long> statuses,
        IReadOnlyDictionary<ElementStatus, long> outsideMaximum,
        IReadOnlyList<TailLimit> tailLimits,
        IReadOnlyList<string> acceptedChanges
    ) =>
        [
            .. OfRun(run.Document, Path.GetFullPath(run.Root)),
            .. OfInputs(run.Document),
            .. run.Document.Subjects is { } subjects ? OfSubjects(subjects) : [],
            .. run.Document.Frame is { } frame ? FrameAttributes.Create(frame) : [],
            .. OfResults(run.Document, statuses),
            .. SpecAttributes.Create(run.Document.Spec),
            .. run.Document.Layout.Permutation is { } tests ? PermutationAttributes.Create(tests, outsideMaximum, tailLimits) : [],
            .. acceptedChanges.Count == 0
                ? (AttributeContent[])[]
                : [AttributeContent.Text("hpcfit_accepted_changes", string.Join("; ", acceptedChanges))],
        ];

    private static IEnumerable<AttributeContent> OfRun(RunDocument document, string folder)
    {
        yield return AttributeContent.Text("hpcfit_version", document.ProgramVersion);
        if (document.ProgramCommit is { } commit)
            yield return AttributeContent.Text("hpcfit_commit", commit);
        yield return AttributeContent.Text(AnalysisMetadata.RunAttribute, document.Digest);
        yield return AttributeContent.Text("hpcfit_run_directory", folder);
        yield return AttributeContent.Text("hpcfit_date", DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ"));
        yield return AttributeContent.Integer("hpcfit_numeric_version", document.Inputs.NumericVersion);
    }

    private static IEnumerable<AttributeContent> OfInputs(RunDocument document)
    {
        var (spec, inputs) = (document.Spec, document.Inputs);
        yield return AttributeContent.Text("hpcfit_scalar", inputs.Scalars[0].Scalar);
        yield return AttributeContent.Texts("hpcfit_scalars", [.. inputs.Scalars.Select(scalar => scalar.Scalar)]);
        yield return AttributeContent.Texts("hpcfit_data_files", [.. spec.Data.Select(data => data.Path)]);
        if (spec.Data.Count > 1)
            yield return AttributeContent.Texts("hpcfit_data_names", [.. spec.Data.Select(data => data.Name)]);
        yield return AttributeContent.Texts("hpcfit_cohort_files", [.. spec.Data.Select(data => data.Phenotypes)]);
        var checksums = document.Checksums.ToDictionary(checksum => checksum.Path, checksum => checksum.Sha256);
        if (spec.Data.All(data => checksums.ContainsKey(data.Phenotypes)))
            yield return AttributeContent.Texts("hpcfit_cohort_sha256", [.. spec.Data.Select(data => checksums[data.Phenotypes])]);
        yield return AttributeContent.Text("hpcfit_cohort_digest", inputs.CohortDigest);
        if (spec.Model.Custom is { } custom && checksums.TryGetValue(custom.Function, out var function))
            yield return AttributeContent.Text("hpcfit_function_sha256", function);
        if (inputs.FunctionRuntime.Length > 0)
            yield return AttributeContent.Text("hpcfit_function_runtime", inputs.FunctionRuntime);
    }

    private static IEnumerable<AttributeContent> OfSubjects(RunSubjects subjects)
    {
        yield return AttributeContent.Integer("hpcfit_subjects", subjects.Total);
        yield return AttributeContent.Integer("hpcfit_subjects_used", subjects.Used);
        yield return AttributeContent.Text("hpcfit_subjects_digest", subjects.Digest);
        if (subjects.Omitted.Count > 0)
            yield return AttributeContent.Texts("hpcfit_subjects_omitted", subjects.Omitted);
    }

    private static IEnumerable<AttributeContent> OfResults(RunDocument document, IReadOnlyDictionary<ElementStatus, long> statuses)
    {
        yield return AttributeContent.Integer("hpcfit_elements", document.ElementSet().Count);
        yield return AttributeContent.Integer("hpcfit_total_elements", document.Inputs.TotalElements);
        yield return AttributeContent.Text(
            "hpcfit_status_counts",
            string.Join(", ", statuses.Select(status => $"{status.Key}: {status.Value}"))
        );
        var corrected = document.Layout.Columns.Where(column => column.Source == ResultSource.Correction).ToList();
        if (corrected.Count == 0)
            yield break;
        yield return AttributeContent.Texts("hpcfit_corrections", [.. corrected.Select(column => LastPart(column.Name)).Distinct()]);
        yield return AttributeContent.Texts("hpcfit_corrected_columns", [.. corrected.Select(column => column.Name)]);
    }

    /// <summary>The name of a correction, with which the name of its columns ends.</summary>
    private static string LastPart(string column) => column[(column.LastIndexOf('.') + 1)..];
}
