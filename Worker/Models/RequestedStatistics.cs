using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Models;

/// <summary>Reads the lists of statistics and corrections that a spec asks for, as every engine understands them.</summary>
internal static class RequestedStatistics
{
    private static readonly string[] DefaultCorrections = ["fdr"];

    /// <summary>The statistics asked for, each once, in the user's order; <c>none</c> and empty names mean nothing.</summary>
    /// <param name="asked">What the spec says; null: <paramref name="byDefault"/>.</param>
    /// <param name="byDefault">ModelArray's default.</param>
    /// <param name="known">What there is.</param>
    /// <param name="option">The option, for messages.</param>
    /// <param name="engine">The engine, for messages.</param>
    /// <exception cref="UsageException">There is no such statistic.</exception>
    public static IReadOnlyList<string> Chosen(
        IReadOnlyList<string>? asked,
        IReadOnlyList<string> byDefault,
        IReadOnlyList<string> known,
        string option,
        string engine
    )
    {
        if (asked is null)
            return byDefault;
        var chosen = WithoutNone(asked);
        foreach (var statistic in chosen)
            if (!known.Contains(statistic))
                throw new UsageException($"{option}: {engine} has no statistic '{statistic}'. {NearestNames.Hint(statistic, known)}");
        return chosen;
    }

    /// <summary>The corrections asked for, each with the name that the column ends with.</summary>
    /// <param name="asked">What the spec says; null: ModelArray's default, <c>fdr</c>.</param>
    /// <param name="option">The option, for messages.</param>
    /// <exception cref="UsageException">There is no such correction.</exception>
    public static IReadOnlyList<(string Name, CorrectionMethod Method)> Corrections(IReadOnlyList<string>? asked, string option) =>
        [.. WithoutNone(asked ?? DefaultCorrections).Select(name => (name, Correction(name, option)))];

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
