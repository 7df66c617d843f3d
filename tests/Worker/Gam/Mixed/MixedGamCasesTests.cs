using System.Text.Json;
using static HpcFit.Worker.Tests.Gam.Mixed.MixedGamCases;

namespace HpcFit.Worker.Tests.Gam.Mixed;

/// <summary>
/// Additive mixed models against mgcv and gamm4 (cases/make_cases.R): REML and ML, nested and crossed groups, slopes, singular fits,
/// singletons and pairs, weights, offsets, missing subjects, subsets, te and ti, by variables, families.
/// </summary>
public sealed class MixedGamCasesTests
{
    /// <summary>
    /// Below this standard deviation, relative to that of residuals, the criterion is so flat that mgcv stops where its value is that of 0.
    /// </summary>
    private const double Flat = 3e-3;

    public static TheoryData<string> Ids => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_case_equals_mgcv(string id)
    {
        var columns = Fit(EngineOf(Spec(All[id])), ElementsOf(All[id]));
        var expected = All[id].GetProperty("expected");
        var found = new List<string>();
        foreach (var column in expected.EnumerateObject().Where(column => !column.Name.StartsWith("gamm4.", StringComparison.Ordinal)))
            for (var e = 0; e < ElementsOf(All[id]).Length; e++)
            {
                var (r, got) = (Expected(expected, column.Name, e), columns[NameOf(column.Name)][e]);
                if (double.IsNaN(r) || (IsFlat(expected, e) && IsOfBoundary(column.Name)) || IsUndetermined(column.Name, expected, e))
                    continue;
                var tolerance = IsFlat(expected, e) ? 1e-4 : 1e-7;
                if (column.Name.EndsWith("p.value", StringComparison.Ordinal))
                    tolerance = Math.Max(tolerance, 2e-5);
                if (
                    column.Name is "model.AIC" or "model.BIC" or "rater.statistic"
                    || column.Name.Contains(".sd__", StringComparison.Ordinal)
                )
                    tolerance = Math.Max(tolerance, 1e-6);
                if (!(Math.Abs(got - r) <= tolerance * Math.Max(Math.Abs(r), 1)))
                    found.Add($"element {e}, {column.Name}: {got:R} where mgcv has {r:R}");
            }
        found.ShouldBeEmpty(string.Join('\n', found));
    }

    /// <summary>The criterion is at least as small as mgcv's, to rounding.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void No_criterion_is_above_that_of_mgcv(string id)
    {
        var name = All[id].GetProperty("ml").GetBoolean() ? "model.MLcrit" : "model.REMLcrit";
        var columns = Fit(EngineOf(Spec(All[id])), ElementsOf(All[id]));
        for (var e = 0; e < ElementsOf(All[id]).Length; e++)
        {
            var r = Expected(All[id].GetProperty("expected"), name, e);
            columns[name][e].ShouldBeLessThan(r + (1e-9 * Math.Max(1, Math.Abs(r))), $"element {e}");
        }
    }

    /// <summary>
    /// gamm4 fits by lme4, whose optimiser compares values of the criterion, which determines variances to some 1e-4. By ML its residual
    /// variance is the likelihood's maximum, that of mgcv is divided by the residual degrees of freedom: ratios to it are compared.
    /// </summary>
    [Theory]
    [InlineData("intercept")]
    [InlineData("intercept_ml")]
    [InlineData("default_k")]
    [InlineData("cr")]
    [InlineData("nested")]
    [InlineData("crossed")]
    public void Variances_fits_and_standard_errors_are_those_of_gamm4(string id)
    {
        var columns = Fit(EngineOf(Spec(All[id])), ElementsOf(All[id]));
        var expected = All[id].GetProperty("expected");
        var found = new List<string>();
        var compared = 0;
        foreach (var column in expected.EnumerateObject().Where(column => column.Name.StartsWith("gamm4.", StringComparison.Ordinal)))
            for (var e = 0; e < ElementsOf(All[id]).Length; e++)
            {
                if (column.Name == "gamm4.crit" || IsFlat(expected, e))
                    continue;
                compared++;
                var (r, got) = (Expected(expected, column.Name, e), columns[NameOf(column.Name["gamm4.".Length..])][e]);
                if (id.EndsWith("_ml", StringComparison.Ordinal) && IsOnScale(column.Name))
                {
                    r /= Expected(expected, "gamm4.Residual.sd__Observation", e);
                    got /= columns["Residual.sd__Observation"][e];
                }
                if (!(Math.Abs(got - r) <= 2e-4 * Math.Max(Math.Abs(r), 1)))
                    found.Add($"element {e}, {column.Name}: {got:R} where gamm4 has {r:R}");
            }
        found.ShouldBeEmpty(string.Join('\n', found));
        compared.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void There_are_enough_cases() => All.Count.ShouldBeGreaterThanOrEqualTo(40);

    [Theory]
    [InlineData("nested")]
    [InlineData("intercept")]
    [InlineData("weights")]
    [InlineData("binomial")]
    public void Bits_do_not_depend_on_the_block(string id)
    {
        var engine = EngineOf(Spec(All[id]));
        var all = ElementsOf(All[id]);
        var expected = Fit(engine, all);
        foreach (
            var places in all.Length == 1
                ? new int[][] { [0, 0] }
                :
                [
                    [3],
                    [4, 4, 1, 0],
                    [2, 1],
                ]
        )
        foreach (var (name, values) in Fit(engine, [.. places.Select(place => all[place])]))
            for (var i = 0; i < places.Length; i++)
                BitConverter.DoubleToInt64Bits(values[i]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[name][places[i]]), name);
    }

    private static bool IsFlat(JsonElement expected, int element)
    {
        var residual = Math.Sqrt(Expected(expected, "model.scale", element));
        return expected
            .EnumerateObject()
            .Any(column =>
                column.Name.Contains(".sd__", StringComparison.Ordinal)
                && !column.Name.StartsWith("gamm4.", StringComparison.Ordinal)
                && Expected(expected, column.Name, element) < Flat * residual
            );
    }

    /// <summary>Where a variance is 0, mgcv has a small number, and the test of the term depends on where it stopped.</summary>
    private static bool IsOfBoundary(string name) =>
        name.Contains(".sd__", StringComparison.Ordinal)
        || name is "id.edf" or "id.ref.df" or "id.statistic" or "id.p.value"
        || name is "site.edf" or "site.ref.df" or "site.statistic" or "site.p.value"
        || name is "rater.edf" or "rater.ref.df" or "rater.statistic" or "rater.p.value";

    /// <summary>The test of a term of two penalties that is shrunk to zero depends on the ratio of two infinite parameters.</summary>
    private static bool IsUndetermined(string name, JsonElement expected, int element) =>
        name is "s_dose.statistic" or "s_dose.p.value" or "s_dose.ref.df" && Expected(expected, "s_dose.edf", element) < 1e-3;

    private static bool IsOnScale(string name) =>
        name.Contains(".sd__", StringComparison.Ordinal)
        || name.EndsWith(".std.error", StringComparison.Ordinal)
        || name.Contains("curve.se", StringComparison.Ordinal);

    private static string NameOf(string name) =>
        name.StartsWith("curve.", StringComparison.Ordinal) ? $"smooth_curves/s_Age/{name["curve.".Length..]}" : name;
}
