using System.Text.Json;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Mixed.Results;
using HpcFit.Worker.Mixed.Structured;
using static HpcFit.Worker.Tests.Mixed.Structured.StructuredCases;

namespace HpcFit.Worker.Tests.Mixed.Structured;

/// <summary>Random effects and predictions of one element against lme4 (cases/make_predictions.R).</summary>
public sealed class PredictionTests
{
    private const double Tolerance = 1e-7;

    [Fact]
    public void Random_effects_and_predictions_equal_those_of_lme4()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(PathOf("predictions.json")));
        foreach (var one in json.RootElement.EnumerateArray())
        {
            var (formula, predictions) = (one.GetProperty("formula").GetString()!, Of(one));
            var scale = Numbers(one, "sd").Max();
            var found = predictions.Effects.ToDictionary(effect => (effect.Group, effect.Term, effect.Level));
            var (groups, terms, levels) = (Texts(one, "group"), Texts(one, "term"), Texts(one, "level"));
            var (estimates, errors) = (Numbers(one, "estimate"), Numbers(one, "sd"));
            found.Count.ShouldBe(estimates.Length, formula);
            for (var i = 0; i < estimates.Length; i++)
            {
                var effect = found[(groups[i], terms[i], levels[i])];
                effect.Estimate.ShouldBe(estimates[i], Tolerance * scale, $"{formula}, {terms[i]} of {levels[i]}");
                effect.StandardError.ShouldBe(errors[i], Tolerance * scale, $"{formula}, error of {terms[i]} of {levels[i]}");
            }
            var (rows, fixedParts, fitted) = (Numbers(one, "row"), Numbers(one, "fixed"), Numbers(one, "fitted"));
            predictions.Rows.Select(row => (double)row.Subject).ShouldBe(rows, formula);
            for (var i = 0; i < rows.Length; i++)
            {
                predictions.Rows[i].Fixed.ShouldBe(fixedParts[i], Tolerance * scale, $"{formula}, fixed {i}");
                predictions.Rows[i].Fitted.ShouldBe(fitted[i], Tolerance * scale, $"{formula}, fitted {i}");
            }
        }
    }

    /// <summary>A singular term predicts 0 with no error; a model without it predicts the same.</summary>
    [Fact]
    public void A_variance_of_0_predicts_0()
    {
        var singular = 0;
        foreach (var group in (string[])["id", "family", "site", "rater", "scanner"])
        {
            var engine = MixedEngine.Create(Model($"y ~ Age + sex + (1 | {group})"), Cohort, ["y"], "y", KernelChoice.Auto);
            var predictions = InterceptPredictions.Compute(engine, Block([3]), 0, out _)!;
            if (predictions.Effects.Any(effect => effect.StandardError > 0))
                continue;
            singular++;
            predictions.Effects.ShouldAllBe(effect => effect.Estimate == 0);
            predictions.Rows.ShouldAllBe(row => row.Fixed == row.Fitted);
        }
        singular.ShouldBeGreaterThan(0);
    }

    private static ElementPredictions Of(JsonElement json)
    {
        var model = Model("y ~ " + json.GetProperty("formula").GetString()) with
        {
            Weights = json.GetProperty("weights").GetString(),
            Mixed = new() { Ml = !json.GetProperty("reml").GetBoolean() },
        };
        var block = Block([json.GetProperty("element").GetInt32()]);
        var isOne =
            json.GetProperty("formula").GetString()!.EndsWith("(1 | id)", StringComparison.Ordinal)
            && json.GetProperty("formula").GetString()!.Count(c => c == '|') == 1;
        var predictions = isOne
            ? InterceptPredictions.Compute(MixedEngine.Create(model, Cohort, ["y"], "y", KernelChoice.Auto), block, 0, out var status)
            : StructuredPredictions.Compute(StructuredEngine.Create(model, Cohort, ["y"], "y"), block, 0, out status);
        status.ShouldBe(ElementStatus.Fitted);
        return predictions!;
    }

    private static ModelSpec Model(string formula) =>
        new()
        {
            Engine = "lmm",
            Formula = formula,
            NumSubjLthrAbs = 5,
            NumSubjLthrRel = 0,
        };

    private static double[] Numbers(JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray().Select(one => one.GetDouble())];

    private static string[] Texts(JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)];
}
