using HpcFit.Coordinator.Merging;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Tests.Merging;

/// <summary>Statistics of 30 elements and known shuffles, in blocks as attempts leave them: two contrasts and an F test.</summary>
public sealed class MaximumStatisticTests : IDisposable
{
    private const int Elements = 30;
    private const int Without = 7;
    private static readonly int[] Counts = [40, 25];
    private readonly List<TestRun> _runs = [];

    public void Dispose() => _runs.ForEach(run => run.Dispose());

    [Fact]
    public void P_values_are_fractions_of_the_shuffles_of_the_hypothesis_whatever_the_blocks()
    {
        using var whole = Merge(TwoLists, (0, 30));
        using var pieces = Merge(TwoLists, (20, 30), (0, 13), (4, 20));
        for (var h = 0; h < 3; h++)
        {
            var maxima = Enumerable.Range(0, CountOf(TwoLists, h)).Select(k => Present().Max(e => Magnitude(h, k, e))).ToList();
            var expected = Enumerable
                .Range(0, Elements)
                .Select(e => e == Without ? double.NaN : (double)maxima.Count(m => m >= Magnitude(h, 0, e)) / maxima.Count)
                .ToArray();
            Column(whole, 1 + h).ShouldBe(expected);
            Column(pieces, 1 + h).ShouldBe(expected);
            Column(pieces, 7 + h).ShouldBe([.. expected.Select(p => 0 - Math.Log10(p))]);
            expected.Where(double.IsFinite).Distinct().Count().ShouldBeGreaterThan(2);
        }
        whole.Maximum!.Maxima(0)[11].ShouldBe((Present().Max(e => Statistic(0, 11, e)), Present().Max(e => -Statistic(0, 11, e))));
        whole.Maximum.Maxima(2)[11].ShouldBe((Present().Max(e => Statistic(2, 11, e)), double.NaN));
    }

    [Fact]
    public void Statistics_that_differ_in_their_last_bits_tie()
    {
        var distribution = new NullDistribution([3, 2 * (1 - 1e-12), 1, double.NaN]);
        distribution.P(2).ShouldBe(0.5);
        distribution.P(2 * (1 + 1e-9)).ShouldBe(0.25);
        distribution.P(1).ShouldBe(0.75);
        new NullDistribution([3e-17, -1e-17, 2, -1]).P(3e-17).ShouldBe(0.75, "the first two are 0 but for rounding");
        distribution.P(-5).ShouldBe(0.75, "a shuffle without a statistic has no maximum");
        distribution.P(double.NaN).ShouldBe(double.NaN);
    }

    [Fact]
    public void The_maximum_over_hypotheses_is_that_of_normal_scores()
    {
        using var merged = Merge(OneList, (0, 13), (13, 30));
        var scores = Enumerable
            .Range(0, Counts[0])
            .Select(k => Enumerable.Range(0, 3).Max(h => Present().Max(e => Score(h, Magnitude(h, k, e)))))
            .ToList();
        for (var h = 0; h < 3; h++)
        {
            var expected = Enumerable
                .Range(0, Elements)
                .Select(e =>
                    e == Without ? double.NaN : (double)scores.Count(s => s >= Score(h, Magnitude(h, 0, e)) - 1e-9) / scores.Count
                );
            Column(merged, 4 + h).ShouldBe([.. expected]);
        }
        Column(merged, 4).ShouldNotBe(Column(merged, 1));
    }

