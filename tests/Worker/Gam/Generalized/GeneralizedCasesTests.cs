using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Tests.Gam.Generalized;

/// <summary>
/// Generalized additive models against mgcv with a tightened control (cases/make_cases.R): families, links, REML and ML, bases, weights,
/// offsets, missing subjects, subsets; and contrasts and tests of parametric terms (hypotheses/make_cases.R).
/// </summary>
public sealed class GeneralizedCasesTests
{
    private const int Elements = 3;

    private static readonly Dictionary<string, JsonElement> Cases = JsonDocument
        .Parse(File.ReadAllText(Of("cases.json")))
        .RootElement.GetProperty("cases")
        .EnumerateObject()
        .ToDictionary(one => one.Name, one => one.Value);

    private static readonly Dictionary<string, JsonElement> Hypotheses = JsonDocument
        .Parse(File.ReadAllText(Of("../hypotheses/cases.json")))
        .RootElement.EnumerateArray()
        .ToDictionary(one => one.GetProperty("id").GetString()!);

    private static readonly CohortTable Cohort = CohortTable.Read(Of("cohort.csv"));
    private static readonly string[] Responses = ["binary", "proportion", "count", "overdispersed", "positive", "any"];

    private static readonly double[][] Values =
    [
        .. File.ReadLines(Of("values.csv"))
            .Select(line => line.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray()),
    ];

    public static TheoryData<string> Ids => [.. Cases.Keys];

    public static TheoryData<string> HypothesisIds => [.. Hypotheses.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_case_equals_mgcv(string id)
    {
        var columns = Fit(Cases[id], [0, 1, 2]);
        var expected = Cases[id].GetProperty("expected");
        var found = new List<string>();
        foreach (var column in expected.EnumerateObject())
            for (var e = 0; e < Elements; e++)
            {
                if (IsUndetermined(column.Name, expected, e))
                    continue;
                var (r, got) = (Number(column.Value[e]), columns[column.Name][e]);
                if (double.IsNaN(r) && !column.Name.StartsWith("model.", StringComparison.Ordinal))
                    continue;
                if (!(Math.Abs(got - r) <= Tolerance(column.Name, r)) && !(double.IsNaN(r) && double.IsNaN(got)))
                    found.Add($"element {e}, {column.Name}: {got:R} where mgcv has {r:R}");
            }
        found.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(HypothesisIds))]
    public void Contrasts_and_tests_equal_mgcv(string id)
    {
        var columns = Fit(Hypotheses[id], [0, 1, 2]);
        foreach (var column in Hypotheses[id].GetProperty("expected").EnumerateObject())
            for (var e = 0; e < Elements; e++)
            {
                var r = Number(column.Value[e]);
                // Small p-values have the relative error of their statistic, times its size.
                var isStatistic = column.Name.EndsWith("statistic", StringComparison.Ordinal);
                var tolerance = column.Name.EndsWith(".p.value", StringComparison.Ordinal) ? 1e-5 : 1e-6;
                columns[column.Name]
                    [e]
                    .ShouldBe(r, tolerance * Math.Max(Math.Abs(r), isStatistic ? 0.1 : 0), $"{column.Name} of element {e}");
            }
    }

    [Theory]
    [InlineData("trials")]
    [InlineData("nb_weights")]
    [InlineData("Gamma_inverse")]
    public void Bits_do_not_depend_on_the_block(string id)
    {
        var expected = Fit(Cases[id], [0, 1, 2]);
        foreach (var elements in new int[][] { [2], [1, 1, 0], [2, 0, 1] })
        foreach (var (name, values) in Fit(Cases[id], elements))
            for (var i = 0; i < elements.Length; i++)
                BitConverter.DoubleToInt64Bits(values[i]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[name][elements[i]]), name);
    }

    [Fact]
    public void There_are_enough_cases() => Cases.Count.ShouldBeGreaterThanOrEqualTo(40);

    /// <summary>The test of a term of two penalties that is shrunk to zero depends on the ratio of two infinite parameters.</summary>
    private static bool IsUndetermined(string name, JsonElement expected, int element) =>
        name.StartsWith("s_motion.", StringComparison.Ordinal)
        && !name.EndsWith(".edf", StringComparison.Ordinal)
        && Number(expected.GetProperty("s_motion.edf")[element]) < 1e-3;

    private static double Tolerance(string name, double r) =>
        name.EndsWith(".p.value", StringComparison.Ordinal) ? 2e-5 : 1e-7 * Math.Max(Math.Abs(r), 1);

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;

    private static Dictionary<string, double[]> Fit(JsonElement json, int[] elements)
    {
        var sp = Optional("sp");
        var model = new ModelSpec
        {
            Engine = "gam",
            Formula = $"y ~ {json.GetProperty("formula").GetString()}",
            Family = new() { Name = json.GetProperty("family").GetString()!, Link = json.GetProperty("link").GetString()! },
            Weights = json.GetProperty("weights").GetString(),
            Subset = Optional("subset").ValueKind == JsonValueKind.String ? Optional("subset").GetString() : null,
            NumSubjLthrAbs = 5,
            FullOutputs = true,
            Gam = new()
            {
                Method = json.GetProperty("method").GetString()!,
                Select = Optional("select").ValueKind == JsonValueKind.True,
                Gamma = Optional("gamma") is { ValueKind: JsonValueKind.Number } gamma ? gamma.GetDouble() : 1,
                Sp = sp.ValueKind == JsonValueKind.Array ? [.. sp.EnumerateArray().Select(one => one.GetDouble())] : null,
            },
            Hypotheses = json.TryGetProperty("tests", out var tests)
                ? new()
                {
                    AnovaType = json.GetProperty("type").GetString()!,
                    FTests = [.. tests.EnumerateArray().Select(test => test.GetString()!)],
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
                }
                : null,
        };
        var engine = GamEngine.Create(model, Cohort, ["y"], "y", KernelChoice.Auto, 1 << 20);
        var first = Elements * Array.IndexOf(Responses, json.GetProperty("response").GetString());
        double[] values = [.. Values.SelectMany(row => elements.Select(e => row[first + e]))];
        var count = elements.Length;
        var results = new ResultBlock(new(0, count), new double[engine.Layout.PartialColumns.Count * count], new ElementStatus[count]);
        using var fitter = engine.CreateFitter();
        fitter.Fit(
            new(
                new[] { new ScalarValues(0, count, default, values, count) },
                [
                    [.. Enumerable.Range(0, Values.Length)],
                ]
            ),
            results
        );
        var names = engine.Layout.PartialColumns;
        return Enumerable.Range(0, names.Count).ToDictionary(c => names[c], c => results.Column(c).ToArray());

        JsonElement Optional(string name) => json.TryGetProperty(name, out var value) ? value : default;
    }

    private static string Of(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "cases", name);
}
