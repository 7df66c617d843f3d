using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Models;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>Tests of one side against those of both sides, whose counts and maxima have both.</summary>
public sealed class OneSidedTests
{
    private const int Elements = 70;
    private const int Shuffles = 99;

    private static readonly double[,] Values = PermutationStudy.Values(Elements);

    /// <summary>Two lists of shuffles, elements with missing subjects, and groups of variances.</summary>
    [Theory]
    [InlineData(PermutationSpec.Greater, null, null, null)]
    [InlineData(PermutationSpec.Less, null, null, null)]
    [InlineData(PermutationSpec.Less, PermutationSpec.Symmetric, null, null)]
    [InlineData(PermutationSpec.Greater, null, PermutationSpec.Pattern, null)]
    [InlineData(PermutationSpec.Less, null, null, "half")]
    public void P_is_the_count_of_the_side_and_all_else_is_that_of_both_sides(string side, string? errors, string? missing, string? groups)
    {
        var spec = new PermutationSpec
        {
            Count = Shuffles,
            Errors = errors,
            Missing = missing,
            VarianceGroups = groups,
        };
        var both = PermutationStudy.Fit(PermutationStudy.Engine(Model(spec)), Values);
        var engine = PermutationStudy.Engine(Model(spec with { Alternative = side }));
        var (columns, status, extremes) = PermutationStudy.Fit(engine, Values);
        extremes.ShouldBe(both.Extremes);
        status.ShouldBe(both.Status);
        foreach (var (name, values) in both.Columns.Where(one => !one.Key.EndsWith(".p.value.perm", StringComparison.Ordinal)))
            columns[name].Select(BitConverter.DoubleToInt64Bits).ShouldBe(values.Select(BitConverter.DoubleToInt64Bits), name);
        foreach (var (h, test) in engine.Hypotheses.Index())
        {
            var which = !test.IsSigned || side == PermutationSpec.Greater ? EnhancedBlock.AtLeast : EnhancedBlock.AtMost;
            columns[$"{test.Name}.p.value.perm"].ShouldBe([.. both.Columns[$"count{(3 * h) + which}"].Select(count => count / Shuffles)]);
            if (test.IsSigned)
                columns[$"{test.Name}.p.value.perm"].ShouldNotBe(both.Columns[$"{test.Name}.p.value.perm"]);
        }
        engine.Hypotheses.Select(SideWords.From).ShouldBe([.. engine.Hypotheses.Select(test => test.IsSigned ? side : "one-sided")]);
    }

    /// <summary>To the last bit: p, enhanced maps, and the maxima of the other sign.</summary>
    [Theory]
    [InlineData(null, null, "tfce")]
    [InlineData(PermutationSpec.Symmetric, null, "cfe")]
    [InlineData(null, PermutationSpec.Pattern, "cfe")]
    public void Greater_of_a_contrast_is_less_of_its_negative(string? errors, string? missing, string enhance)
    {
        var spec = new PermutationSpec
        {
            Count = Shuffles,
            Errors = errors,
            Missing = missing,
        };
        var greater = Model(spec with { Alternative = PermutationSpec.Greater }, "c: Age", "d: siteb");
        var less = Model(spec with { Alternative = PermutationSpec.Less }, "c: -1 * Age", "d: -1 * siteb");
        var (one, other) = (
            PermutationStudy.Fit(PermutationStudy.Engine(greater), Values),
            PermutationStudy.Fit(PermutationStudy.Engine(less), Values)
        );
        foreach (var name in (string[])["c.p.value.perm", "d.p.value.perm", "site.F.p.value.perm"])
            other
                .Columns[name]
                .Select(BitConverter.DoubleToInt64Bits)
                .ShouldBe(one.Columns[name].Select(BitConverter.DoubleToInt64Bits), name);
        var (upper, lower) = (Maps(greater, enhance), Maps(less, enhance));
        for (var h = 0; h < 3; h++)
        for (var shuffle = 0; shuffle < Shuffles; shuffle++)
        {
            var mirrored = lower.Map(h, shuffle).ToArray();
            upper.Map(h, shuffle).ToArray().ShouldBe(h == 2 ? mirrored : [.. mirrored.Select(value => 0 - value)], $"{h}, {shuffle}");
            var (largest, ofNegative) = upper.Tests!.Extremes(shuffle, h);
            lower.Tests!.Extremes(shuffle, h).ShouldBe(h == 2 ? (largest, ofNegative) : (ofNegative, largest), $"{h}, {shuffle}");
        }
    }

