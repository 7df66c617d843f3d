using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Structured.Tiles;
using static HpcFit.Worker.Tests.Mixed.Structured.StructuredCases;

namespace HpcFit.Worker.Tests.Mixed.Structured;

/// <summary>Fits of tiles of elements against fits of one element at a time, and against themselves at other register widths.</summary>
public sealed class StructuredTileTests
{
    public static TheoryData<string> CaseNames => [.. All.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void A_tile_equals_fits_one_by_one(string id)
    {
        int[] elements = [.. Enumerable.Range(0, Elements)];
        var tiles = Fit(Engine(All[id]), elements);
        var single = Fit(Engine(All[id], KernelChoice.Reference), elements);
        var found = new List<string>();
        foreach (var (name, values) in single)
            for (var e = 0; e < Elements; e++)
            {
                var other = tiles[name][e];
                if (!(Math.Abs(other - values[e]) <= Tolerance(name) * Scale(name, e)) && !(double.IsNaN(values[e]) && double.IsNaN(other)))
                    found.Add($"element {e}, {name}: {other:R} where alone it is {values[e]:R}");
            }
        found.ShouldBeEmpty();

        double Scale(string name, int e) =>
            name.EndsWith(".estimate", StringComparison.Ordinal) ? single[name.Replace(".estimate", ".std.error")][e]
            : name.EndsWith(".statistic", StringComparison.Ordinal) || name.Contains(".cor__", StringComparison.Ordinal)
                ? Math.Max(Math.Abs(single[name][e]), 1)
            : Math.Max(Math.Abs(single[name][e]), 1e-3);
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Bits_do_not_depend_on_the_width_of_registers(string id)
    {
        int[] elements = [.. Enumerable.Range(0, 12).Select(i => i * 7 % Elements)];
        var wide = Fit(Engine(All[id]), elements);
        foreach (var (name, values) in Fit(Engine(All[id], KernelChoice.Scalar), elements))
            values.Select(BitConverter.DoubleToInt64Bits).ShouldBe(wide[name].Select(BitConverter.DoubleToInt64Bits), name);
    }

    /// <summary>Newton's method from the vertex of the lattice needs few evaluations, including local minima and variances of 0.</summary>
    [Theory]
    [InlineData("nested", 20)]
    [InlineData("crossed_weights", 20)]
    [InlineData("slope_and_site", 30)]
    public void A_search_takes_few_evaluations(string id, int most)
    {
        var (shared, lattice) = Engine(All[id]).WholeCohort.ShouldNotBeNull();
        var kernel = StructuredKernel.Create(KernelChoice.Scalar, shared, lattice, isRestricted: true);
        var block = Block([.. Enumerable.Range(0, Elements)]);
        var responses = new ResponseTile(shared);
        responses.Start(block.Scalars.Span[0], block.SubjectRows[0]);
        var tile = new StructuredTile(shared);
        kernel.Fit(responses.At(0, Elements), Elements, tile);
        var fitted = tile.IsFitted[..Elements].Count(mask => BitConverter.DoubleToInt64Bits(mask) != 0);
        fitted.ShouldBeGreaterThan(Elements / 2);
        (kernel.Evaluations / (double)fitted).ShouldBeLessThan(most);
    }

    /// <summary>Variances and what follows from their curvature are less determined than estimates.</summary>
    private static double Tolerance(string name) =>
        name.EndsWith(".df", StringComparison.Ordinal)
        || name.EndsWith(".p.value", StringComparison.Ordinal)
        || name.Contains(".sd__", StringComparison.Ordinal)
        || name.Contains(".cor__", StringComparison.Ordinal)
            ? 1e-5
            : 1e-7;
}
