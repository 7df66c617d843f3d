using System.Text.Json;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Mixed.Structured;
using static HpcFit.Worker.Tests.Mixed.Structured.StructuredCases;

namespace HpcFit.Worker.Tests.Mixed.Structured;

/// <summary>The method of Kenward and Roger with several random terms against pbkrtest (cases/make_kenward_roger.R).</summary>
public sealed class StructuredKenwardRogerTests
{
    [Fact]
    public void Standard_errors_degrees_of_freedom_and_F_tests_equal_those_of_pbkrtest()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(PathOf("kenward_roger.json")));
        var found = new List<string>();
        foreach (var one in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            var formula = one.GetProperty("formula").GetString()!;
            var isSingular = one.GetProperty("singular").GetBoolean();
            var columns = Fit(
                StructuredEngine.Create(Model($"y ~ {formula}"), Cohort, ["y"], "y"),
                [one.GetProperty("element").GetInt32()]
            );
            foreach (var column in one.GetProperty("expected").EnumerateObject())
            {
                var (r, got) = (column.Value.GetDouble(), columns[column.Name][0]);
                var scale = column.Name.EndsWith(".statistic", StringComparison.Ordinal) ? Math.Max(1, Math.Abs(r)) : Math.Abs(r);
                if (column.Name.EndsWith(".estimate", StringComparison.Ordinal))
                    scale = columns[column.Name.Replace(".estimate", ".std.error")][0];
                if (!(Math.Abs(got - r) <= Tolerance(column.Name) * (isSingular ? 100 : 1) * scale))
                    found.Add($"{formula} {one.GetProperty("element")}, {column.Name}: {got:R} where R has {r:R}");
            }
        }
        found.ShouldBeEmpty();
    }

    /// <summary>The two engines' sums are different, and their answers for one random intercept the same.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("w")]
    public void A_second_term_without_variance_adds_nothing_to_the_sums(string? weights)
    {
        var model = Model("y ~ visit + scanner + sex + (1 | id)") with { Weights = weights };
        int[] elements = [0, 1, 4];
        var expected = FitOne(model, elements);
        var found = Fit(StructuredEngine.Create(model, Cohort, ["y"], "y"), elements);
        foreach (var (name, values) in expected)
            for (var i = 0; i < elements.Length; i++)
                if (!double.IsNaN(values[i]))
                    found[name][i].ShouldBe(values[i], 1e-6 * (1e-3 + Math.Abs(values[i])), $"{name} of {elements[i]}");
    }

    [Fact]
    public void Fitting_allocates_nothing_per_element()
    {
        var engine = StructuredEngine.Create(Model("y ~ Age + scanner + (1 | site) + (visit | id)"), Cohort, ["y"], "y");
        using var fitter = engine.CreateFitter();
        int[] elements = [.. Enumerable.Range(0, 10).Select(i => i % Elements)];
        var (block, results) = (Block(elements), Results(engine, elements.Length));
        fitter.Fit(block, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        fitter.Fit(block, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static Dictionary<string, double[]> FitOne(ModelSpec model, int[] elements)
    {
        var engine = MixedEngine.Create(model, Cohort, ["y"], "y", KernelChoice.Auto);
        using var fitter = engine.CreateFitter();
        var results = new ResultBlock(
            new(0, elements.Length),
            new double[engine.Layout.PartialColumns.Count * elements.Length],
            new ElementStatus[elements.Length]
        );
        fitter.Fit(Block(elements), results);
        return engine
            .Layout.PartialColumns.Select((name, c) => (name, c))
            .ToDictionary(one => one.name, one => results.Column(one.c).ToArray());
    }

    private static double Tolerance(string name) =>
        name.EndsWith(".std.error", StringComparison.Ordinal) || name.EndsWith(".estimate", StringComparison.Ordinal) ? 1e-6
        : name.EndsWith(".statistic", StringComparison.Ordinal) ? 1e-5
        : name.EndsWith(".p.value", StringComparison.Ordinal) ? 2e-4
        : 1e-4;

    private static ModelSpec Model(string formula) =>
        new()
        {
            Engine = "lmm",
            Formula = formula,
            NumSubjLthrAbs = 5,
            NumSubjLthrRel = 0,
            FullOutputs = true,
            Hypotheses = formula.Contains("scanner", StringComparison.Ordinal)
                ? new()
                {
                    Contrasts = [new("b-c", null, ["scannerB", "scannerC"], [1, -1])],
                    FTests = ["scanner"],
                    AnovaType = "III",
                }
                : null,
            Mixed = new() { Df = MixedSpec.KenwardRoger },
        };
}
