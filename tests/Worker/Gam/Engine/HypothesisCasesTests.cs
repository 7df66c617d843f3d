using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Tests.Gam.Engine;

/// <summary>F tests of parametric terms, contrasts and effect sizes of a gam against mgcv's (hypotheses/make_cases.R).</summary>
public sealed class HypothesisCasesTests
{
    private static readonly Dictionary<string, JsonElement> Cases = JsonDocument
        .Parse(File.ReadAllText(Of("hypotheses/cases.json")))
        .RootElement.EnumerateArray()
        .ToDictionary(one => one.GetProperty("id").GetString()!);

    public static TheoryData<string> Ids => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_case_equals_mgcv(string id)
    {
        var columns = Fit(Cases[id], fullOutputs: false);
        foreach (var column in Cases[id].GetProperty("expected").EnumerateObject())
            for (var e = 0; e < 3; e++)
            {
                var expected = column.Value[e].GetDouble();
                columns[column.Name][e].ShouldBe(expected, 2e-5 * Math.Abs(expected), $"{column.Name} of element {e}");
            }
    }

    [Fact]
    public void Full_outputs_test_terms_with_several_columns() =>
        Fit(Cases["reml"], fullOutputs: true)
            .Keys.Where(name => name.EndsWith(".F.p.value", StringComparison.Ordinal))
            .ShouldBe(["group.F.p.value"]);

    private static Dictionary<string, double[]> Fit(JsonElement json, bool fullOutputs)
    {
        var contrasts = json.GetProperty("contrasts");
        var hasFamily = json.GetProperty("hasFamily").GetBoolean();
        var model = new ModelSpec
        {
            Engine = "gam",
            Formula = $"{(hasFamily ? "abs(y) + 1" : "y")} ~ {json.GetProperty("formula").GetString()}",
            Family = hasFamily ? new() { Name = "Gamma", Link = "log" } : null,
            Weights = json.GetProperty("weights").GetString(),
            FullOutputs = fullOutputs,
            Gam = new() { Method = json.GetProperty("method").GetString()! },
            Hypotheses = fullOutputs
                ? new()
                : new()
                {
                    EffectSizes = true,
                    ConfLevel = 0.9,
                    AnovaType = json.GetProperty("type").GetString()!,
                    FTests = [.. json.GetProperty("tests").EnumerateArray().Select(test => test.GetString()!)],
                    Contrasts =
                        contrasts.ValueKind != JsonValueKind.Object
                            ? []
                            :
                            [
                                .. contrasts
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
        var engine = GamEngine.Create(
            model,
            CohortTable.Read(Of("../../Linear/hypotheses/cohort.csv")),
            ["y"],
            "y",
            KernelChoice.Auto,
            1 << 20
        );
        double[][] rows =
        [
            .. File.ReadLines(Of("../../Linear/hypotheses/values.csv"))
                .Skip(1)
                .Select(line =>
                    line.Split(',')
                        .Take(3)
                        .Select(text => text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture))
                        .ToArray()
                ),
        ];
        double[] values = [.. rows.SelectMany(row => row)];
        var results = new ResultBlock(new(0, 3), new double[engine.Layout.PartialColumns.Count * 3], new ElementStatus[3]);
        using var fitter = engine.CreateFitter();
        fitter.Fit(
            new(
                new[] { new ScalarValues(0, 3, default, values, 3) },
                [
                    [.. Enumerable.Range(0, rows.Length)],
                ]
            ),
            results
        );
        var names = engine.Layout.PartialColumns;
        return Enumerable.Range(0, names.Count).ToDictionary(c => names[c], c => results.Column(c).ToArray());
    }

    private static string Of(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);
}
