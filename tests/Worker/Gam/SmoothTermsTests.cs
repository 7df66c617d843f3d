using System.Globalization;
using System.Runtime.CompilerServices;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Fitting;
using HpcFit.Worker.Gam.Testing;

namespace HpcFit.Worker.Tests.Gam;

/// <summary>
/// Kinds of smooths that ModelArray's cases do not cover (tensor products of every margin, t2, side conditions, shrinkage, orders, knots,
/// <c>by</c>), from the formula on, against mgcv converged to 1e-12: golden/smooths.R makes the answers.
/// </summary>
public class SmoothTermsTests
{
    private static readonly string Folder = Path.Combine(Here(), "golden");

    private static readonly CohortTable Cohort = DerivedColumns.Add(
        CohortTable.Read(Path.Combine(Folder, "smooths-cohort.csv"), checkNames: true),
        ["o=ordered(f)"]
    );

    private static readonly HashSet<(string, string)> Parted =
    [
        ("s(x,k=5)+s(z,k=5)+t2(x,z,k=4)", "REML"),
        ("t2(x,z,k=c(5,4),bs=c(\"ps\",\"cr\"))", "GCV.Cp"),
        ("ti(x,z,w,k=3)", "GCV.Cp"),
        ("s(x,k=5,by=f)+s(x,z,k=12,by=f)+f", "GCV.Cp"),
    ];