    /// <summary>The second contrast's own p-values are of another side than the first one's; F has the upper one.</summary>
    [Fact]
    public void Tests_of_one_side_compare_with_the_maxima_of_that_side()
    {
        var layout = OneList with
        {
            Hypotheses =
            [
                OneList.Hypotheses[0] with
                {
                    Alternative = PermutationSpec.Greater,
                },
                OneList.Hypotheses[1] with
                {
                    Alternative = PermutationSpec.Less,
                },
                OneList.Hypotheses[2],
            ],
        };
        using var merged = Merge(layout, (0, 13), (13, 30));
        using var both = Merge(OneList, (0, 30));
        double Extreme(int h, int k, int e) => h == 1 ? -Statistic(h, k, e) : Statistic(h, k, e);
        double SignedScore(int h, double x) => h == 2 ? NormalScore.OfF(x, 2, 20) : NormalScore.OfT(x, 20);
        var scores = Enumerable
            .Range(0, Counts[0])
            .Select(k => Enumerable.Range(0, 3).Max(h => SignedScore(h, Present().Max(e => Extreme(h, k, e)))))
            .ToList();
        for (var h = 0; h < 3; h++)
        {
            var maxima = Enumerable.Range(0, Counts[0]).Select(k => Present().Max(e => Extreme(h, k, e))).ToList();
            double[] Expected(Func<int, double> fraction) =>
                [.. Enumerable.Range(0, Elements).Select(e => e == Without ? double.NaN : fraction(e) / Counts[0])];
            var p = Expected(e => maxima.Count(m => m >= Extreme(h, 0, e)));
            Column(merged, 1 + h).ShouldBe(p);
            Column(merged, 4 + h).ShouldBe(Expected(e => scores.Count(s => s >= SignedScore(h, Extreme(h, 0, e)) - 1e-9)));
            Column(merged, 10 + h).ShouldBe([.. p.Select(value => Math.Exp(Math.Log(value)))]);
            (h < 2 && p.SequenceEqual(Column(both, 1 + h))).ShouldBeFalse("the side matters");
            merged.Maximum!.Maxima(h).ShouldBe(both.Maximum!.Maxima(h), "both signs are kept");
        }
    }

    [Fact]
    public void Tails_replace_small_fractions_and_are_described_with_the_maxima()
    {
        using var merged = Merge(OneList, (0, 13), (13, 30));
        for (var h = 0; h < 3; h++)
        {
            var (p, tail, log) = (Column(merged, 1 + h), Column(merged, 10 + h), Column(merged, 13 + h));
            // 39 shuffles have no tail of 20.
            tail.ShouldBe([.. p.Select(value => Math.Exp(Math.Log(value)))]);
            log.ShouldBe([.. p.Select(value => 0 - (Math.Log(value) / Math.Log(10)))]);
        }
        merged.ColumnsWithoutTail().ShouldBe(["a.p.value.fwe.gpd", "b.p.value.fwe.gpd", "site.F.p.value.fwe.gpd"]);
        var attributes = NullMaximaDataset.Create("/results/x", merged.Maximum!, hasTails: true).Attributes;
        attributes
            .Select(one => one.Name)
            .ShouldBe(["columns", "signs", "shuffles", "gpd_threshold", "gpd_shape", "gpd_scale", "gpd_fraction", "gpd_least_p"]);
        BitConverter.ToDouble(attributes[3].Bytes).ShouldBe(double.NaN);
    }

    [Fact]
    public void Null_maxima_are_stored_by_shuffle_hypothesis_and_sign()
    {
        using var merged = Merge(TwoLists, (0, 30));
        var stored = NullMaximaDataset.Create("/results/x", merged.Maximum!);
        stored.Path.ShouldBe("/results/x/null_maxima");
        stored.Shape.ShouldBe([40, 3, 2]);
        var bytes = new byte[40 * 3 * 2 * sizeof(double)];
        stored.Source!(new Region([0, 0, 0], [40, 3, 2]), bytes);
        double Value(int k, int h, int sign) => BitConverter.ToDouble(bytes, 8 * ((((k * 3) + h) * 2) + sign));
        Value(0, 1, 1).ShouldBe(Present().Max(e => -Statistic(1, 0, e)));
        Value(24, 2, 0).ShouldBe(Present().Max(e => Statistic(2, 24, e)));
        Value(24, 2, 1).ShouldBe(double.NaN, "F has no sign");
        Value(25, 2, 0).ShouldBe(double.NaN, "the second list is shorter");
        Value(39, 0, 0).ShouldBe(Present().Max(e => Statistic(0, 39, e)));
        stored.Attributes.Select(one => one.Name).ShouldBe(["columns", "signs", "shuffles"]);
    }

    [Fact]
    public void A_block_with_elements_that_are_not_in_the_run_is_refused()
    {
        using var merged = Merge(TwoLists, subset: [new(0, 20)], (0, 30));
        Should.Throw<PartialConflictException>(() => merged.Maximum).Message.ShouldContain("not in the run");
    }

    private static PermutationLayout TwoLists =>
        new(
            [new("a", 0, true, 1, 20, 0), new("b", 1, true, 1, 20, 0), new("site.F", 2, false, 2, 20, 1)],
            [.. Counts.Select(count => new ShuffleSummary(PermutationSpec.Exchangeable, count, false, 30))]
        );

    private static PermutationLayout OneList =>
        TwoLists with
        {
            Hypotheses = [.. TwoLists.Hypotheses.Select(one => one with { List = 0 })],
            Lists = [TwoLists.Lists[0]],
        };