    /// <summary>What is enhanced is the map of both sides without the other one; what is counted are both.</summary>
    [Theory]
    [InlineData(PermutationSpec.Greater, null, "tfce")]
    [InlineData(PermutationSpec.Less, null, "cfe")]
    [InlineData(PermutationSpec.Less, PermutationSpec.Pattern, "tfce")]
    public void Maps_have_the_statistics_of_the_side_and_zero_elsewhere(string side, string? missing, string enhance)
    {
        var spec = new PermutationSpec { Count = Shuffles, Missing = missing };
        var (both, one) = (Maps(Model(spec), enhance), Maps(Model(spec with { Alternative = side }), enhance));
        var (removed, kept) = (0, 0);
        for (var h = 0; h < 3; h++)
        for (var shuffle = 0; shuffle < Shuffles; shuffle++)
        {
            var (of, all) = (one.Map(h, shuffle).ToArray(), both.Map(h, shuffle).ToArray());
            for (var element = 0; element < Elements; element++)
            {
                var isOther = h < 2 && (side == PermutationSpec.Greater ? all[element] < 0 : all[element] > 0);
                of[element].ShouldBe(isOther ? 0 : all[element], $"{h}, {shuffle}, {element}");
                (removed, kept) = (removed + (isOther ? 1 : 0), kept + (of[element] != 0 && h < 2 ? 1 : 0));
            }
            one.Tests!.Extremes(shuffle, h).ShouldBe(both.Tests!.Extremes(shuffle, h));
            for (var which = 0; which < ExtremesAndCounts.Counts; which++)
                one.Tests.Counts(h, which).ToArray().ShouldBe(both.Tests.Counts(h, which).ToArray());
        }
        (removed, kept).ShouldSatisfyAllConditions(
            numbers => numbers.removed.ShouldBeGreaterThan(1000),
            numbers => numbers.kept.ShouldBeGreaterThan(1000)
        );
    }

    [Fact]
    public void F_tests_alone_have_no_side_to_choose()
    {
        var spec = new PermutationSpec { Count = 50, Alternative = PermutationSpec.Greater };
        var refused = Should
            .Throw<BadInputException>(() => PermutationStudy.Engine(PermutationStudy.Model("site", spec, [], "site")))
            .Message;
        refused.ShouldContain("only F tests ('site.F')");
        refused.ShouldContain("one-sided by nature");
    }

    private static ModelSpec Model(PermutationSpec spec, params string[] contrasts) =>
        PermutationStudy.Model(
            "Age + site",
            spec,
            contrasts.Length > 0 ? contrasts : ["slope: Age", "ab: siteb"],
            spec.VarianceGroups is null ? ["site"] : []
        );

    private static StatisticMaps Maps(ModelSpec model, string enhance)
    {
        var engine = PermutationStudy.Engine(
            model with
            {
                Enhancement = new() { Enhance = enhance, TfceLike = "exact" },
            }
        );
        var maps = new StatisticMaps(engine.Hypotheses.Count, Elements, Shuffles, areCounted: true);
        maps.Begin(new(0, Shuffles));
        using var fitter = engine.Shuffled.CreateFitter();
        foreach (var (element, count) in new[] { (33, 37), (0, 33) })
            fitter.Fit(PermutationStudy.Block(Values, element, count), maps);
        return maps;
    }
}
