using HpcFit.Shared.Partials;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Models;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>
/// With an enhancement the stage over shuffles counts the statistics themselves: it must find what the fits of a run without one find.
/// </summary>
public sealed class CountedByStageTests
{
    private const int Elements = 70;
    private const int Shuffles = 99;

    private static readonly double[,] Values = PermutationStudy.Values(Elements);

    [Theory]
    [InlineData(null, null)]
    [InlineData("pattern", null)]
    [InlineData(null, "half")]
    public void Counts_and_extremes_of_batches_are_those_of_the_fits(string? missing, string? groups)
    {
        var plain = PermutationStudy.Engine(Model(missing, groups));
        var enhanced = PermutationStudy.Engine(
            Model(missing, groups) with
            {
                Enhancement = new() { Enhance = "tfce", TfceLike = "exact" },
            }
        );
        var (expected, _, bytes) = PermutationStudy.Fit(plain, Values);
        var extremes = NullExtremes.Keys(bytes).ToArray();
        var counts = new double[plain.Hypotheses.Count, ExtremesAndCounts.Counts, Elements];
        using var fitter = enhanced.Shuffled.CreateFitter();
        var maps = new StatisticMaps(plain.Hypotheses.Count, Elements, 40, areCounted: true);
        foreach (var (first, end) in new[] { (0, 40), (40, 41), (41, 81), (81, Shuffles) })
        {
            maps.Begin(new(first, end));
            foreach (var (element, count) in new[] { (33, 37), (0, 33) })
                fitter.Fit(PermutationStudy.Block(Values, element, count), maps);
            for (var h = 0; h < plain.Hypotheses.Count; h++)
            {
                for (var shuffle = first; shuffle < end; shuffle++)
                {
                    var at = plain.Columns.Extremes.At(shuffle, h);
                    maps.Tests!.Extremes(shuffle - first, h)
                        .ShouldBe((NullExtremes.Value(extremes[at]), NullExtremes.Value(extremes[at + 1])), $"{h}, {shuffle}");
                }
                for (var which = 0; which < ExtremesAndCounts.Counts; which++)
                for (var element = 0; element < Elements; element++)
                    counts[h, which, element] += maps.Tests!.Counts(h, which)[element];
            }
        }
        for (var h = 0; h < plain.Hypotheses.Count; h++)
        for (var which = 0; which < ExtremesAndCounts.Counts; which++)
        for (var element = 0; element < Elements; element++)
            if (double.IsNaN(expected[$"count{(3 * h) + which}"][element]))
                counts[h, which, element].ShouldBe(0);
            else
                counts[h, which, element].ShouldBe(expected[$"count{(3 * h) + which}"][element], $"{h}, {which}, {element}");
    }

    [Fact]
    public void Fits_have_the_unpermuted_statistics_only()
    {
        var plain = PermutationStudy.Fit(PermutationStudy.Engine(Model(null, null)), Values);
        var engine = PermutationStudy.Engine(
            Model(null, null) with
            {
                Enhancement = new() { Enhance = "tfce", TfceLike = "exact" },
            }
        );
        var (columns, status, bytes) = PermutationStudy.Fit(engine, Values);
        bytes.ShouldBeEmpty();
        status.ShouldBe(plain.Status);
        foreach (var (name, values) in columns)
        {
            if (name.StartsWith("count", StringComparison.Ordinal) || name.EndsWith(".p.value.perm", StringComparison.Ordinal))
                values.ShouldAllBe(value => double.IsNaN(value), name);
            else
                values.Select(BitConverter.DoubleToInt64Bits).ShouldBe(plain.Columns[name].Select(BitConverter.DoubleToInt64Bits), name);
        }
    }

    private static ModelSpec Model(string? missing, string? groups) =>
        PermutationStudy.Model(
            "Age + sex + site",
            new()
            {
                Count = Shuffles,
                Missing = missing,
                VarianceGroups = groups,
            },
            ["slope: Age", "sexes: sexM"],
            groups is null ? ["site"] : []
        );
}
