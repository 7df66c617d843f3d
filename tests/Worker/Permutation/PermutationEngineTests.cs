using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

public sealed class PermutationEngineTests
{
    private const int Elements = 70;
    private const int Shuffles = 99;

    private static readonly double[,] Values = PermutationStudy.Values(Elements);

    [Fact]
    public void Counts_and_extremes_are_those_of_the_statistics()
    {
        var engine = PermutationStudy.Engine(Model());
        var (columns, status, bytes) = PermutationStudy.Fit(engine, Values);
        var all = new Kept();
        var passes = new DesignPasses(engine.Linear, engine.All);
        passes.Start(PermutationStudy.Block(Values, 0, Elements), [.. status.Select(Before)]);
        passes.Run(new(0, Shuffles), all);
        var extremes = NullExtremes.Keys(bytes).ToArray();
        for (var h = 0; h < engine.Hypotheses.Count; h++)
        {
            var name = engine.Hypotheses[h].Name;
            var unpermuted = all.Statistics[(h, 0)];
            for (var element = 0; element < Elements; element++)
            {
                var (s, isTested) = (unpermuted[element], element % 6 < 4);
                double.IsNaN(s).ShouldBe(!isTested);
                columns[$"{name}.permuted.statistic"][element].ShouldBe(s);
                var atLeast = Enumerable.Range(0, Shuffles).Count(k => all.Statistics[(h, k)][element] >= s);
                var extreme = Enumerable.Range(0, Shuffles).Count(k => Math.Abs(all.Statistics[(h, k)][element]) >= Math.Abs(s));
                columns[$"count{3 * h}"][element].ShouldBe(isTested ? atLeast : double.NaN);
                columns[$"{name}.p.value.perm"][element].ShouldBe(isTested ? (double)extreme / Shuffles : double.NaN);
            }
            for (var k = 0; k < Shuffles; k++)
            {
                var tested = all.Statistics[(h, k)].Take(Elements).Where(value => !double.IsNaN(value)).ToList();
                var at = engine.Columns.Extremes.At(k, h);
                NullExtremes.Value(extremes[at]).ShouldBe(tested.Max());
                NullExtremes.Value(extremes[at + 1]).ShouldBe(-tested.Min());
            }
        }
    }

    [Fact]
    public void Elements_outside_the_tests_have_a_status_and_keep_their_fits()
    {
        var engine = PermutationStudy.Engine(Model());
        var (columns, status, _) = PermutationStudy.Fit(engine, Values);
        status[4].ShouldBe(ElementStatus.NotPermuted);
        status[5].ShouldBe(ElementStatus.ConstantResponse);
        status[..4].ShouldAllBe(one => one == ElementStatus.Fitted);
        columns["slope.estimate"][4].ShouldNotBe(double.NaN);
        columns["slope.z"][4].ShouldBe(double.NaN);
    }

    /// <summary>Blocks of any size, in any order, and the kernel without registers.</summary>
    [Fact]
    public void Bits_depend_neither_on_the_blocks_nor_on_the_registers()
    {
        var expected = PermutationStudy.Fit(PermutationStudy.Engine(Model()), Values);
        (int, int)[][] partitions =
        [
            [(0, 1), (1, 69)],
            [(33, 37), (0, 33)],
            [.. Enumerable.Range(0, Elements).Select(i => (i, 1))],
        ];
        foreach (var kernel in new[] { KernelChoice.Auto, KernelChoice.Scalar })
        foreach (var partition in partitions)
        {
            var got = PermutationStudy.Fit(PermutationStudy.Engine(Model(), kernel), Values, partition);
            got.Extremes.ShouldBe(expected.Extremes);
            got.Status.ShouldBe(expected.Status);
            foreach (var (name, values) in expected.Columns)
                got.Columns[name].Select(BitConverter.DoubleToInt64Bits).ShouldBe(values.Select(BitConverter.DoubleToInt64Bits), name);
        }
    }

