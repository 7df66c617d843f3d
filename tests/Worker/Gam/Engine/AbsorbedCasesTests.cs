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

/// <summary>Models with a random effect of many levels against mgcv's summary (absorbed/make_cases.R).</summary>
public sealed class AbsorbedCasesTests
{
    private const int Elements = 3;
    private static readonly string[] OfSmooth = ["edf", "ref.df", "statistic", "p.value"];

    private static readonly JsonElement[] Cases = [.. JsonDocument.Parse(File.ReadAllText(Of("cases.json"))).RootElement.EnumerateArray()];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Cases.Length)];

    // mgcv evaluates the null distributions with an accuracy of 5e-6.
    [Theory]
    [MemberData(nameof(Indices))]
    public void A_case_equals_mgcv(int index)
    {
        var (engine, results) = Fit(Cases[index]);
        var formula = Cases[index].GetProperty("formula").GetString();
        var names = engine.Layout.PartialColumns.ToList();
        for (var e = 0; e < Elements; e++)
        {
            results.Status[e].ShouldBe(ElementStatus.Fitted);
            foreach (var column in Cases[index].GetProperty("elements")[e].EnumerateObject().Where(column => column.Name != "smooths"))
            {
                var place = names.IndexOf(column.Name);
                Near(results.Column(place)[e], column.Value, 1e-6, $"{formula}: {column.Name} of element {e}");
            }
            var smooths = Cases[index].GetProperty("elements")[e].GetProperty("smooths");
            for (var s = 0; s < smooths.GetArrayLength(); s++)
            for (var i = 0; i < OfSmooth.Length; i++)
            {
                // The test of a term without variance is one of rounding errors.
                if (i > 0 && smooths[s][0].GetDouble() < 1e-3)
                    continue;
                var place = ((GamColumns)engine.Outputs).Partial.ToList().IndexOf(new(GamSubject.Smooth, s, OfSmooth[i]));
                Near(results.Column(place)[e], smooths[s][i], i == 3 ? 2e-5 : 1e-5, $"{formula}: {OfSmooth[i]} of smooth {s}, element {e}");
            }
        }
    }

    private static (GamEngine Engine, ResultBlock Results) Fit(JsonElement json)
    {
        var model = new ModelSpec
        {
            Engine = "gam",
            Formula = $"y ~ {json.GetProperty("formula").GetString()}",
            Weights = json.GetProperty("weights").GetString(),
            Subset = json.GetProperty("subset").GetString(),
            FullOutputs = true,
            NumSubjLthrAbs = 10,
            NumSubjLthrRel = 0.1,
            Gam = new() { Method = json.GetProperty("method").GetString()! },
        };
        var cohort = CohortTable.Read(Of("cohort.csv"));
        var engine = GamEngine.Create(model, cohort, ["y"], "y", KernelChoice.Auto, 1 << 20);
        engine.WholeCohort!.Designs[0].Absorbed.ShouldNotBeNull();
        double[] values =
        [
            .. File.ReadLines(Of("values.csv"))
                .Skip(1)
                .SelectMany(line => line.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture))),
        ];
        var results = new ResultBlock(
            new(0, Elements),
            new double[engine.Layout.PartialColumns.Count * Elements],
            new ElementStatus[Elements]
        );
        using var fitter = engine.CreateFitter();
        fitter.Fit(
            new(new[] { new ScalarValues(0, Elements, default, values, Elements) }, [Enumerable.Range(0, cohort.Rows).ToArray()]),
            results
        );
        return (engine, results);
    }

    private static void Near(double actual, JsonElement expected, double tolerance, string what)
    {
        var value = expected.ValueKind == JsonValueKind.Number ? expected.GetDouble() : double.NaN;
        if (double.IsNaN(value))
            double.IsNaN(actual).ShouldBeTrue(what);
        else
            Math.Abs(actual - value).ShouldBeLessThan(tolerance * Math.Max(1, Math.Abs(value)), $"{what}: {actual:R}, mgcv {value:R}");
    }

    private static string Of(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "absorbed", name);
}
