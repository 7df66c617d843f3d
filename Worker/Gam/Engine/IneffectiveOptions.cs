using System.Globalization;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// Describes arguments of a smooth that mgcv, and therefore this program, accepts without effect, for warnings before the run.
/// </summary>
internal static class IneffectiveOptions
{
    private const int MinMarginBasis = 3;

    /// <summary>One sentence per argument without effect.</summary>
    /// <param name="call">The smooth's call.</param>
    /// <param name="margins">Its margins.</param>
    /// <param name="options">Its arguments.</param>
    public static IEnumerable<string> Describe(SmoothCall call, IReadOnlyList<MarginRequest> margins, SmoothOptions options)
    {
        foreach (var basis in margins.Select(margin => margin.Basis).Distinct().Where(basis => basis is "cr" or "cs" or "cc" or "re"))
            if (options.Find("m") is not null)
                yield return $"{call}: m does not change a basis \"{basis}\", as in mgcv.";
        if (options.Numbers("k") is not { } sizes)
            yield break;
        if (margins.Any(margin => margin.Basis == "re"))
            yield return $"{call}: k does not change a basis \"re\", which has one function per level.";
        else if (call.Function != "s" && sizes.Any(k => k is > 0 and < MinMarginBasis))
            yield return $"{call}: k below {MinMarginBasis} is too small for a margin, so that each margin has the default size, as "
                + "in mgcv.";
        else if (call.Function == "s" && SmallestBasis(margins[0]) is var minimum && sizes[0] > 0 && sizes[0] < minimum)
            yield return $"{call}: k = {sizes[0].ToString(CultureInfo.InvariantCulture)} is too small and is raised to {minimum}, as in "
                + "mgcv.";
    }

    /// <summary>The smallest basis, to which a smaller k is raised; 0 if a small k is refused.</summary>
    private static int SmallestBasis(MarginRequest margin) =>
        margin.Basis switch
        {
            "cr" or "cs" => 3,
            "cc" => 4,
            "tp" or "ts" => ThinPlateBasis.NullDimension(margin.Covariates.Count, Order(margin)) + 1,
            _ => 0,
        };

    private static int Order(MarginRequest margin)
    {
        var (dimension, given) = (margin.Covariates.Count, margin.Order is { Count: > 0 } m ? m[0] : double.NaN);
        return double.IsNaN(given) || 2 * given <= dimension ? ThinPlateBasis.DefaultOrder(dimension) : (int)given;
    }
}
