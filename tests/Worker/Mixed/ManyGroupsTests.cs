using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Mixed.Structured;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Mixed;

/// <summary>Thousands of groups, pairs and singletons among them, against lme4 (cases/make_many.R).</summary>
public sealed class ManyGroupsTests
{
    [Fact]
    public void Models_of_thousands_of_groups_equal_those_of_lme4()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), "cases", "many.json")));
        var found = new List<string>();
        foreach (var one in json.RootElement.EnumerateArray())
        {
            var formula = one.GetProperty("formula").GetString()!;
            var columns = Fit(ManyGroups.Of(one), formula, !one.GetProperty("reml").GetBoolean());
            var (estimates, errors) = (Numbers(one, "estimate"), Numbers(one, "error"));
            var names = one.GetProperty("names").EnumerateArray().Select(name => name.GetString()!).ToList();
            var deviations = Numbers(one, "deviations");
            var key = $"{formula}, seed {one.GetProperty("seed")}";
            columns["model.nobs"].ShouldBe(one.GetProperty("rows").GetDouble(), key);
            for (var c = 0; c < estimates.Length; c++)
            {
                var name = c == 0 ? "Intercept" : "x";
                Compare($"{name}.estimate", estimates[c], 1e-7 * errors[c]);
                Compare($"{name}.std.error", errors[c], 1e-7 * errors[c]);
            }
            for (var i = 0; i < names.Count; i++)
                Compare(names[i], deviations[i], 1e-6 * Math.Abs(deviations[i]));
            Compare("model.logLik", one.GetProperty("logLik").GetDouble(), 1e-9 * Math.Abs(one.GetProperty("logLik").GetDouble()));

            void Compare(string name, double r, double tolerance)
            {
                if (!(Math.Abs(columns[name] - r) <= tolerance))
                    found.Add($"{key}, {name}: {columns[name]:R} where R has {r:R}");
            }
        }
        found.ShouldBeEmpty();
    }

    private static Dictionary<string, double> Fit(ManyGroups data, string formula, bool ml)
    {
        var model = new ModelSpec
        {
            Engine = "lmm",
            Formula = formula,
            NumSubjLthrRel = 0,
            FullOutputs = true,
            Mixed = new() { Ml = ml },
        };
        IModelEngine engine = formula.EndsWith("~ x + (1 | id)", StringComparison.Ordinal)
            ? MixedEngine.Create(model, data.Cohort, ["y"], "y", KernelChoice.Auto)
            : StructuredEngine.Create(model, data.Cohort, ["y"], "y");
        using var fitter = engine.CreateFitter();
        var block = new ScalarBlock(
            new[] { new ScalarValues(0, 1, default, data.Response, 1) },
            [
                [.. Enumerable.Range(0, data.Response.Length)],
            ]
        );
        var results = new ResultBlock(new(0, 1), new double[engine.Layout.PartialColumns.Count], new ElementStatus[1]);
        fitter.Fit(block, results);
        results.Status[0].ShouldBe(ElementStatus.Fitted);
        return engine.Layout.PartialColumns.Select((name, c) => (name, c)).ToDictionary(one => one.name, one => results.Column(one.c)[0]);
    }

    private static double[] Numbers(JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray().Select(one => one.GetDouble())];

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