    private static int CountOf(PermutationLayout layout, int hypothesis) => (int)layout.Lists[layout.Hypotheses[hypothesis].List].Count;

    private static IEnumerable<int> Present() => Enumerable.Range(0, Elements).Where(e => e != Without);

    /// <summary>Statistics that repeat and have both signs; of F none.</summary>
    private static double Statistic(int hypothesis, int shuffle, int element)
    {
        var value = (((shuffle * 17) + (element * 5 * (hypothesis + 1)) + (shuffle * element)) % 97 / 16.0) - 3;
        return hypothesis == 2 ? value * value : value * (1 - (shuffle % 5 / 6.0));
    }

    private static double Magnitude(int hypothesis, int shuffle, int element) => Math.Abs(Statistic(hypothesis, shuffle, element));

    private static double Score(int hypothesis, double magnitude) =>
        hypothesis == 2 ? NormalScore.OfF(magnitude, 2, 20) : NormalScore.OfT(magnitude, 20);

    private static double[] Column(MergedColumns merged, int column)
    {
        var values = new double[merged.Rows];
        merged.ReadColumn(column, values);
        return values;
    }

    private static IEnumerable<ResultColumn> Tails(PermutationLayout layout, bool isLogarithm) =>
        layout.Hypotheses.Select(
            (one, h) => new ResultColumn($"{one.Name}.p.value.fwe.gpd", ResultSource.FamilyWiseTailP, h) { NegativeLog10 = isLogarithm }
        );

    private MergedColumns Merge(PermutationLayout layout, params (int First, int End)[] blocks) => Merge(layout, [], blocks);

    private MergedColumns Merge(PermutationLayout layout, ElementRange[] subset, params (int First, int End)[] blocks)
    {
        var test = new TestRun(Elements);
        _runs.Add(test);
        var extremes = new NullExtremes(Counts[0], 3);
        var run = RunDirectory.CreateOrOpen(
            Path.Combine(test.Directory.Root, "own"),
            test.Directory.Document with
            {
                Spec = test.Directory.Document.Spec with { Elements = subset },
                Layout = new(
                    ["a.t", "b.t", "site.t"],
                    [
                        new("element_id", ResultSource.ElementId),
                        .. layout.Hypotheses.Select((one, h) => new ResultColumn($"{one.Name}.p.value.fwe", ResultSource.FamilyWiseP, h)),
                        .. layout.Hypotheses.Select(
                            (one, h) => new ResultColumn($"{one.Name}.p.value.fwe.all", ResultSource.FamilyWisePOverHypotheses, h)
                        ),
                        .. layout.Hypotheses.Select(
                            (one, h) =>
                                new ResultColumn($"{one.Name}.p.value.fwe.neglog10", ResultSource.FamilyWiseP, h) { NegativeLog10 = true }
                        ),
                        .. Tails(layout, isLogarithm: false),
                        .. Tails(layout, isLogarithm: true),
                    ]
                )
                {
                    BytesPerBlock = extremes.Bytes,
                    Permutation = layout,
                },
            }
        );
        foreach (var (first, end) in blocks)
            Write(run, extremes, first, end);
        return new(Coverage.Read(run, CancellationToken.None), run.Document, fullLength: false);
    }

    private static void Write(RunDirectory run, NullExtremes extremes, int first, int end)
    {
        var attempt = AttemptId.New(new(1), new(0));
        using var partial = PartialWriter.Create(
            run.PartialFile(attempt),
            PartialHeader.Create(run.Document.Digest, attempt, "node7", run.Document.Layout)
        );
        var (elements, bytes) = (Enumerable.Range(first, end - first).ToList(), new byte[extremes.Bytes]);
        var keys = NullExtremes.Keys(bytes);
        for (var h = 0; h < 3; h++)
        {
            for (var k = 0; k < CountOf(run.Document.Layout.Permutation!, h); k++)
            {
                foreach (var value in elements.Where(e => e != Without).Select(e => Statistic(h, k, e)))
                {
                    var at = extremes.At(k, h);
                    keys[at] = Math.Max(keys[at], NullExtremes.Key(value));
                    keys[at + 1] = Math.Max(keys[at + 1], NullExtremes.Key(-value));
                }
            }
        }
        var columns = Enumerable.Range(0, 3).SelectMany(h => elements.Select(e => e == Without ? double.NaN : Statistic(h, 0, e)));
        partial.AppendWhole(new(new(first, end), columns.ToArray(), new ElementStatus[end - first]), bytes, default);
        partial.Complete();
    }
}