    [Fact]
    public void More_shuffles_begin_with_the_fewer()
    {
        var few = PermutationStudy.Fit(PermutationStudy.Engine(Model()), Values);
        var engine = PermutationStudy.Engine(Model(3 * Shuffles));
        var many = PermutationStudy.Fit(engine, Values);
        NullExtremes
            .Keys(many.Extremes)[..NullExtremes.Keys(few.Extremes).Length]
            .ToArray()
            .ShouldBe(NullExtremes.Keys(few.Extremes).ToArray());
    }

    [Fact]
    public void The_mean_is_tested_by_signs()
    {
        var model = PermutationStudy.Model("Age", new() { Count = 50 }, ["mean: Intercept + 40 * Age", "slope: Age"]);
        var engine = PermutationStudy.Engine(model);
        engine.Lists.Select(list => list.Errors).ShouldBe([PermutationSpec.Symmetric, PermutationSpec.Exchangeable]);
        engine.Warnings.ShouldContain(text => text.Contains("'mean' tests the mean", StringComparison.Ordinal));
        Should.Throw<BadInputException>(() => engine.Shuffled).Message.ShouldContain("--errors");
    }

    [Theory]
    [InlineData(PermutationSpec.Exchangeable, true)]
    [InlineData(PermutationSpec.Symmetric, false)]
    [InlineData("both", false)]
    public void Permutations_of_a_mean_are_warned_of(string errors, bool isWarned)
    {
        var spec = new PermutationSpec { Count = 50, Errors = errors };
        var engine = PermutationStudy.Engine(PermutationStudy.Model("Age", spec, ["mean: Intercept + 40 * Age", "slope: Age"]));
        engine.Warnings.Any(text => text.Contains("'mean' tests the mean", StringComparison.Ordinal)).ShouldBe(isWarned);
        engine.Warnings.ShouldNotContain(text => text.Contains("'slope' tests", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_hypothesis_there_is_nothing_to_test() =>
        Should
            .Throw<BadInputException>(() => PermutationStudy.Engine(PermutationStudy.Model("Age", new() { Count = 50 }, [])))
            .Message.ShouldContain("--contrast \"effect: Age\"");

    [Fact]
    public void A_variance_group_has_more_than_one_subject() =>
        Should
            .Throw<BadInputException>(() =>
                PermutationStudy.Engine(PermutationStudy.Model("Age", new() { Count = 50, VarianceGroups = "number" }, ["slope: Age"]))
            )
            .Message.ShouldContain("the subject 's0.mif' (row 1) is alone in its variance group ('number' is 0)");

    [Theory]
    [InlineData("-1 2 3", PermutationSpec.Symmetric)]
    [InlineData("2 1 3", PermutationSpec.Exchangeable)]
    [InlineData("-2 1 3", PermutationSpec.Both)]
    public void Shuffles_of_a_file_are_what_they_do(string start, string expected)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, $"{start} {string.Join(' ', Enumerable.Range(4, PermutationStudy.Subjects - 3))}\n");
        var engine = PermutationStudy.Engine(PermutationStudy.Model("Age", new() { File = path }, ["slope: Age"]));
        engine.Lists.Select(list => list.Summary.Errors).ShouldBe([expected]);
        File.Delete(path);
    }

    [Fact]
    public void Dekker_refuses_several_rows() =>
        Should
            .Throw<BadInputException>(() =>
                PermutationStudy.Engine(PermutationStudy.Model("site", new() { Count = 50, Method = PermutationSpec.Dekker }, [], "site"))
            )
            .Message.ShouldContain("'site.F' has 2");

    [Theory]
    [InlineData(1, 20, true)]
    [InlineData(1, 900, true)]
    [InlineData(3, 47, false)]
    public void Interpolated_z_is_as_precise_as_float32(double numerator, double residual, bool isSigned)
    {
        var scores = new NormalScores(numerator, residual, isSigned);
        double[] statistics = [.. Enumerable.Range(0, 2000).Select(i => (isSigned ? -30 : 0.01) + (0.0311 * i)), 1e3, double.NaN];
        var z = statistics.ToArray();
        scores.Convert(z);
        for (var i = 0; i < z.Length - 1; i++)
            Math.Abs(z[i] - scores.Exact(statistics[i])).ShouldBeLessThan(1e-8 * Math.Max(1, Math.Abs(z[i])), $"{statistics[i]}");
        z[^1].ShouldBe(double.NaN);
    }

    /// <summary>R: qnorm(p, lower.tail = FALSE, log.p = TRUE).</summary>
    [Theory]
    [InlineData(-0.7, 0.0085594785824803093)]
    [InlineData(-2.0, 1.1015196284987503)]
    [InlineData(-10.0, 3.9139462405318932)]
    [InlineData(-100.0, 13.888476033003888)]
    [InlineData(-700.0, 37.295079632647408)]
    [InlineData(-1500.0, 54.682340595465149)]
    public void Quantiles_of_the_normal_distribution_equal_R(double logP, double expected) =>
        NormalQuantile.UpperTail(logP).ShouldBe(expected, 1e-13 * expected);

    /// <summary>The status before the tests.</summary>
    private static ElementStatus Before(ElementStatus status) => status == ElementStatus.NotPermuted ? ElementStatus.Fitted : status;

    [Fact]
    public void Blocks_as_a_whole_are_refused_where_subjects_may_be_missing() =>
        Should
            .Throw<BadInputException>(() =>
                PermutationStudy.Engine(
                    PermutationStudy.Model(
                        "Age",
                        new()
                        {
                            Count = 50,
                            Whole = "pair",
                            Missing = PermutationSpec.Pattern,
                        },
                        ["slope: Age"]
                    )
                )
            )
            .Message.ShouldContain("whole=pair");

    /// <summary>The pairs of the cohort are exchanged, and nothing but the file says so.</summary>
    [Theory]
    [InlineData(PermutationSpec.Pattern, true)]
    [InlineData(PermutationSpec.Exclude, false)]
    public void A_file_that_exchanges_whole_blocks_is_announced_where_subjects_may_be_missing(string missing, bool isAnnounced)
    {
        var random = new Random(4);
        using var file = new TemporaryShuffles(
            60,
            k =>
            {
                int[] pairs = [.. Enumerable.Range(0, PermutationStudy.Subjects / 2)];
                if (k > 0)
                    random.Shuffle(pairs);
                return [.. pairs.SelectMany(pair => (int[])[2 * pair, (2 * pair) + 1])];
            }
        );
        var model = WithMissing(Model(), missing);
        model = model with { Permutation = model.Permutation! with { File = file.Path, Within = null } };
        PermutationStudy
            .Engine(model)
            .Warnings.Any(one =>
                one.Contains("subject 's0.mif' (row 1) stays together with 's1.mif' (row 2)", StringComparison.Ordinal)
                && one.Contains("--perm-missing exclude", StringComparison.Ordinal)
            )
            .ShouldBe(isAnnounced);
    }

    /// <summary>
    /// An element where a subject is missing, against a study without that subject and with the same shuffles without it.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData("half")]
    public void Elements_with_missing_subjects_have_the_shuffles_without_them(string? within)
    {
        const int Missing = 7;
        var model = WithMissing(Model(), PermutationSpec.Pattern);
        model = model with { Permutation = model.Permutation! with { Within = within } };
        var engine = PermutationStudy.Engine(model);
        var got = PermutationStudy.Fit(engine, Values);
        using var file = new TemporaryShuffles(Shuffles, k => Without(engine, k, Missing, within is not null));
        var subset = Model() with { Subset = $"number != {Missing}" };
        subset = subset with { Permutation = subset.Permutation! with { File = file.Path } };
        var alone = PermutationStudy.Engine(subset);
        var one = new double[PermutationStudy.Subjects, 1];
        for (var subject = 0; subject < PermutationStudy.Subjects; subject++)
            one[subject, 0] = subject == Missing ? 0 : Values[subject, 4];
        var expected = PermutationStudy.Fit(alone, one);
        expected.Status[0].ShouldBe(ElementStatus.Fitted);
        got.Status[4].ShouldBe(ElementStatus.Fitted);
        foreach (
            var name in (string[])
                ["slope.z", "slope.p.value.perm", "ab.z", "ab.p.value.perm", "site.F.z", "site.F.p.value.perm", "count0", "count8"]
        )
            got.Columns[name][4].ShouldBe(expected.Columns[name][0], 1e-9, name);
        got.Columns["slope.permuted.statistic"][0].ShouldBe(got.Columns["slope.z"][0]);
        engine.Hypotheses.ShouldAllBe(hypothesis => hypothesis.IsScore);
    }

    [Fact]
    public void Bits_of_elements_with_missing_subjects_do_not_depend_on_the_blocks()
    {
        var model = WithMissing(Model(), PermutationSpec.Pattern);
        var expected = PermutationStudy.Fit(PermutationStudy.Engine(model), Values);
        var got = PermutationStudy.Fit(PermutationStudy.Engine(model, KernelChoice.Scalar), Values, (50, 20), (0, 5), (5, 45));
        got.Extremes.ShouldBe(expected.Extremes);
        foreach (var (name, values) in expected.Columns)
            got.Columns[name].Select(BitConverter.DoubleToInt64Bits).ShouldBe(values.Select(BitConverter.DoubleToInt64Bits), name);
    }

    private static ModelSpec WithMissing(ModelSpec model, string missing) =>
        model with
        {
            Permutation = model.Permutation! with { Missing = missing },
        };

    /// <summary>A shuffle without a subject, counted from 1: drawn subjects are assigned in order, in each half with blocks.</summary>
    private static int[] Without(PermutationEngine engine, int shuffle, int missing, bool hasBlocks)
    {
        var source = new int[PermutationStudy.Subjects];
        engine.Lists[0].Shuffles.Fill(shuffle, source);
        int[][] blocks = hasBlocks
            ?
            [
                [.. Enumerable.Range(0, 18)],
                [.. Enumerable.Range(18, 18)],
            ]
            :
            [
                [.. Enumerable.Range(0, 36)],
            ];
        var drawn = new int[PermutationStudy.Subjects];
        foreach (var block in blocks)
        {
            var targets = block.Where(subject => subject != missing);
            foreach (var (target, from) in targets.Zip(block.Select(subject => source[subject]).Where(subject => subject != missing)))
                drawn[target] = from;
        }
        return
        [
            .. Enumerable
                .Range(0, PermutationStudy.Subjects)
                .Where(subject => subject != missing)
                .Select(subject => drawn[subject] + (drawn[subject] < missing ? 1 : 0)),
        ];
    }

    /// <summary>A file of shuffles.</summary>
    private sealed class TemporaryShuffles : IDisposable
    {
        public TemporaryShuffles(int count, Func<int, int[]> shuffle) =>
            File.WriteAllLines(Path, Enumerable.Range(0, count).Select(k => string.Join(',', shuffle(k))));

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"hpcfit-shuffles-{Guid.NewGuid():N}.csv");

        public void Dispose() => File.Delete(Path);
    }

    private static ModelSpec Model(long shuffles = Shuffles) =>
        PermutationStudy.Model("Age + site", new() { Count = shuffles }, ["slope: Age", "ab: siteb"], "site");

    /// <summary>Keeps all statistics.</summary>
    private sealed class Kept : StatisticReceiver
    {
        public Dictionary<(int Hypothesis, long Shuffle), double[]> Statistics { get; } = [];

        public override void Receive(int hypothesis, long shuffle, int tile, Span<double> statistics)
        {
            if (!Statistics.TryGetValue((hypothesis, shuffle), out var values))
                Statistics[(hypothesis, shuffle)] = values = new double[TileKernel.Width * ((Elements / TileKernel.Width) + 1)];
            statistics.CopyTo(values.AsSpan(tile * TileKernel.Width));
        }
    }
}
