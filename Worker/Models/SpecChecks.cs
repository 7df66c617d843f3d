using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Models;

/// <summary>Checks the parts of a spec that depend on the file but on no engine.</summary>
internal static class SpecChecks
{
    /// <summary>Refuses elements that the file does not hold, and elements named twice.</summary>
    public static void Elements(IReadOnlyList<ElementRange> elements, ScalarMatrix response)
    {
        foreach (var range in elements)
        {
            if (range.End > response.Elements)
                throw new BadInputException(
                    $"The element subset names {range}, but the scalar '{response.Name}' has {response.Elements} "
                        + $"{(response.Elements == 1 ? "element" : "elements")}, counted from 1."
                );
        }
        var sorted = elements.OrderBy(range => range.First).ToList();
        for (var i = 1; i < sorted.Count; i++)
        {
            var both = sorted[i].Intersect(sorted[i - 1]);
            if (both.Count > 0)
                throw new BadInputException($"The element subset names {both} more than once. Every element can be asked for once.");
        }
    }

    /// <summary>
    /// Refuses scalars of the model that are named like a column of the cohort, as ModelArray does: which one a formula or function means
    /// is not known.
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

    /// <summary>Refuses thresholds that mean nothing, or that no element can pass.</summary>
    public static void Thresholds(ModelSpec model, int subjects)
    {
        if (!double.IsFinite(model.NumSubjLthrAbs) || model.NumSubjLthrAbs < 0)
            throw new BadInputException($"num-subj-lthr-abs is {model.NumSubjLthrAbs}; a number of subjects, 0 or more, is expected.");
        if (!(model.NumSubjLthrRel >= 0 && model.NumSubjLthrRel <= 1))
            throw new BadInputException($"num-subj-lthr-rel is {model.NumSubjLthrRel}; a part of all subjects, 0 to 1, is expected.");
        var wanted = Math.Max(model.NumSubjLthrAbs, model.NumSubjLthrRel * subjects);
        if (wanted >= subjects)
        {
            throw new BadInputException(
                $"No element can be fitted: more than {wanted} finite subjects are asked for (num-subj-lthr-abs {model.NumSubjLthrAbs}, "
                    + $"num-subj-lthr-rel {model.NumSubjLthrRel}), and the cohort has {CountText.Format(subjects, "subject")}. Lower "
                    + "the thresholds."
            );
        }
    }
}
