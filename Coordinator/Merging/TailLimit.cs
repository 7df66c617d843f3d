using System.Globalization;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Merging;

/// <summary>How far the shuffles support the p-values of a column that are estimated by the tail of a distribution.</summary>
/// <param name="Column">The column.</param>
/// <param name="LeastP">The least p that the shuffles support: <see cref="ParetoTail.LeastP"/>.</param>
/// <param name="Extrapolated">The number of elements with a smaller p.</param>
internal sealed record TailLimit(string Column, double LeastP, long Extrapolated)
{
    /// <summary>What to know, and to do, about extrapolated p-values; null: there are none.</summary>
    public string? Warning =>
        Extrapolated == 0
            ? null
            : $"{Column}: {CountText.Format(Extrapolated, "element")} {(Extrapolated == 1 ? "has a" : "have")} p below {Limit}, "
                + $"extrapolated further than these shuffles support (the 95 % interval of such a p exceeds a factor of "
                + $"{ParetoTail.MostError:F0} in either direction). The order of these elements holds, the size of p does not: state "
                + $"p < {Limit}, or use more shuffles";

    private string Limit => LeastP.ToString("G2", CultureInfo.InvariantCulture);
}
