using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Rows;

namespace HpcFit.Worker.Tests.Gam.Engine;

/// <summary>
/// The bases bs, gp, fs, sz and ad, and the arguments pc, id, xt and k, against mgcv converged to 1e-12: bases/make_cases.R makes the
/// expected statistics.
/// </summary>
public class BasesCasesTests
{
    private static readonly string Folder = Path.Combine(Here(), "bases");

    private static readonly CohortTable Cohort = DerivedColumns.Add(
        CohortTable.Read(Path.Combine(Folder, "cohort.csv"), checkNames: true),
        ["o=ordered(f)"]
    );

    [Fact]
    public void Every_case_is_fitted_as_mgcv_does()
    {
        var wrong = new List<string>();
        foreach (var one in Cases())
            wrong.AddRange(Differences(one).Select(difference => $"{Name(one)}: {difference}"));
        wrong.ShouldBeEmpty(string.Join('\n', wrong));
    }

    [Fact]
    public void A_k_that_is_too_small_is_raised_with_a_warning()
    {
        foreach (var one in Cases().Where(one => one.TryGetProperty("notice", out _)))
        {
            var notices = Model(one).Terms.SelectMany(term => term.Notices).ToList();
            foreach (var notice in one.GetProperty("notice").GetString()!.Split('|'))
                notices.ShouldContain(line => line.Contains(notice, StringComparison.Ordinal), Name(one));
        }
    }

    private static IEnumerable<string> Differences(JsonElement one)
    {
        var response = ((NumericColumn)Cohort.Get(Text(one, "response") ?? "y")).Values;
        var rows = Model(one).Build([.. Enumerable.Range(0, Cohort.Rows)], [], response);
        if (rows.Problem != ElementStatus.Fitted)
        {
            yield return $"status {rows.Problem}";
            yield break;
        }
        IRowsFit fit = rows.Generalized is null ? new RowsFit(rows) : new GeneralizedRowsFit(rows);
        if (fit.Take(response) != ElementStatus.Fitted || fit.Solve() != ElementStatus.Fitted)
        {
            yield return "no convergence";
            yield break;
        }
        if (one.TryGetProperty("better", out _))
        {
            // mgcv ends in a worse minimum of the criterion.
            var theirs = one.GetProperty("statistics").GetProperty("criterion").GetDouble();
            if (!(fit.Criterion < theirs - 1e-4))
                yield return string.Create(CultureInfo.InvariantCulture, $"criterion is {fit.Criterion:G11}, mgcv {theirs:G11}");
            yield break;
        }
        var expected = one.GetProperty("statistics").EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetDouble());
        foreach (var (name, value) in Statistics(fit))
            if (expected.TryGetValue(name, out var theirs) && !IsNear(name, value, theirs))
                yield return string.Create(CultureInfo.InvariantCulture, $"{name} is {value:G11}, mgcv {theirs:G11}");
    }

    private static bool IsNear(string name, double value, double expected)
    {
        var tolerance = name switch
        {
            "criterion" => 1e-8,
            "AIC" => 5e-7,
            _ => 1e-7,
        };
        return Math.Abs(value - expected) <= tolerance * Math.Abs(expected) + (name[0] == 'p' ? 2e-5 : 1e-8);
    }

    private static IEnumerable<(string Name, double Value)> Statistics(IRowsFit rows)
    {
        var fit = rows.Fit;
        yield return ("criterion", rows.Criterion);
        yield return ("deviance", rows.Deviance);
        yield return ("df", fit.Degrees);
        yield return ("scale", fit.Scale);
        yield return ("AIC", rows.Aic);
        for (var i = 0; i < fit.Design.ParametricCount; i++)
        {
            yield return ($"estimate {i + 1}", fit.Coefficients[i]);
            yield return ($"error {i + 1}", Math.Sqrt(fit.Variance(i)));
        }
        for (var i = 0; i < fit.Design.Smooths.Count; i++)
        {
            yield return ($"edf {i + 1}", fit.TermEdf(i));
            yield return ($"ref.df {i + 1}", fit.Test(i).ReferenceDegrees);
            yield return ($"F {i + 1}", fit.Test(i).Statistic);
            yield return ($"p {i + 1}", fit.PValue(i));
        }
    }

    private static GamModel Model(JsonElement one) =>
        GamModel.Create(
            new()
            {
                Engine = "gam",
                Formula = $"FD ~ {Text(one, "terms")}",
                Weights = Text(one, "weights"),
                Family = Text(one, "family") is { } family ? new() { Name = family, Link = family == "poisson" ? "log" : "logit" } : null,
                Gam = new GamSpec
                {
                    Method = Text(one, "method")!,
                    Select = one.TryGetProperty("select", out _),
                    Sp = one.TryGetProperty("sp", out var sp) ? [.. sp.EnumerateArray().Select(value => value.GetDouble())] : null,
                    Knots = one.TryGetProperty("knots", out var knots)
                        ? knots.EnumerateObject().ToDictionary(pair => pair.Name, pair => Numbers(pair.Value))
                        : new Dictionary<string, IReadOnlyList<double>>(),
                },
            },
            Cohort,
            ["FD"],
            "FD"
        );

    private static IReadOnlyList<double> Numbers(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetDouble())];

    private static string? Text(JsonElement one, string name) => one.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Name(JsonElement one) =>
        string.Join(' ', one.EnumerateObject().Where(pair => pair.Name != "statistics").Select(pair => $"{pair.Name}={pair.Value}"));

    private static List<JsonElement> Cases() =>
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "cases.json"))).RootElement.EnumerateArray()];

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
