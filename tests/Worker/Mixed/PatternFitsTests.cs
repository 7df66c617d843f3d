using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Mixed.Structured;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Mixed;

/// <summary>Elements with missing subjects are fitted together where they have the same ones.</summary>
public sealed class PatternFitsTests
{
    private const int Groups = 40;
    private const int Elements = 60;

    public static TheoryData<string, string?, string> Models =>
        new()
        {
            { "y ~ x + (1 | id)", null, MixedSpec.Satterthwaite },
            { "y ~ x + (1 | id)", "w", MixedSpec.Satterthwaite },
            { "y ~ x + (1 | id)", null, MixedSpec.KenwardRoger },
            { "y ~ poly(x, 2) + (1 | id)", null, MixedSpec.Satterthwaite },
            { "y ~ x + (1 | site/id)", null, MixedSpec.Satterthwaite },
            { "y ~ x + (1 | id) + (1 | rater)", null, MixedSpec.Satterthwaite },
            { "y ~ x + (1 | id) + (1 | rater)", "w", MixedSpec.KenwardRoger },
            { "y ~ x + wave + (wave | id)", null, MixedSpec.Satterthwaite },
            { "y ~ x + wave + (wave | id)", null, MixedSpec.KenwardRoger },
        };

    [Theory]
    [MemberData(nameof(Models))]
    public void Bits_do_not_depend_on_the_elements_of_a_block(string formula, string? weights, string df)
    {
        var engine = Engine(formula, weights, df, KernelChoice.Auto);
        var together = Fit(engine, [.. Enumerable.Range(0, Elements)]);
        var scalar = Fit(Engine(formula, weights, df, KernelChoice.Scalar), [.. Enumerable.Range(0, Elements)]);
        for (var e = 0; e < Elements; e++)
        {
            var alone = Fit(engine, [e]);
            for (var c = 0; c < alone.Length; c++)
            {
                var bits = BitConverter.DoubleToInt64Bits(together[c][e]);
                BitConverter.DoubleToInt64Bits(alone[c][0]).ShouldBe(bits, $"{engine.Layout.PartialColumns[c]} of {e}");
                BitConverter.DoubleToInt64Bits(scalar[c][e]).ShouldBe(bits, $"{engine.Layout.PartialColumns[c]} of {e}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Patterns_of_several_elements_are_fitted_as_single_elements_are(string formula, string? weights, string df)
    {
        int[] elements = [.. Enumerable.Range(0, Elements)];
        var engine = Engine(formula, weights, df, KernelChoice.Auto);
        var found = Fit(engine, elements);
        var expected = Fit(Engine(formula, weights, df, KernelChoice.Reference), elements);
        for (var c = 0; c < found.Length; c++)
        for (var e = 0; e < Elements; e++)
        {
            var name = engine.Layout.PartialColumns[c];
            var tolerance =
                name.Contains(".sd__", StringComparison.Ordinal) || name.Contains("icc", StringComparison.Ordinal) ? 1e-5 : 1e-6;
            found[c][e].ShouldBe(expected[c][e], tolerance * (1e-2 + Math.Abs(expected[c][e])), $"{name} of {e}");
        }
    }

    [Fact]
    public void A_block_of_patterns_that_are_known_allocates_nothing()
    {
        var engine = Engine("y ~ x + (1 | id)", null, MixedSpec.Satterthwaite, KernelChoice.Auto);
        int[] elements = [.. Enumerable.Range(0, Elements)];
        var (block, results) = (Block(elements), Results(engine, elements.Length));
        using var fitter = engine.CreateFitter();
        fitter.Fit(block, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        fitter.Fit(block, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static readonly CohortTable Cohort = MakeCohort();

    private static readonly double[][] Values = MakeValues();

    private static CohortTable MakeCohort()
    {
        var random = new Random(5);
        var rows = 3 * Groups;
        return new(
            "cohort.csv",
            [
                new TextColumn("id", [.. Enumerable.Range(0, rows).Select(i => $"p{i / 3}")]),
                new TextColumn("site", [.. Enumerable.Range(0, rows).Select(i => $"s{i / 24}")]),
                new TextColumn("rater", [.. Enumerable.Range(0, rows).Select(i => $"r{i % 4}")]),
                new NumericColumn("wave", [.. Enumerable.Range(0, rows).Select(i => (double)(i % 3))], true),
                new NumericColumn("x", [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())], false),
                new NumericColumn("w", [.. Enumerable.Range(0, rows).Select(_ => 0.5 + random.NextDouble())], false),
            ]
        );
    }

    /// <summary>Values by row: six patterns, of which one occurs once and one has no missing subject.</summary>
    private static double[][] MakeValues()
    {
        var random = new Random(6);
        var values = Enumerable.Range(0, Cohort.Rows).Select(_ => new double[Elements]).ToArray();
        bool[][] isMissing = [.. Enumerable.Range(0, 6).Select(p => values.Select(_ => p > 0 && random.NextDouble() < 0.08).ToArray())];
        for (var e = 0; e < Elements; e++)
        {
            var pattern = e == 17 ? 5 : e * 7 % 5;
            double[] levels = [.. Enumerable.Range(0, Groups).Select(_ => random.NextDouble() - 0.5)];
            double[] slopes = [.. Enumerable.Range(0, Groups).Select(_ => random.NextDouble() - 0.5)];
            double[] raters = [.. Enumerable.Range(0, 4).Select(_ => random.NextDouble() - 0.5)];
            for (var i = 0; i < values.Length; i++)
                values[i][e] = isMissing[pattern][i]
                    ? double.NaN
                    : 2 + levels[i / 3] + (i % 3 * slopes[i / 3]) + raters[i % 4] + (0.7 * random.NextDouble());
        }
        return values;
    }

    private static IModelEngine Engine(string formula, string? weights, string df, KernelChoice kernel)
    {
        var model = new ModelSpec
        {
            Engine = "lmm",
            Formula = formula,
            Weights = weights,
            NumSubjLthrRel = 0,
            FullOutputs = true,
            Mixed = new() { Df = df },
        };
        return formula.EndsWith("+ (1 | id)", StringComparison.Ordinal)
            ? MixedEngine.Create(model, Cohort, ["y"], "y", kernel)
            : StructuredEngine.Create(model, Cohort, ["y"], "y", kernel);
    }

    private static double[][] Fit(IModelEngine engine, int[] elements)
    {
        using var fitter = engine.CreateFitter();
        var results = Results(engine, elements.Length);
        fitter.Fit(Block(elements), results);
        results.Status.ToArray().ShouldAllBe(status => status == ElementStatus.Fitted);
        return [.. Enumerable.Range(0, engine.Layout.PartialColumns.Count).Select(c => results.Column(c).ToArray())];
    }

    private static ResultBlock Results(IModelEngine engine, int elements) =>
        new(new(0, elements), new double[engine.Layout.PartialColumns.Count * elements], new ElementStatus[elements]);

    private static ScalarBlock Block(int[] elements)
    {
        double[] values = [.. Values.SelectMany(row => elements.Select(e => row[e]))];
        return new(
            new[] { new ScalarValues(0, elements.Length, default, values, elements.Length) },
            [
                [.. Enumerable.Range(0, Values.Length)],
            ]
        );
    }
}
