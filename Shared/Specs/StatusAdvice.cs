using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Specs;

/// <summary>What to do where an element, or every element of a run, could not be fitted.</summary>
public static class StatusAdvice
{
    /// <summary>What to do, as a sentence that follows the status.</summary>
    /// <param name="status">The status of an element without results.</param>
    /// <param name="model">The model.</param>
    public static string For(ElementStatus status, ModelSpec model) =>
        status switch
        {
            ElementStatus.TooFewSubjects =>
                $"An element is fitted when more subjects are finite there than --num-subj-lthr-abs ({model.NumSubjLthrAbs}) "
                    + $"and --num-subj-lthr-rel ({model.NumSubjLthrRel} of all). "
                    + "Lower them, or see with 'hpcfit inspect' whether the file holds values.",
            ElementStatus.ConstantResponse => "The response is the same for all subjects: see whether the scalar is the right one.",
            ElementStatus.EmptyFactorLevel =>
                "A level of a factor has no subject with a value: leave the level out with --column, or leave the factor out.",
            ElementStatus.NoResidualDegreesOfFreedom =>
                "The model has as many coefficients as there are subjects: use fewer predictors, or a factor of fewer levels.",
            ElementStatus.BasisImpossible => "A term needs more different values than the subjects have: make k, df or the degree smaller.",
            ElementStatus.InvalidValue when model.Family is { } family =>
                $"A response is outside the range of the family {family.Name}, or a transformed value cannot be computed: "
                    + "'hpcfit element' with the same options and --id names the first.",
            ElementStatus.InvalidValue => "A transformed value cannot be computed, such as the logarithm of a negative number.",
            ElementStatus.NoConvergence when model.Engine is "gam" or "gamm" =>
                "The search for smoothing parameters did not converge: try another --method, or fewer smooths.",
            ElementStatus.NoConvergence when model.Family is not null =>
                "No step improves the fit, usually because the best means are at the edge of what the link allows: try another --link.",
            ElementStatus.NoGroupVariance =>
                "The subjects observed at an element are all of one group, or one of each, so that no variance between groups can be "
                    + "estimated: fit --model lm, or group by a column with repeated values.",
            ElementStatus.NotPermuted when model.Permutation is { Missing: PermutationSpec.Pattern } =>
                "The subjects of each element allow none of the tests, or fit it exactly: use fewer predictors, or leave out subjects with "
                    + "few values with --subset.",
            ElementStatus.NotPermuted => "Each element lacks a subject, or is fitted exactly: "
                + (
                    model.Permutation is { Whole: not null } or { Blocks: not null }
                        ? "leave subjects with few values out (--subset)."
                        : "test elements with the subjects that they have (--perm-missing pattern), or leave subjects with few values "
                            + "out (--subset)."
                ),
            ElementStatus.Separation =>
                "A predictor separates the responses, such as a level in which nobody has a lesion, so that its coefficient has no finite "
                    + "estimate: use fewer predictors, join small levels, or fit elements with more events.",
            ElementStatus.UserCodeFailed or ElementStatus.UserCodeTimedOut =>
                "Try the function on one element: 'hpcfit element … --function FILE'.",
            _ => "See the statuses in the user guide.",
        };
}
