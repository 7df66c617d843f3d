using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Models;

/// <summary>Checks the parts of a spec that depend on the file but not on the engine.</summary>
internal static class SpecChecks
{
    /// <summary>Refuses elements that the file does not have, and elements listed twice.</summary>
    public static void Elements(IReadOnlyList<ElementRange> elements, ScalarMatrix response)
    {
        foreach (var range in elements)
        {
            if (range.End > response.Elements)
                throw new BadInputException(
                    $"The element subset contains {range}, but the scalar '{response.Name}' has {response.Elements} "
                        + $"{(response.Elements == 1 ? "element" : "elements")}, counted from 1."
                );
        }
        var sorted = elements.OrderBy(range => range.First).ToList();
        for (var i = 1; i < sorted.Count; i++)
        {
            var both = sorted[i].Intersect(sorted[i - 1]);
            if (both.Count > 0)
                throw new BadInputException($"The element subset contains {both} more than once. List every element once.");
        }
    }

    /// <summary>
    /// Refuses scalars of the model that have the name of a column of the cohort, as ModelArray does: a formula or function could mean
    /// either.
    /// </summary>
    public static void ColumnNames(IEnumerable<string> scalars, CohortTable cohort)
    {
        if (scalars.FirstOrDefault(name => cohort.Find(name) is not null) is not { } both)
            return;
        throw new BadInputException(
            $"'{both}' is the name of a scalar and of a column of the cohort {cohort.Path}: the model cannot use both. Rename or "
                + "remove the column of the cohort."
        );
    }

    /// <summary>Refuses thresholds that are invalid, or that no element can exceed.</summary>
    public static void Thresholds(ModelSpec model, int subjects)
    {
        if (!double.IsFinite(model.NumSubjLthrAbs) || model.NumSubjLthrAbs < 0)
            throw new BadInputException($"num-subj-lthr-abs is {model.NumSubjLthrAbs}; a number of subjects, 0 or more, is expected.");
        if (!(model.NumSubjLthrRel >= 0 && model.NumSubjLthrRel <= 1))
            throw new BadInputException($"num-subj-lthr-rel is {model.NumSubjLthrRel}; a fraction of all subjects, 0 to 1, is expected.");
        var threshold = model.SubjectThreshold(subjects);
        if (threshold >= subjects)
        {
            throw new BadInputException(
                $"No element can be fitted: more than {threshold} finite subjects are required (num-subj-lthr-abs {model.NumSubjLthrAbs}, "
                    + $"num-subj-lthr-rel {model.NumSubjLthrRel}), and the cohort has {CountText.Format(subjects, "subject")}"
                    + $"{(model.Subset is null ? "" : " in the subset")}. Lower "
                    + "the thresholds."
            );
        }
    }
}
