using System.Globalization;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Terms;

/// <summary>
/// Describes arguments of a smooth that mgcv, and therefore this program, accepts without effect, for warnings before the run.
/// </summary>
internal static class IneffectiveOptions
{
    private const int MinMarginBasis = 3;
    private const int DefaultMarginBasis = 5;

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
            yield return $"{call}: k = {List(sizes)} has a value below {MinMarginBasis}, too small for a margin; all margins have the "
                + $"default, k = {List(margins.Select(margin => (double)(margin.Size ?? DefaultMarginBasis)))}, as in mgcv.";
        else
            foreach (var margin in margins.Where(margin => margin.Size < SmallestBasis(margin)))
                yield return $"{call}: k = {margin.Size} is too small for bs=\"{margin.Basis}\" and is raised to "
                    + $"{Raised(margin)}, as in mgcv.";
    }

    private static string Raised(MarginRequest margin) =>
        margin is { Basis: "sz", Covariates.Count: > 2 }
            ? "the smallest basis of its numeric variables"
            : SmallestBasis(margin).ToString(CultureInfo.InvariantCulture);

    private static string List(IEnumerable<double> sizes) => string.Join(", ", sizes.Select(k => k.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The smallest basis, to which a smaller k is raised; 0 if a small k is refused.</summary>
    private static int SmallestBasis(MarginRequest margin) =>
        (FactorSmooth.Is(margin.Basis) ? margin.Within ?? "tp" : margin.Basis) switch
        {
            "cr" or "cs" => 3,
            "cc" => 4,
            "tp" or "ts" => ThinPlateBasis.NullDimension(Variables(margin), Order(margin)) + 1,
            "gp" => GaussianProcessBasis.NullDimension(Variables(margin), margin.Order) + 1,
            _ => 0,
        };

    /// <summary>The numeric variables: fs has one factor as well, and sz of three variables has one or two, which only data show.</summary>
    private static int Variables(MarginRequest margin) =>
        margin.Basis switch
        {
            "fs" => Math.Max(1, margin.Covariates.Count - 1),
            "sz" => 1,
            _ => margin.Covariates.Count,
        };

    private static int Order(MarginRequest margin)
    {
        var (dimension, given) = (Variables(margin), margin.Order is { Count: > 0 } m ? m[0] : double.NaN);
        return double.IsNaN(given) || 2 * given <= dimension ? ThinPlateBasis.DefaultOrder(dimension) : (int)given;
    }
}
