using HpcFit.Shared.Specs;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>Warnings about requested statistics and corrections of a gam or gamm that have no effect.</summary>
internal static class IneffectiveGamRequests
{
    /// <summary>The warnings.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="hasSmooths">Whether the formula has a smooth.</param>
    /// <param name="ofSmooths">The statistics of smooths that are computed.</param>
    /// <param name="ofParametric">Those of parametric terms, contrasts and tests.</param>
    /// <param name="all">All of them.</param>
    public static IEnumerable<string> Find(
        ModelSpec spec,
        bool hasSmooths,
        IEnumerable<string> ofSmooths,
        IEnumerable<string> ofParametric,
        IEnumerable<string> all
    )
    {
        var gam = spec.Gam ?? new();
        return
        [
            .. WithoutSmooths(gam, hasSmooths),
            .. IneffectiveRequests.Overridden(
                spec,
                ("--var-smooth-terms", hasSmooths ? gam.VarSmoothTerms : null),
                ("--var-parametric-terms", gam.VarParametricTerms),
                ("--var-model", spec.VarModel)
            ),
            .. IneffectiveRequests.Uncorrected(
                hasSmooths ? gam.CorrectPValueSmoothTerms : null,
                "--correct-p-value-smooth-terms",
                "--var-smooth-terms",
                ofSmooths
            ),
            .. IneffectiveRequests.Uncorrected(
                gam.CorrectPValueParametricTerms,
                "--correct-p-value-parametric-terms",
                "--var-parametric-terms",
                ofParametric
            ),
            .. IneffectiveRequests.Logarithms(spec, all),
        ];
    }

    private static IEnumerable<string> WithoutSmooths(GamSpec gam, bool hasSmooths) =>
        hasSmooths ? [] : OfSmooths(gam).Select(option => $"{option} has no effect: the formula has no smooth.");

    private static IEnumerable<string> OfSmooths(GamSpec gam)
    {
        if (gam.Select)
            yield return "--select";
        if (gam.BasisOfAllSubjects)
            yield return "--basis";
        if (gam.SmoothPValues != GamSpec.AccuratePValues)
            yield return "--smooth-p-values";
        if (gam.VarSmoothTerms is { Count: > 0 })
            yield return "--var-smooth-terms";
        if (gam.CorrectPValueSmoothTerms is { Count: > 0 })
            yield return "--correct-p-value-smooth-terms";
        if (gam.SmoothCurves > 0)
            yield return "--smooth-curves";
        if (gam.SmoothDerivatives)
            yield return "--smooth-derivatives";
        if (gam.SmoothIntervals is not null)
            yield return "--smooth-intervals";
    }
}
