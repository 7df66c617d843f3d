using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Reporting;

/// <summary>The statuses of elements in words.</summary>
internal static class StatusWords
{
    /// <summary>What a status means, as the end of a sentence about elements.</summary>
    public static string For(ElementStatus status) =>
        status switch
        {
            ElementStatus.Fitted => "fitted",
            ElementStatus.TooFewSubjects => "too few subjects with a finite value",
            ElementStatus.RankDeficient => "fitted, with coefficients that the observed subjects do not determine",
            ElementStatus.ConstantResponse => "the same value for all subjects, so tests have no meaning",
            ElementStatus.EmptyFactorLevel => "no observed subject of a factor level",
            ElementStatus.NoConvergence => "the search for smoothing parameters did not converge",
            ElementStatus.NoResidualDegreesOfFreedom => "no residual degrees of freedom, so there are estimates without tests",
            ElementStatus.BasisImpossible => "too few distinct values for the basis of a smooth",
            ElementStatus.UserCodeFailed => "the function failed",
            ElementStatus.UserCodeTimedOut => "the function exceeded its time limit",
            ElementStatus.CorruptChunk => "the stored values are damaged",
            ElementStatus.InvalidValue => "a transformed value cannot be computed",
            ElementStatus.NotComparable => "models of different subjects, which cannot be compared",
            ElementStatus.NoGroupVariance => "the observed subjects do not determine a variance between groups",
            ElementStatus.NotPermuted => "fitted, but outside the permutation tests: subjects are missing, or the fit is exact",
            ElementStatus.Separation => "predictors separate the responses, so there are no estimates",
            _ => "not part of the run",
        };
}
