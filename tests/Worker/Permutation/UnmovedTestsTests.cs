using HpcFit.Shared.Specs;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>Warnings of tests whose regressors the shuffles leave in place, and what their shuffles give.</summary>
public sealed class UnmovedTestsTests
{
    private const int Shuffles = 30;
    private const string Never = " never change";
    private const string Hardly = " the share in brackets in place";

    private static readonly double[,] Values = PermutationStudy.Values(2);

    private static readonly Dictionary<string, PermutationSpec> Exchanges = new()
    {
        ["none"] = new() { Count = Shuffles },
        ["within site"] = new() { Count = Shuffles, Within = "site" },
        ["within half"] = new() { Count = Shuffles, Within = "half" },
        ["whole pair"] = new() { Count = Shuffles, Whole = "pair" },
        ["within half, whole pair"] = new()
        {
            Count = Shuffles,
            Within = "half",
            Whole = "pair",
        },
        ["both within site"] = new()
        {
            Count = Shuffles,
            Within = "site",
            Errors = PermutationSpec.Both,
        },
        ["few within pair"] = new() { Count = 5, Within = "pair" },
    };

    [Theory]
    [InlineData("site", "within site", "siteb", null)]
    [InlineData("site", "within site", null, "site")]
    [InlineData("site", "within site", "siteb - sitec", null)]
    // Subjects of a pair have both sexes and keep their order.
    [InlineData("sex", "whole pair", "sexM", null)]
    // Subjects 0 to 17 and 18 to 35.
    [InlineData("half", "within half, whole pair", "halfy", null)]
    public void What_no_shuffle_moves_is_warned_of_and_has_p_1(string formula, string exchange, string? contrast, string? test)
    {
        var engine = Engine(formula, Exchanges[exchange], contrast, test);
        var warning = engine.Warnings.Single(text => text.Contains(Never, StringComparison.Ordinal));
        warning.ShouldStartWith(contrast is null ? "'site.F' tests what --exchange within=site" : "'c' tests what --exchange w");
        engine.Warnings.ShouldNotContain(text => text.Contains(Hardly, StringComparison.Ordinal));
        var columns = PermutationStudy.Fit(engine, Values).Columns;
        columns[$"{engine.Hypotheses[0].Name}.p.value.perm"].ShouldBe([1, 1]);
    }

    /// <summary>Age moves, and with it what is left of the sites beside it.</summary>
    [Theory]
    [InlineData("Age + site", "within site", "siteb", null)]
    [InlineData("Age + site", "within site", null, "site")]
    [InlineData("Age * site", "within site", null, "site, Age:site")]
    public void What_hardly_moves_is_warned_of_with_its_share(string formula, string exchange, string? contrast, string? test)
    {
        var engine = Engine(formula, Exchanges[exchange], contrast, test);
        var warning = engine.Warnings.Single(text => text.Contains(Hardly, StringComparison.Ordinal));
        warning.ShouldContain("--exchange within=site leaves");
        if (test?.Contains(',', StringComparison.Ordinal) == true)
            warning.ShouldContain("% in 2 of 4 degrees of freedom)");
    }

    [Theory]
    [InlineData("Age + site", "none", "siteb", "site")]
    [InlineData("Age + site", "within site", "Age", "Age")]
    [InlineData("Age + site + sex", "within half", "Age", "sex")]
    [InlineData("Age + site", "whole pair", "Age", "site")]
    [InlineData("site", "both within site", "siteb", "site")]
    [InlineData("sex", "few within pair", "sexM", "sex")]
    [InlineData("Age", "none", "Intercept", null)]
    public void What_moves_is_not_warned_of(string formula, string exchange, string? contrast, string? test) =>
        ShouldNotWarn(Engine(formula, Exchanges[exchange], contrast, test));

    [Fact]
    public void A_mean_that_is_permuted_has_one_warning() =>
        ShouldNotWarn(Engine("1", new() { Count = Shuffles, Errors = PermutationSpec.Exchangeable }, "Intercept", null));

    [Theory]
    [InlineData(3, true)] // rows of the same site
    [InlineData(1, false)]
    public void Shuffles_of_a_file_are_judged_by_what_they_do(int step, bool isWarned)
    {
        var path = Path.Combine(Path.GetTempPath(), $"hpcfit-unmoved-{Guid.NewGuid():N}.csv");
        try
        {
            File.WriteAllLines(path, Enumerable.Range(0, 12).Select(k => string.Join(',', Rotated(k * step))));
            var engine = Engine("site", new() { File = path }, "siteb", "site");
            if (isWarned)
                engine
                    .Warnings.Single(text => text.Contains(Never, StringComparison.Ordinal))
                    .ShouldStartWith($"'c', 'site.F' test what the shuffles of '{path}' (--permutations-file) never change");
            else
                ShouldNotWarn(engine);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A share of 1 - 1 / f² leaves 1 / f of a statistic: the formula against the mean and spread of many shuffles.</summary>
    [Fact]
    public void The_share_is_that_of_the_shuffles()
    {
        var engine = Engine("Age + site", new() { Count = 4000, Within = "site" }, "siteb", null);
        var (design, list) = (engine.Linear.WholeCohort!, engine.Lists[0].Shuffles);
        var space = new TestedSpace(design, 0, ofWholeModel: false);
        var direction = new double[PermutationStudy.Subjects];
        for (var row = 0; row < direction.Length; row++)
        for (var k = 0; k < design.Rank; k++)
            direction[row] += design.Basis[(row * design.Rank) + k] * space.Directions[k];
        var (source, mean) = (new int[direction.Length], 0.0);
        for (var shuffle = 0L; shuffle < list.Count; shuffle++)
        {
            list.Fill(shuffle, source);
            for (var row = 0; row < direction.Length; row++)
                mean += direction[row] * direction[source[row]] / list.Count;
        }
        UnmovedDirections.Shares(design, space, list.Orbits()).ShouldHaveSingleItem().ShouldBe(mean, 0.01);
    }

    private static void ShouldNotWarn(PermutationEngine engine) =>
        engine.Warnings.ShouldNotContain(text =>
            text.Contains(Never, StringComparison.Ordinal) || text.Contains(Hardly, StringComparison.Ordinal)
        );

    private static PermutationEngine Engine(string formula, PermutationSpec spec, string? contrast, string? test) =>
        PermutationStudy.Engine(
            PermutationStudy.Model(formula, spec, contrast is null ? [] : [$"c: {contrast}"], test is null ? [] : [test])
        );

    private static IEnumerable<int> Rotated(int by) =>
        Enumerable.Range(0, PermutationStudy.Subjects).Select(row => (row + by) % PermutationStudy.Subjects);
}
