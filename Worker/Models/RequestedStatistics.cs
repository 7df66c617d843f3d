using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Worker.Models;

/// <summary>Checks the lists of statistics and corrections that a spec requests, alike for every engine.</summary>
internal static class RequestedStatistics
{
    private static readonly string[] DefaultCorrections = ["fdr"];

    /// <summary>The requested statistics, each once, in the user's order; <c>none</c> and empty names are ignored.</summary>
    /// <param name="requested">The spec's list; null: <paramref name="byDefault"/>.</param>
    /// <param name="byDefault">ModelArray's default.</param>
    /// <param name="known">The engine's statistics.</param>
    /// <param name="option">The option, for messages.</param>
    /// <param name="engine">The engine, for messages.</param>
    /// <exception cref="UsageException">There is no such statistic.</exception>
    public static IReadOnlyList<string> Chosen(
        IReadOnlyList<string>? requested,
        IReadOnlyList<string> byDefault,
        IReadOnlyList<string> known,
        string option,
        string engine
    )
    {
        if (requested is null)
            return byDefault;
        var chosen = WithoutNone(requested);
        foreach (var statistic in chosen)
            if (!known.Contains(statistic))
                throw new UsageException($"{option}: {engine} has no statistic '{statistic}'. {NearestNames.Hint(statistic, known)}");
        return chosen;
    }

    /// <summary>The requested corrections, each with the last part of its column's name.</summary>
    /// <param name="requested">The spec's list; null: ModelArray's default, <c>fdr</c>.</param>
    /// <param name="option">The option, for messages.</param>
    /// <exception cref="UsageException">There is no such correction.</exception>
    public static IReadOnlyList<(string Name, CorrectionMethod Method)> Corrections(IReadOnlyList<string>? requested, string option) =>
        [.. WithoutNone(requested ?? DefaultCorrections).Select(name => (name, Correction(name, option)))];

    private static List<string> WithoutNone(IReadOnlyList<string> names) => [.. names.Where(name => name is not ("none" or "")).Distinct()];

    private static CorrectionMethod Correction(string method, string option) =>
        method switch
        {
            "fdr" or "BH" => CorrectionMethod.BenjaminiHochberg,
            "BY" => CorrectionMethod.BenjaminiYekutieli,
            "bonferroni" => CorrectionMethod.Bonferroni,
            "holm" => CorrectionMethod.Holm,
            "hochberg" => CorrectionMethod.Hochberg,
            "hommel" => CorrectionMethod.Hommel,
            _ => throw new UsageException(
                $"{option}: there is no correction '{method}'. "
                    + $"{NearestNames.Hint(method, ["fdr", "BH", "BY", "bonferroni", "holm", "hochberg", "hommel", "none"])}"
            ),
        };
}
