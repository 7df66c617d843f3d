using System.Text.Json;
using HpcFit.Worker.Mixed.Structured;
using static HpcFit.Worker.Tests.Mixed.Structured.StructuredCases;

namespace HpcFit.Worker.Tests.Mixed.Structured;

/// <summary>Contrasts, F tests and effect sizes by Satterthwaite's method against lmerTest (cases/make_hypotheses.R).</summary>
public sealed class StructuredHypothesesTests
{
    [Fact]
    public void Contrasts_and_F_tests_equal_R()
    {
        var found = new List<string>();
        using var json = JsonDocument.Parse(File.ReadAllText(PathOf("hypotheses.json")));
        foreach (var one in json.RootElement.EnumerateArray())
        {
            var formula = one.GetProperty("formula").GetString();
            var engine = StructuredEngine.Create(
                new()
                {
                    Engine = "lmm",
                    Formula = $"y ~ {formula}",
                    Weights = one.TryGetProperty("weights", out var weights) ? weights.GetString() : null,
                    NumSubjLthrAbs = 5,
                    NumSubjLthrRel = 0,
                    Hypotheses = new()
                    {
                        Contrasts = [new("b-c", null, ["scannerB", "scannerC"], [1, -1])],
                        FTests = ["scanner"],
                        AnovaType = "III",
                        EffectSizes = true,
                    },
                    Mixed = new() { ConfLevel = 0.95 },
                },
                Cohort,
                ["y"],
                "y"
            );
            var columns = Fit(engine, [one.GetProperty("element").GetInt32()]);
            foreach (var column in one.GetProperty("expected").EnumerateObject())
            {
                var (r, got) = (column.Value.GetDouble(), columns[column.Name][0]);
                var tolerance = column.Name.Contains(".df", StringComparison.Ordinal) ? 1e-4 : 1e-5;
                if (!(Math.Abs(got - r) <= tolerance * Math.Abs(r)))
                    found.Add($"{formula}, {column.Name}: {got:R} where R has {r:R}");
            }
        }
        found.ShouldBeEmpty();
    }
}
