using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Rows;

namespace HpcFit.Worker.Tests.Gam.Engine;

/// <summary>
/// Curves and their derivatives with intervals against mgcv's predict(type = "lpmatrix"), derivatives by its central differences, and the
/// factor of simultaneous intervals against 200,000 simulations in R: bases/make_cases.R makes the expected values.
/// </summary>
public class CurveCasesTests
{
    private static readonly string Folder = Path.Combine(Here(), "bases");
    private static readonly CohortTable Cohort = CohortTable.Read(Path.Combine(Folder, "cohort.csv"), checkNames: true);
    private static readonly double[] Response = ((NumericColumn)Cohort.Get("y")).Values;

    [Fact]
    public void Curves_derivatives_and_intervals_are_those_of_mgcv()
    {
        var wrong = new List<string>();
        foreach (var one in JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "curves.json"))).RootElement.EnumerateArray())
        {
            var terms = one.GetProperty("terms").GetString()!;
            var simultaneous = Statistics(terms, GamSpec.Simultaneous);
            var pointwise = Statistics(terms, GamSpec.Pointwise);
            var folder = Folders(simultaneous.Keys)[Place(one)];
            foreach (var (kind, names) in Kinds)
            {
                var expected = one.GetProperty(kind);
                var (value, error) = (Numbers(expected, "value"), Numbers(expected, "se"));
                var critical = expected.GetProperty("critical").GetDouble();
                Compare(names[0], value, 1e-6 * value.Max(Math.Abs), simultaneous);
                Compare(names[1], error, 1e-6 * error.Max(), simultaneous);
                for (var i = 0; i < value.Length; i++)
                {
                    IsNear(names[2], (value[i] - pointwise[$"{folder}/{names[2]}"][i]) / error[i], 1.959963984540054, 1e-4);
                    IsNear(names[3], (pointwise[$"{folder}/{names[3]}"][i] - value[i]) / error[i], 1.959963984540054, 1e-4);
                    // Of 10,000 simulations the standard error is 0.015.
                    IsNear(names[2], (value[i] - simultaneous[$"{folder}/{names[2]}"][i]) / error[i], critical, 0.05);
                    IsNear(names[3], (simultaneous[$"{folder}/{names[3]}"][i] - value[i]) / error[i], critical, 0.05);
                }
            }

            void Compare(string name, double[] expected, double tolerance, Dictionary<string, double[]> computed)
            {
                for (var i = 0; i < expected.Length; i++)
                    IsNear(name, computed[$"{folder}/{name}"][i], expected[i], tolerance);
            }

            void IsNear(string name, double value, double expected, double tolerance)
            {
                if (!(Math.Abs(value - expected) <= tolerance))
                    wrong.Add(
                        string.Create(CultureInfo.InvariantCulture, $"{terms} {folder}/{name}: {value:G11}, expected {expected:G11}")
                    );
            }
        }
        wrong.ShouldBeEmpty(string.Join('\n', wrong));
    }

    private static readonly (string Kind, string[] Names)[] Kinds =
    [
        ("fit", ["fit", "se", "lower", "upper"]),
        ("derivative", ["derivative", "derivative_se", "derivative_lower", "derivative_upper"]),
    ];

    /// <summary>The folders of all curves, in the order of the layout.</summary>
    private static List<string> Folders(IEnumerable<string> blocks) =>
        [.. blocks.Select(block => block[..block.LastIndexOf('/')]).Distinct()];

    /// <summary>The index of the case's curve: levels a, b, c of the factor follow each other.</summary>
    private static int Place(JsonElement one)
    {
        var (terms, smooth) = (one.GetProperty("terms").GetString()!, one.GetProperty("smooth").GetInt32());
        var isOfLevels = terms.Contains("\"fs\"", StringComparison.Ordinal) || terms.Contains("\"sz\"", StringComparison.Ordinal);
        return smooth - 1 + (isOfLevels ? "abc".IndexOf(one.GetProperty("level").GetString()!, StringComparison.Ordinal) : 0);
    }

    private static Dictionary<string, double[]> Statistics(string terms, string intervals)
    {
        var gam = new GamSpec
        {
            Method = "REML",
            SmoothCurves = 12,
            SmoothDerivatives = true,
            SmoothIntervals = intervals,
        };
        var model = GamModel.Create(
            new()
            {
                Engine = "gam",
                Formula = $"FD ~ {terms}",
                Gam = gam,
            },
            Cohort,
            ["FD"],
            "FD"
        );
        var rows = model.Build([.. Enumerable.Range(0, Cohort.Rows)], [], Response);
        rows.Problem.ShouldBe(ElementStatus.Fitted);
        var fit = new RowsFit(rows);
        fit.Take(Response).ShouldBe(ElementStatus.Fitted);
        fit.Solve().ShouldBe(ElementStatus.Fitted);
        var names = GamTermNames.Create(model);
        var blocks = model.Curves.SelectMany(curve => curve.Blocks(names.Smooths[curve.Smooth])).ToList();
        var values = new double[blocks.Sum(block => block.Columns)];
        var draws = intervals == GamSpec.Simultaneous ? new NormalDraws(model.LargestSmooth) : null;
        new CurveWriter(model.Curves, draws, 0).Write(fit, new(new ElementRange(0, 1), values, new ElementStatus[1]), 0);
        var (statistics, first) = (new Dictionary<string, double[]>(), 0);
        foreach (var block in blocks)
        {
            statistics[block.Name] = values[first..(first + block.Columns)];
            first += block.Columns;
        }
        return statistics;
    }

    private static double[] Numbers(JsonElement one, string name) =>
        [.. one.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
