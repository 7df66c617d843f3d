using HpcFit.Worker.Kernels;
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

    /// <summary>Variances and what follows from their curvature are less determined than estimates.</summary>
    private static double Tolerance(string name) =>
        name.EndsWith(".df", StringComparison.Ordinal)
        || name.EndsWith(".p.value", StringComparison.Ordinal)
        || name.Contains(".sd__", StringComparison.Ordinal)
        || name.Contains(".cor__", StringComparison.Ordinal)
            ? 1e-5
            : 1e-7;
}
