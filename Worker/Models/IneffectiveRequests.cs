using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Models;

/// <summary>
/// Warnings about requested statistics and corrections that give no column because another option overrides them.
/// </summary>
internal static class IneffectiveRequests
{
    private const string PValue = "p.value";

    /// <summary>Lists that <c>--full-outputs</c> overrides, as in ModelArray.</summary>
    /// <param name="model">The model.</param>
    /// <param name="lists">The lists by option; null: not given.</param>
    public static IEnumerable<string> Overridden(
        ModelSpec model,
        params IEnumerable<(string Option, IReadOnlyList<string>? Requested)> lists
    ) =>
        model.FullOutputs
            ? lists
                .Where(list => list.Requested is not null)
                .Select(list => $"{list.Option} has no effect: --full-outputs computes all statistics, as in ModelArray.")
            : [];

    /// <summary>Corrections of p-values that are not computed.</summary>
    /// <param name="requested">The corrections; null: not given.</param>
    /// <param name="option">Their option.</param>
    /// <param name="ofOption">The option that lists the statistics.</param>
    /// <param name="chosen">The statistics that are computed.</param>
    public static IEnumerable<string> Uncorrected(
        IReadOnlyList<string>? requested,
        string option,
        string ofOption,
        IEnumerable<string> chosen
    )
    {
        if (requested is { Count: > 0 } && !chosen.Contains(PValue))
            yield return $"{option} has no effect: {PValue} is not among the statistics that are computed. Add it to {ofOption}.";
    }

    /// <summary><c>--log10-p</c> where no p-value is computed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="chosen">All statistics that are computed.</param>
    public static IEnumerable<string> Logarithms(ModelSpec model, IEnumerable<string> chosen)
    {
        if (model.Log10P && !chosen.Contains(PValue))
            yield return $"--log10-p has no effect: no {PValue} is among the statistics that are computed.";
    }
}
