using HpcFit.Shared.Elements;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Mixed.Structured;
using HpcFit.Worker.Models;
using static HpcFit.Worker.Tests.Mixed.Structured.StructuredCases;

namespace HpcFit.Worker.Tests.Mixed.Structured;

/// <summary>
/// The bits of an element of a model with several random terms do not depend on blocks, on the order of elements, on threads, on the tables
/// that are kept for patterns of missing subjects, or on the processor.
/// </summary>
public sealed class StructuredSameBytesTests
{
    /// <summary>More patterns of missing subjects than tables are kept for.</summary>
    private const int Patterns = 80;

    private static readonly double[][] Values = Masked();

    [Theory]
    [InlineData("y ~ Age + sex + (1 | site) + (1 | id)", null, "satterthwaite")]
    [InlineData("y ~ visit + sex + (visit | id)", "w", "kr")]
    public void Bits_depend_on_the_element_alone(string formula, string? weights, string df)
    {
        var engine = Of(formula, weights, df);
        int[] ascending = [.. Enumerable.Range(0, Values.Length)];
        var expected = Bits(engine, [.. ascending.Select(e => (int[])[e])]);
        var random = new Random(1);
        int[] shuffled = [.. ascending.OrderBy(_ => random.Next())];
        int[][][] arrangements =
        [
            [ascending],
            [
                [.. ascending.Reverse()],
            ],
            [shuffled],
            [.. shuffled.Chunk(7)],
            [
                [.. ascending, .. ascending],
            ],
        ];
        foreach (var blocks in arrangements)
            Same(Bits(engine, blocks), expected);
    }

    [Fact]
    public void Bits_do_not_depend_on_threads()
    {
        var engine = Of("y ~ visit + sex + (visit | id) + (1 | rater)", null, "satterthwaite");
        int[] elements = [.. Enumerable.Range(0, Values.Length).Where(e => e % 4 == 0)];
        var expected = Bits(engine, [elements]);
        var found = new Dictionary<int, long[]>[4];
        Parallel.For(
            0,
            found.Length,
            thread =>
                found[thread] = Bits(
                    engine,
                    [
                        [.. elements.Skip(5 * thread)],
                        [.. elements.Take(5 * thread)],
                    ]
                )
        );
        foreach (var one in found)
            Same(one, expected);
    }

    [Fact]
    public void Bits_are_the_same_on_every_processor()
    {
        // Changes only when the algorithm changes; equal with DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0 and DOTNET_EnableHWIntrinsic=0.
        var hash = 14695981039346656037UL;
        foreach (
            var (formula, df) in (ReadOnlySpan<(string, string)>)
                [("y ~ Age + sex + (1 | site/id)", "satterthwaite"), ("y ~ visit + sex + (visit | id) + (1 | rater)", "kr")]
        )
        foreach (
            var bits in Bits(
                    Of(formula, "w", df),
                    [
                        [0, 1, 2, 3, Values.Length - 1],
                    ]
                )
                .OrderBy(one => one.Key)
        )
        foreach (var value in bits.Value)
            hash = (hash ^ (ulong)value) * 1099511628211UL;
        hash.ShouldBe(16272730536739590250UL);
    }

    private static StructuredEngine Of(string formula, string? weights, string df) =>
        StructuredEngine.Create(
            new()
            {
                Engine = "lmm",
                Formula = formula,
                Weights = weights,
                NumSubjLthrAbs = 5,
                NumSubjLthrRel = 0,
                FullOutputs = true,
                Mixed = new() { Df = df },
            },
            Cohort,
            ["y"],
            "y"
        );

    private static void Same(Dictionary<int, long[]> found, Dictionary<int, long[]> expected)
    {
        found.Count.ShouldBe(expected.Count);
        foreach (var (element, bits) in found)
            bits.ShouldBe(expected[element], $"element {element}");
    }

    /// <summary>The bits of all columns of each element, fitted block by block by one fitter; the last if it is repeated.</summary>
    private static Dictionary<int, long[]> Bits(StructuredEngine engine, int[][] blocks)
    {
        using var fitter = engine.CreateFitter();
        var found = new Dictionary<int, long[]>();
        foreach (var elements in blocks.Where(block => block.Length > 0))
        {
            double[] responses = [.. Enumerable.Range(0, Cohort.Rows).SelectMany(row => elements.Select(e => Values[e][row]))];
            var block = new ScalarBlock(
                new[] { new ScalarValues(0, elements.Length, default, responses, elements.Length) },
                [
                    [.. Enumerable.Range(0, Cohort.Rows)],
                ]
            );
            var results = Results(engine, elements.Length);
            fitter.Fit(block, results);
            results.Status.ToArray().ShouldAllBe(status => status == ElementStatus.Fitted);
            foreach (var (at, element) in elements.Index())
            {
                var values = new long[engine.Layout.PartialColumns.Count];
                for (var c = 0; c < values.Length; c++)
                    values[c] = BitConverter.DoubleToInt64Bits(results.Column(c)[at]);
                found[element] = values;
            }
        }
        return found;
    }

    /// <summary>Elements of the cases, each with other subjects missing; the first four with none.</summary>
    private static double[][] Masked()
    {
        var (block, elements) = (Block([0, 1, 2, 3]), new double[Patterns][]);
        for (var e = 0; e < Patterns; e++)
        {
            elements[e] = new double[Cohort.Rows];
            block.CopyElement(0, e % 4, elements[e]);
            if (e < 4)
                continue;
            elements[e][e % Cohort.Rows] = double.NaN;
            elements[e][(e * 37) % Cohort.Rows] = double.NaN;
        }
        return elements;
    }
}
