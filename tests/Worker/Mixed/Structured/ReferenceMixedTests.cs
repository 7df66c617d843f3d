using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Mixed.Reference;
using HpcFit.Worker.Mixed.Structured;
using HpcFit.Worker.Models;
using static HpcFit.Worker.Tests.Mixed.Structured.StructuredCases;

namespace HpcFit.Worker.Tests.Mixed.Structured;

/// <summary>Both engines of mixed models against the definitions, with matrices of all rows: every column at every element.</summary>
public sealed class ReferenceMixedTests
{
    /// <summary>Relative; degrees of freedom are by differences in the reference.</summary>
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData("Age + scanner + (1 | id)", "satterthwaite", false, null)]
    [InlineData("Age + scanner + (1 | id)", "kr", false, "w")]
    [InlineData("Age + scanner + offset(o) + (1 | id)", "residual", true, "w")]
    [InlineData("Age + scanner + (1 | site) + (1 | id)", "kr", false, "w")]
    [InlineData("visit + scanner + (visit | id)", "satterthwaite", false, "w")]
    public void An_engine_equals_the_definitions(string formula, string df, bool ml, string? weights)
    {
        var model = new ModelSpec
        {
            Engine = "lmm",
            Formula = $"y ~ {formula}",
            Weights = weights,
            NumSubjLthrAbs = 5,
            NumSubjLthrRel = 0,
            FullOutputs = true,
            Hypotheses = new()
            {
                Contrasts = [new("b-c", null, ["scannerB", "scannerC"], [1, -1])],
                FTests = ["scanner"],
                AnovaType = "II",
                EffectSizes = true,
            },
            Mixed = new()
            {
                Df = df,
                Ml = ml,
                ConfLevel = 0.95,
            },
        };
        var isOne = formula.EndsWith("(1 | id)", StringComparison.Ordinal) && !formula.Contains("site", StringComparison.Ordinal);
        IModelEngine engine = isOne
            ? MixedEngine.Create(model, Cohort, ["y"], "y", KernelChoice.Auto)
            : StructuredEngine.Create(model, Cohort, ["y"], "y");
        var twin = engine is MixedEngine one ? ReferenceMixedEngine.From(one) : ReferenceMixedEngine.From((StructuredEngine)engine);
        int[] elements = [4];
        var (found, expected) = (Fit(engine, elements), Fit(twin, elements));
        var different = new List<string>();
        foreach (var (name, values) in expected)
            for (var i = 0; i < elements.Length; i++)
                if (!(Math.Abs(found[name][i] - values[i]) <= ToleranceOf(name) * Math.Max(Math.Abs(values[i]), Scale(expected, name, i))))
                    different.Add($"{name} of {elements[i]}: {found[name][i]:R} where the definition has {values[i]:R}");
        different.ShouldBeEmpty();
    }

    private static double ToleranceOf(string name) =>
        name.Contains(".df", StringComparison.Ordinal)
        || name.Contains("partial", StringComparison.Ordinal)
        || name.Contains("f2", StringComparison.Ordinal)
            ? 1e-6
        : name.Contains("p.value", StringComparison.Ordinal) || name.Contains(".conf.", StringComparison.Ordinal) ? 1e-6
        : Tolerance;

    private static double Scale(Dictionary<string, double[]> expected, string name, int element) =>
        name.EndsWith(".estimate", StringComparison.Ordinal) ? expected[name.Replace(".estimate", ".std.error")][element]
        : name.EndsWith(".statistic", StringComparison.Ordinal) ? 1
        : 0;

    private static Dictionary<string, double[]> Fit(IModelEngine engine, int[] elements)
    {
        using var fitter = engine.CreateFitter();
        var results = new ResultBlock(
            new(0, elements.Length),
            new double[engine.Layout.PartialColumns.Count * elements.Length],
            new ElementStatus[elements.Length]
        );
        fitter.Fit(Block(elements), results);
        results.Status.ToArray().ShouldAllBe(status => status == ElementStatus.Fitted);
        return engine
            .Layout.PartialColumns.Select((name, c) => (name, c))
            .ToDictionary(one => one.name, one => results.Column(one.c).ToArray());
    }
}
