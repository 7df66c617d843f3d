using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Mixed.Tiles;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Mixed;

/// <summary>Nodes in place of many classes of groups.</summary>
public sealed class MassNodesTests
{
    private const int Groups = 120;
    private const int Elements = 40;

    [Theory]
    [InlineData(0)]
    [InlineData(1e-3)]
    [InlineData(0.4)]
    [InlineData(20)]
    [InlineData(1e7)]
    public void Sums_over_nodes_are_those_over_classes(double t)
    {
        var random = new Random(3);
        double[] masses = [.. Enumerable.Range(0, 300).Select(_ => 0.4 + (14 * random.NextDouble())).Order()];
        double[] values = [.. masses.Select(mass => mass * mass * random.NextDouble())];
        double[] counts = [.. masses.Select(_ => (double)random.Next(1, 4))];
        var nodes = MassNodes.Create(masses)!;
        nodes.Count.ShouldBeLessThan(40);
        double[] atNodes =
        [
            .. Enumerable
                .Range(0, nodes.Count)
                .Select(j => Enumerable.Range(0, masses.Length).Sum(k => nodes.Weights[(j * masses.Length) + k] * values[k])),
        ];
        var countsAtNodes = nodes.Distribute(counts);
        Compare(values, atNodes, mass => 1 / (mass * (1 + (t * mass))));
        Compare(values, atNodes, mass => 1 / ((1 + (t * mass)) * (1 + (t * mass))));
        Compare(values, atNodes, mass => mass / Math.Pow(1 + (t * mass), 3));
        Compare(counts, countsAtNodes, mass => mass / (1 + (t * mass)));
        Compare(counts, countsAtNodes, mass => Math.Log(1 + (t * mass)));

        void Compare(double[] terms, double[] sums, Func<double, double> f)
        {
            var expected = masses.Zip(terms, (mass, term) => f(mass) * term).Sum();
            nodes.Mass.Zip(sums, (mass, sum) => f(mass) * sum).Sum().ShouldBe(expected, 1e-12 * expected);
        }
    }

    [Fact]
    public void Few_or_equal_masses_have_no_nodes()
    {
        MassNodes.Create([3]).ShouldBeNull();
        MassNodes.Create([.. Enumerable.Range(1, 20).Select(m => (double)m)]).ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fits_with_weights_agree_with_those_of_single_elements(bool ml)
    {
        var study = Study();
        var engine = Engine(study.Cohort, ml, KernelChoice.Auto);
        engine.WholeCohort!.Nodes.ShouldNotBeNull();
        var (found, scalar) = (Fit(engine, study.Values), Fit(Engine(study.Cohort, ml, KernelChoice.Scalar), study.Values));
        var expected = Fit(Engine(study.Cohort, ml, KernelChoice.Reference), study.Values);
        for (var c = 0; c < expected.Length; c++)
        for (var e = 0; e < Elements; e++)
        {
            found[c][e].ShouldBe(expected[c][e], 1e-7 * (1e-3 + Math.Abs(expected[c][e])), engine.Layout.PartialColumns[c]);
            BitConverter.DoubleToInt64Bits(scalar[c][e]).ShouldBe(BitConverter.DoubleToInt64Bits(found[c][e]));
        }
    }

    private static (CohortTable Cohort, double[] Values) Study()
    {
        var random = new Random(8);
        var (id, x, weight) = (new List<string>(), new List<double>(), new List<double>());
        for (var g = 0; g < Groups; g++)
        for (var r = 0; r < 1 + (g % 4); r++)
        {
            id.Add($"p{g}");
            x.Add(random.NextDouble());
            weight.Add(Math.Exp((2 * random.NextDouble()) - 1));
        }
        var values = new double[id.Count * Elements];
        for (var e = 0; e < Elements; e++)
        {
            double[] levels = [.. Enumerable.Range(0, Groups).Select(_ => (e % 5) * (random.NextDouble() - 0.5))];
            for (var i = 0; i < id.Count; i++)
                values[(i * Elements) + e] = 2 + x[i] + levels[int.Parse(id[i][1..])] + random.NextDouble();
        }
        return (
            new(
                "cohort.csv",
                [new TextColumn("id", [.. id]), new NumericColumn("x", [.. x], false), new NumericColumn("w", [.. weight], false)]
            ),
            values
        );
    }

    private static MixedEngine Engine(CohortTable cohort, bool ml, KernelChoice kernel) =>
        MixedEngine.Create(
            new()
            {
                Engine = "lmm",
                Formula = "y ~ x + (1 | id)",
                Weights = "w",
                NumSubjLthrRel = 0,
                FullOutputs = true,
                Mixed = new() { Ml = ml },
            },
            cohort,
            ["y"],
            "y",
            kernel
        );

    private static double[][] Fit(MixedEngine engine, double[] values)
    {
        var columns = engine.Layout.PartialColumns.Count;
        var results = new ResultBlock(new(0, Elements), new double[columns * Elements], new ElementStatus[Elements]);
        var block = new ScalarBlock(
            new[] { new ScalarValues(0, Elements, default, values, Elements) },
            [
                [.. Enumerable.Range(0, values.Length / Elements)],
            ]
        );
        using var fitter = engine.CreateFitter();
        fitter.Fit(block, results);
        return [.. Enumerable.Range(0, columns).Select(c => results.Column(c).ToArray())];
    }
}
