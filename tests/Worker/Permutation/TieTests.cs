using System.Text.Json;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Models;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>
/// Shuffles whose statistic equals the unpermuted one in exact arithmetic count as such, whatever rounding makes of both: nearly perfect
/// fits, large nuisance effects, and statistics that are 0.
/// </summary>
public sealed class TieTests
{
    public static TheoryData<string> Names => [.. ExactCase.Read("ties").Select(one => one.Name)];

    /// <summary>Expected counts are those of refits with fractions (ties/make_cases.py).</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Counts_are_those_of_exact_arithmetic(string name)
    {
        var one = ExactCase.Read("ties").Single(other => other.Name == name);
        var engine = one.Engine(100_000);
        engine.Lists[0].Shuffles.Count.ShouldBe(one.Of("shuffles").GetInt64());
        var (tests, results) = (engine.DeclareTests(), Fit(engine, ExactCase.Block(one.Responses)));
        foreach (var (hypothesis, test) in tests.Hypotheses.Index())
        foreach (var (element, expected) in one.Of("counts").GetProperty(test.Name).EnumerateArray().Index())
        {
            var label = $"{name}, {test.Name}, element {element}";
            if (expected.ValueKind == JsonValueKind.Null)
            {
                results.Status[element].ShouldBeOneOf(ElementStatus.NotPermuted, ElementStatus.ConstantResponse);
                Counts(engine, results, hypothesis, element).ShouldAllBe(count => double.IsNaN(count));
                continue;
            }
            results.Status[element].ShouldBe(ElementStatus.Fitted, label);
            Counts(engine, results, hypothesis, element).ShouldBe([.. expected.EnumerateArray().Select(count => count.GetDouble())], label);
            results
                .Column(engine.Columns.P(hypothesis))[element]
                .ShouldBeGreaterThanOrEqualTo(new ShuffleAccuracy(tests, test).LeastP, label);
        }
    }

    /// <summary>The merge compares maxima to 1e-10, without knowing how precise a statistic is.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Maxima_of_one_element_count_like_the_element(string name)
    {
        var one = ExactCase.Read("ties").Single(other => other.Name == name);
        var engine = one.Engine(100_000);
        foreach (var (element, response) in one.Responses.Index())
        {
            var results = Fit(engine, ExactCase.Block([response]));
            for (var hypothesis = 0; hypothesis < engine.Hypotheses.Count; hypothesis++)
            {
                var statistic = Math.Abs(results.Column(engine.Columns.Statistic(hypothesis))[0]);
                if (double.IsNaN(statistic))
                    continue;
                var bound = statistic - (1e-10 * Math.Max(1, statistic));
                Maxima(engine, results, hypothesis)
                    .Count(largest => largest >= bound)
                    .ShouldBe((int)Counts(engine, results, hypothesis, 0)[2], $"{name}, element {element}");
            }
        }
    }

    /// <summary>Exchanges within groups that the model has are all the data, at every size of residuals and number of subjects.</summary>
    [Theory]
    [InlineData(12, null)]
    [InlineData(12, "group")]
    [InlineData(240, null)]
    [InlineData(240, "group")]
    [InlineData(1002, null)]
    public void Statistics_that_nothing_changes_tie(int subjects, string? varianceGroups)
    {
        const int groups = 6;
        const int elements = 64;
        var engine = Grouped(subjects, groups, varianceGroups);
        var random = new Random(subjects);
        // Residuals of 1 to 1e-11 of the effects.
        var responses = Enumerable
            .Range(0, elements)
            .Select(element =>
            {
                var effects = Enumerable.Range(0, groups).Select(_ => random.NextDouble()).ToArray();
                var size = Math.Pow(10, -11.0 * element / elements);
                return Enumerable.Range(0, subjects).Select(row => effects[row % groups] + (size * (random.NextDouble() - 0.5))).ToArray();
            })
            .ToArray();
        var results = Fit(engine, ExactCase.Block(responses));
        var shuffles = engine.Lists[0].Shuffles.Count;
        for (var hypothesis = 0; hypothesis < engine.Hypotheses.Count; hypothesis++)
        for (var element = 0; element < elements; element++)
            if (element < elements / 2 || results.Status[element] == ElementStatus.Fitted)
                Counts(engine, results, hypothesis, element).ShouldBe([shuffles, shuffles, shuffles], $"element {element}");
    }

    /// <summary>What double leaves of residuals is not tested.</summary>
    [Fact]
    public void Perfect_fits_have_no_tests()
    {
        var one = ExactCase.Read("ties").Single(other => other.Name == "3 against 3");
        var engine = one.Engine(100_000);
        double[][] responses =
        [
            [0.3, 0.3, 0.3, 0.4, 0.4, 0.4],
            [0.3, 0.3 + 5e-17, 0.3, 0.4, 0.4, 0.4 - 5e-17],
            [0.3, 0.3 + 1e-13, 0.3, 0.4, 0.4 - 2e-13, 0.4],
            [0.3, 0.3 + 1e-9, 0.3, 0.4, 0.4 - 2e-9, 0.4],
        ];
        var results = Fit(engine, ExactCase.Block(responses));
        for (var element = 0; element < 3; element++)
        {
            results.Status[element].ShouldBe(ElementStatus.NotPermuted);
            results.Column(engine.Columns.P(0))[element].ShouldBe(double.NaN);
        }
        results.Status[3].ShouldBe(ElementStatus.Fitted);
        results.Column(engine.Columns.P(0))[3].ShouldBe(0.1);
    }

    private static PermutationEngine Grouped(int subjects, int groups, string? varianceGroups)
    {
        var options = new List<string> { "--contrast", "t: groupb", "--contrast", "d: groupc - groupd", "--f-test", "group" };
        options.AddRange(["--exchange", "within=group"]);
        if (varianceGroups is not null)
            options.AddRange(["--variance-groups", varianceGroups]);
        var document = new
        {
            formula = "y ~ group",
            options,
            cohort = new { group = Enumerable.Range(0, subjects).Select(row => "abcdef"[row % groups].ToString()) },
            responses = new[] { new double[subjects] },
        };
        return new ExactCase(JsonSerializer.SerializeToElement(document)).Engine(100);
    }

    private static ResultBlock Fit(PermutationEngine engine, in ScalarBlock block)
    {
        var values = new double[engine.Layout.PartialWidth * block.Count];
        var results = new ResultBlock(new(0, block.Count), values, new ElementStatus[block.Count])
        {
            Bytes = new byte[engine.Layout.BytesPerBlock],
        };
        using var fitter = engine.CreateFitter();
        fitter.Fit(block, results);
        return results;
    }

    private static double[] Counts(PermutationEngine engine, in ResultBlock results, int hypothesis, int element)
    {
        var counts = new double[ExtremesAndCounts.Counts];
        for (var which = 0; which < counts.Length; which++)
            counts[which] = results.Column(engine.Columns.FirstCount + (counts.Length * hypothesis) + which)[element];
        return counts;
    }

    /// <summary>Per shuffle the largest magnitude.</summary>
    private static IEnumerable<double> Maxima(PermutationEngine engine, in ResultBlock results, int hypothesis)
    {
        var keys = NullExtremes.Keys(results.Bytes.Span).ToArray();
        return Enumerable
            .Range(0, (int)engine.Lists[0].Shuffles.Count)
            .Select(shuffle => engine.Columns.Extremes.At(shuffle, hypothesis))
            .Select(at => double.MaxNumber(NullExtremes.Value(keys[at]), NullExtremes.Value(keys[at + 1])));
    }
}
