using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Generalized;

namespace HpcFit.Worker.Tests.Generalized;

/// <summary>
/// Tests of terms against car, marginal means against emmeans, contrasts and limits against multcomp (hypotheses/make_cases.R).
/// </summary>
public sealed class HypothesisCasesTests
{
    private static readonly Dictionary<string, JsonElement> Cases = JsonDocument
        .Parse(File.ReadAllText(Of("hypotheses/cases.json")))
        .RootElement.GetProperty("cases")
        .EnumerateArray()
        .ToDictionary(one => one.GetProperty("id").GetString()!);

    public static TheoryData<string> Ids => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_case_equals_R(string id)
    {
        int[] elements = [0, 1, 2];
        var json = Cases[id];
        var engine = GeneralizedEngine.Create(Model(json), GeneralizedCases.Cohort, ["y"], "y");
        using var fitter = engine.CreateFitter();
        var results = GeneralizedCases.Results(engine, elements.Length);
        fitter.Fit(GeneralizedCases.Block(json, elements), results);
        results.Status.ToArray().ShouldAllBe(status => status == ElementStatus.Fitted);
        var names = engine.Layout.PartialColumns.ToList();
        foreach (var column in json.GetProperty("expected").EnumerateObject())
        foreach (var e in elements)
        {
            var r = column.Value[e].GetDouble();
            // Small p-values have the relative error of their statistic, times its size.
            var isP = column.Name.EndsWith(".p.value", StringComparison.Ordinal);
            var tolerance = isP ? 1e-6 * Math.Abs(r) : 1e-7 * Math.Max(Math.Abs(r), 0.1);
            results.Column(names.IndexOf(column.Name))[e].ShouldBe(r, tolerance, $"{column.Name} of element {e}");
        }
    }

    private static ModelSpec Model(JsonElement json) =>
        new()
        {
            Engine = "glm",
            Formula = $"y ~ {json.GetProperty("formula").GetString()}",
            Family = new() { Name = json.GetProperty("family").GetString()!, Link = json.GetProperty("link").GetString()! },
            Weights = json.GetProperty("weights").GetString(),
            NumSubjLthrAbs = 5,
            Hypotheses = new()
            {
                AnovaType = json.GetProperty("type").GetString()!,
                FTests = [.. json.GetProperty("tests").EnumerateArray().Select(test => test.GetString()!)],
                EffectSizes = true,
                Contrasts =
                [
                    .. json.GetProperty("contrasts")
                        .EnumerateObject()
                        .Select(contrast => new ContrastSpec(
                            contrast.Name,
                            null,
                            [.. contrast.Value.EnumerateObject().Select(weight => weight.Name)],
                            [.. contrast.Value.EnumerateObject().Select(weight => weight.Value.GetDouble())]
                        )),
                ],
            },
        };

    private static string Of(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);
}