    public static TheoryData<string, string, string> Cases()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var cells in Lines())
            data.Add(cells[0], cells[1], cells[2]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_term_is_fitted_as_mgcv_does(string terms, string options, string method)
    {
        var expected = Lines()
            .Single(cells => cells[0] == terms && cells[1] == options && cells[2] == method)[3]
            .Split(';')
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));
        foreach (var name in expected.Keys.Where(name => name[0] == 'F').ToList())
            expected[name] *= expected["ref.df" + name[1..]];
        var fit = new ElementFit(Design(terms, options, method));
        fit.FitResponse(((NumericColumn)Cohort.Get("y")).Values).ShouldBeTrue();
        if (expected.TryGetValue("criterion", out var criterion) && IsAnotherOptimum(terms, method, fit, criterion))
            return;
        // Prediction error criteria of several penalties are so flat that mgcv's search ends a little before the optimum.
        var tolerance = method == "GCV.Cp" && fit.Design.PenaltyCount > 1 ? 1e-3 : 1e-5;
        var wrong = new List<string>();
        // What mgcv itself does not determine is not expected: smooths.R leaves it out.
        foreach (var (name, value) in Statistics(fit, terms))
            if (expected.TryGetValue(name, out var theirs) && !IsNear(name, value, theirs, tolerance))
                wrong.Add($"{name}: {value:G11}, mgcv {theirs:G11}");
        for (var i = 0; i < fit.Design.Smooths.Count; i++)
            if (IsComparedByDavies(fit, i, terms) && DaviesDifference(fit, i, expected) is { } difference)
                wrong.Add(difference);
        wrong.ShouldBeEmpty(string.Join('\n', wrong));
    }

    // Of columns that depend on each other the fit drops the shorter one, here u itself or a coefficient of its smooth.
    [Theory]
    [InlineData("REML")]
    [InlineData("ML")]
    [InlineData("P-ML")]
    public void The_unit_of_a_column_that_a_smooth_spans_does_not_move_the_AIC(string method)
    {
        ElementFit Fit(string column)
        {
            var fit = new ElementFit(Design($"s(x,k=6,m=1)+s(u,k=5,bs=\"cr\")+{column}", "", method));
            fit.FitResponse(((NumericColumn)Cohort.Get("y")).Values).ShouldBeTrue();
            return fit;
        }
        var (small, large) = (Fit("I(u/1000)"), Fit("I(u*1000)"));
        large.Degrees.ShouldBe(small.Degrees, 1e-7);
        large.Aic().ShouldBe(small.Aic(), 1e-6);
    }

    /// <summary>
    /// Fits of criteria with several minima at which the two searches part: the criterion is better, or worse by at most 7 %.
    /// </summary>
    private static bool IsAnotherOptimum(string terms, string method, ElementFit fit, double criterion)
    {
        var worse = (fit.Criterion - criterion) / Math.Abs(criterion);
        if (worse < -2e-10 && fit.Design.PenaltyCount > 0)
            return true;
        if (!Parted.Contains((terms, method)))
            return false;
        worse.ShouldBeInRange(1e-7, 0.07, "The optimum is mgcv's now: take the case off the list.");
        return true;
    }

    private static bool IsNear(string name, double value, double expected, double tolerance)
    {
        // mgcv's p-values of smooths come from an evaluation with an absolute error; 2e-5 is Davies' bound there, most are better than
        // 3e-6.
        var difference = Math.Abs(value - expected);
        return difference
            <= tolerance * Math.Abs(expected)
                + (
                    name[0] == 'p' ? 3e-5
                    : name[0] == 'F' ? 1e-4
                    : 1e-8
                );
    }

    /// <summary>
    /// Where p is compared at all (<see cref="Statistics"/>); of a term that is shrunk away nothing but rounding is tested.
    /// </summary>
    private static bool IsComparedByDavies(ElementFit fit, int smooth, string terms) =>
        !terms.Contains("t2(", StringComparison.Ordinal) && fit.TermEdf(smooth) > 1e-2;

    /// <summary>The p-value by mgcv's own method: to 1e-8, and what the statistics differ by.</summary>
    private static string? DaviesDifference(ElementFit fit, int smooth, Dictionary<string, double> expected)
    {
        if (!expected.TryGetValue($"p {smooth + 1}", out var mgcv))
            return null;
        var p = fit.PValue(smooth, SmoothPValues.Davies);
        var apart = Math.Abs(fit.Test(smooth).Statistic * fit.Test(smooth).ReferenceDegrees - expected[$"F {smooth + 1}"]);
        return Math.Abs(p - mgcv) <= 1e-8 + apart ? null : $"p {smooth + 1} by Davies' method: {p:G11}, mgcv {mgcv:G11}";
    }

    private static GamDesign Design(string terms, string options, string method)
    {
        var pair = options.Split('=');
        var model = new ModelSpec
        {
            Engine = "gam",
            Formula = $"FD ~ {terms}",
            Weights = pair[0] == "weights" ? pair[1] : null,
            Gam = new GamSpec
            {
                Method = method,
                Gamma = pair[0] == "gamma" ? double.Parse(pair[1], CultureInfo.InvariantCulture) : 1,
                Select = options == "select",
                Knots = pair[0] == "knots" ? Knots(pair[1]) : new Dictionary<string, IReadOnlyList<double>>(),
            },
        };
        var rows = GamModel.Create(model, Cohort, ["FD"], "FD").Build([.. Enumerable.Range(0, Cohort.Rows)], [], []);
        rows.Problem.ShouldBe(ElementStatus.Fitted);
        return rows.Designs[0];
    }

    private static Dictionary<string, IReadOnlyList<double>> Knots(string text) =>
        text.Split('|')
            .Select(one => one.Split(':'))
            .ToDictionary(
                pair => pair[0],
                pair => (IReadOnlyList<double>)[.. pair[1].Split(',').Select(value => double.Parse(value, CultureInfo.InvariantCulture))]
            );

    private static IEnumerable<(string Name, double Value)> Statistics(ElementFit fit, string terms)
    {
        yield return ("criterion", fit.Criterion);
        yield return ("deviance", fit.Deviance);
        yield return ("df", fit.Degrees);
        yield return ("scale", fit.Scale);
        yield return ("AIC", fit.Aic());
        for (var i = 0; i < fit.Design.ParametricCount; i++)
        {
            yield return ($"estimate {i + 1}", fit.Coefficients[i]);
            yield return ($"error {i + 1}", Math.Sqrt(fit.Variance(i)));
        }
        for (var i = 0; i < fit.Design.Smooths.Count; i++)
        {
            yield return ($"edf {i + 1}", fit.TermEdf(i));
            // mgcv tests the terms of models with t2 by coefficients and columns of different constraints.
            if (terms.Contains("t2(", StringComparison.Ordinal))
                continue;
            // mgcv counts fewer directions of a wholly penalised term where some are shrunk away: the statistic itself is the same.
            var place = fit.Design.Smooths[i];
            if (!place.IsWhollyPenalised || (place.Smooth.Penalties.Count == 1 && fit.TermEdf(i) > 1e-2))
                yield return ($"ref.df {i + 1}", fit.Test(i).ReferenceDegrees);
            yield return ($"F {i + 1}", fit.Test(i).Statistic * fit.Test(i).ReferenceDegrees);
            yield return ($"p {i + 1}", fit.PValue(i));
        }
    }

    private static IEnumerable<string[]> Lines() =>
        File.ReadLines(Path.Combine(Folder, "smooths.tsv")).Where(line => line[0] != '#').Select(line => line.Split('\t'));

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
