using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Running;

/// <summary>Refuses a run without a fitted element: its maps of NaN would look like results.</summary>
internal static class NothingFitted
{
    /// <summary>The refusal to write such a run; null: elements were fitted.</summary>
    /// <param name="statuses">How many elements ended with each status.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="BadInputException">No element was fitted; the message names the statuses and what to look at.</exception>
    public static BadInputException? Find(IReadOnlyDictionary<ElementStatus, long> statuses, RunDocument run)
    {
        if (statuses.Keys.Any(IsFit))
            return null;
        var counts = statuses.Where(pair => pair.Key != ElementStatus.NotInRun).OrderByDescending(pair => pair.Value).ToList();
        if (counts.Count == 0)
            return null;
        return new BadInputException(
            "No element was fitted, so nothing is written: "
                + $"{string.Join(", ", counts.Select(pair => $"{pair.Value:N0} {pair.Key} (status {(int)pair.Key})"))}. "
                + $"{Advice(counts[0].Key, run)}"
        );
    }

    private static bool IsFit(ElementStatus status) => status is ElementStatus.Fitted or ElementStatus.RankDeficient;

    private static string Advice(ElementStatus status, RunDocument run) =>
        status switch
        {
            ElementStatus.TooFewSubjects =>
                $"An element is fitted when more subjects are finite there than --num-subj-lthr-abs ({run.Spec.Model.NumSubjLthrAbs}) "
                    + $"and --num-subj-lthr-rel ({run.Spec.Model.NumSubjLthrRel} of all). "
                    + "Lower them, or see with 'hpcfit inspect' whether the file holds values.",
            ElementStatus.ConstantResponse => "The response is the same for all subjects: see whether the scalar is the right one.",
            ElementStatus.EmptyFactorLevel =>
                "A level of a factor has no subject at any of them: leave such subjects' level out with --column, or leave the factor out.",
            ElementStatus.NoResidualDegreesOfFreedom =>
                "The model has as many coefficients as there are subjects: use fewer predictors, or a factor of fewer levels.",
            ElementStatus.BasisImpossible => "A term needs more different values than the subjects have: make k, df or the degree smaller.",
            ElementStatus.InvalidValue when run.Spec.Model.Family is { } family =>
                $"A response is outside the range of the family {family.Name}, or a transformed value cannot be computed: "
                    + "'hpcfit element' with the same options and --id names the first.",
            ElementStatus.InvalidValue => "A transformed value cannot be computed, such as the logarithm of a negative number.",
            ElementStatus.NoConvergence when run.Spec.Model.Engine is "gam" or "gamm" =>
                "The search for smoothing parameters ended nowhere: try another --method, or fewer smooths.",
            ElementStatus.NoConvergence when run.Spec.Model.Family is not null =>
                "No step improves the fit, usually because the best means are at the edge of what the link allows: try another --link.",
            ElementStatus.NoGroupVariance =>
                "The subjects observed at an element are all of one group, or one of each, so that no variance between groups can be "
                    + "estimated: fit --model lm, or group by a column with repeated values.",
            ElementStatus.NotPermuted =>
                "Every element lacks a subject, or is fitted exactly: --perm-missing pattern tests elements with the subjects that they "
                    + "have.",
            ElementStatus.Separation =>
                "A predictor separates the responses, such as a level in which nobody has a lesion, so that its coefficient has no finite "
                    + "estimate: use fewer predictors, join small levels, or fit elements with more events (--element-subset).",
            ElementStatus.UserCodeFailed or ElementStatus.UserCodeTimedOut =>
                "Try the function on one element: 'hpcfit element … --function FILE'.",
            _ => "See the statuses in the user guide.",
        };
}
