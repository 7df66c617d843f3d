using System.Globalization;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Permutation;
using MathNet.Numerics.LinearAlgebra;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>
/// The least possible p: against refits of explicitly enumerated shuffles, known numbers of arrangements, and p-values of strong effects.
/// </summary>
public sealed class LeastPTests
{
    private const int Elements = 40;

    public static TheoryData<string> Designs => [.. Cases.Keys];

    /// <summary>Those of Freedman and Lane's method with one variance.</summary>
    public static TheoryData<string> OfLeastSquares =>
        [.. Cases.Where(one => one.Value is { Method: null, VarianceGroups: null }).Select(one => one.Key)];

    /// <summary>What is expected of them: of contrasts first, then of F tests.</summary>
    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["3 against 3"] = new("aaabbb", "group", [72]) { Shuffles = 720 },
        ["3 against 3, above"] = new("aaabbb", "group", [36]) { Shuffles = 720, Alternative = PermutationSpec.Greater },
        ["4 against 4"] = new("aaaabbbb", "group", [2 * 576]) { Shuffles = 40320 },
        ["4 against 4, below"] = new("aaaabbbb", "group", [576]) { Shuffles = 40320, Alternative = PermutationSpec.Less },
        ["2 against 4"] = new("aabbbb", "group", [48]) { Shuffles = 720 },
        ["3 against 3 with a covariate"] = new("aaabbb", "group + age", [1]) { Shuffles = 720 },
        ["dekker"] = new("aaabbb", "group", [72]) { Shuffles = 720, Method = PermutationSpec.Dekker },
        ["variance groups"] = new("aaabbb", "group", [72]) { Shuffles = 720, VarianceGroups = "group" },
        ["five pairs"] = new("aaaaa", "1", [2]) { Shuffles = 32, Contrasts = ["t: Intercept"] },
        ["five pairs, above"] = new("aaaaa", "1", [1])
        {
            Shuffles = 32,
            Contrasts = ["t: Intercept"],
            Alternative = PermutationSpec.Greater,
        },
        ["within pairs"] = new("abababab", "group + site", [2]) { Shuffles = 16, Within = "site" },
        ["within two sites"] = new("aabbaabb", "group + half", [2 * 16]) { Shuffles = 576, Within = "half" },
        ["whole pairs"] = new("aabbaabb", "group", [2 * 4]) { Shuffles = 24, Whole = "site" },
        ["F of three groups"] = new("aabbcc", "group", [2 * 8, 48])
        {
            Shuffles = 720,
            Contrasts = ["ab: groupb"],
            Tests = ["group"],
        },
        ["F of four groups"] = new("aabbccdd", "group", [16 * 4, 16 * 24])
        {
            Shuffles = 40320,
            Contrasts = ["ab: groupb"],
            Tests = ["group"],
        },
    };

    [Theory]
    [MemberData(nameof(Designs))]
    public void Shuffles_that_change_no_statistic_are_counted(string id)
    {
        var expected = Cases[id];
        var tests = expected.Engine().DeclareTests();
        tests.Lists.ShouldHaveSingleItem().Count.ShouldBe(expected.Shuffles);
        tests.Hypotheses.Select(test => test.Unchanged).ShouldBe([.. expected.Unchanged.Select(count => (long?)count)]);
    }

    /// <summary>Every shuffle of the list, fitted again by QR for three random responses.</summary>
    [Theory]
    [MemberData(nameof(OfLeastSquares))]
    public void Refits_of_all_shuffles_count_the_same(string id)
    {
        var one = Cases[id];
        var engine = one.Engine();
        var list = engine.Lists[0];
        var source = new int[one.Groups.Length];
        foreach (var test in engine.DeclareTests().Hypotheses)
        {
            var refit = new Refit(one, test.IsSigned);
            var (count, unpermuted) = (0L, Array.Empty<double>());
            for (var shuffle = 0L; shuffle < list.Shuffles.Count; shuffle++)
            {
                list.Shuffles.Fill(shuffle, source);
                var statistics = refit.Statistics(source);
                if (test.Side == TestedSide.Both)
                    statistics = [.. statistics.Select(Math.Abs)];
                if (shuffle == 0)
                    unpermuted = statistics;
                count += statistics.Zip(unpermuted).All(pair => Math.Abs(pair.First - pair.Second) < 1e-8 * Math.Abs(pair.Second)) ? 1 : 0;
            }
            count.ShouldBe(test.Unchanged!.Value, test.Name);
        }
    }

    /// <summary>Elements of noise, and of effects from which all but these shuffles take away.</summary>
    [Theory]
    [MemberData(nameof(Designs))]
    public void No_p_value_is_less_and_some_are_equal(string id)
    {
        var engine = Cases[id].Engine();
        var tests = engine.DeclareTests();
        var columns = Fit(engine, Cases[id]);
        foreach (var test in tests.Hypotheses)
        {
            // Residuals of groups that are nuisance sum to 0 in each, so that two of the three ways to pair them again give a larger t.
            var factor = id == "F of four groups" && test.IsSigned ? 3 : 1;
            columns[$"{test.Name}.p.value.perm"].Min().ShouldBe(factor * new ShuffleAccuracy(tests, test).LeastP, 1e-15, test.Name);
        }
    }

    [Fact]
    public void Shuffles_of_a_random_list_are_counted_in_it()
    {
        var engine = (Cases["4 against 4"] with { Requested = 1000 }).Engine();
        var test = engine.DeclareTests().Hypotheses[0];
        var (source, count) = (new int[8], 0);
        for (var shuffle = 0; shuffle < 1000; shuffle++)
        {
            engine.Lists[0].Shuffles.Fill(shuffle, source);
            count += source[..4].All(row => row < 4) || source[..4].All(row => row >= 4) ? 1 : 0;
        }
        count.ShouldBeInRange(10, 60);
        test.Unchanged.ShouldBe(count);
    }

    /// <summary>Five million shuffles of some hundred rows are not computed for a number that is 1.</summary>
    [Fact]
    public void Long_lists_are_not_examined() =>
        PermutationStudy
            .Engine(
                PermutationStudy.Model("Age", new() { Count = 5_000_000 }, ["slope: Age"]) with
                {
                    Enhancement = new() { Enhance = EnhancementSpec.Tfce },
                }
            )
            .DeclareTests()
            .Hypotheses[0]
            .Unchanged.ShouldBeNull();

    private static Dictionary<string, double[]> Fit(PermutationEngine engine, Case one)
    {
        var rows = one.Groups.Length;
        var values = new double[rows * Elements];
        for (var row = 0; row < rows; row++)
        for (var element = 0; element < Elements; element++)
            values[(row * Elements) + element] = one.Response(row, element);
        var width = engine.Layout.PartialWidth;
        var results = new ResultBlock(new(0, Elements), new double[width * Elements], new ElementStatus[Elements])
        {
            Bytes = new byte[engine.Layout.BytesPerBlock],
        };
        using var fitter = engine.CreateFitter();
        fitter.Fit(
            new(
                new[] { new ScalarValues(0, Elements, default, values, Elements) },
                [
                    [.. Enumerable.Range(0, rows)],
                ]
            ),
            results
        );
        results.Status.ToArray().ShouldAllBe(status => status == ElementStatus.Fitted);
        var columns = new Dictionary<string, double[]>();
        foreach (var (at, name) in engine.Layout.PartialColumns.Index())
            columns[name] = results.Column(at).ToArray();
        return columns;
    }

    /// <summary>A design of a factor, of sites of two rows each and halves, and a covariate; and what is expected of it.</summary>
    /// <param name="Groups">The factor's levels.</param>
    /// <param name="Formula">The predictors.</param>
    /// <param name="Unchanged">Per test how many shuffles change nothing.</param>
    private sealed record Case(string Groups, string Formula, int[] Unchanged)
    {
        private static readonly double[] Ages = [31, 47.5, 22.25, 58, 36, 41.75, 63, 27.5];

        public required int Shuffles { get; init; }
        public long Requested { get; init; } = 100_000;
        public string[] Contrasts { get; init; } = ["t: groupb"];
        public string[] Tests { get; init; } = [];
        public string? Alternative { get; init; }
        public string? Method { get; init; }
        public string? VarianceGroups { get; init; }
        public string? Within { get; init; }
        public string? Whole { get; init; }

        public PermutationEngine Engine()
        {
            var file = Path.GetTempFileName();
            try
            {
                File.WriteAllLines(
                    file,
                    Groups
                        .Select(
                            (group, row) =>
                                string.Create(CultureInfo.InvariantCulture, $"{group},{Ages[row]},s{row / 2},h{row / 4},sub-{row}")
                        )
                        .Prepend("group,age,site,half,source_file")
                );
                return PermutationEngine.Create(Model(), CohortTable.Read(file), ["y"], "y");
            }
            finally
            {
                File.Delete(file);
            }
        }

        /// <summary>Noise, with a strong effect of one of several patterns in most elements.</summary>
        public double Response(int row, int element)
        {
            var random = new Random(element);
            for (var earlier = 0; earlier < row; earlier++)
                random.NextDouble();
            var noise = random.NextDouble() - 0.5;
            var level = Groups[row] - 'a';
            var sign = Alternative == PermutationSpec.Less ? -1 : 1;
            var effect = (element % 4) switch
            {
                0 => 0,
                1 => level == 1 ? 10 : 0,
                2 => level == 1 ? 10
                : level > 1 ? (4 * level) - 5
                : 0,
                _ => level * level * 5,
            };
            return noise + (sign * (Contrasts[0] == "t: Intercept" ? (element % 2) + 0.5 : effect));
        }

        /// <summary>The model matrix, and without the tested columns; null: none are left.</summary>
        public (Matrix<double> Model, Matrix<double>? Nuisance) Matrices(bool isSigned)
        {
            List<double[]> tested = [];
            List<double[]> nuisance = [];
            var ones = Column((_, _) => 1);
            (Contrasts[0] == "t: Intercept" ? tested : nuisance).Add(ones);
            foreach (var level in Groups.Distinct().Order().Skip(1))
                (level == 'b' || !isSigned ? tested : nuisance).Add(Column((group, _) => group == level ? 1 : 0));
            if (Formula.Contains("age", StringComparison.Ordinal))
                nuisance.Add([.. Ages.Take(Groups.Length)]);
            for (var block = 1; block < 4 && Formula.Contains("site", StringComparison.Ordinal); block++)
                nuisance.Add(Column((_, row) => row / 2 == block ? 1 : 0));
            if (Formula.Contains("half", StringComparison.Ordinal))
                nuisance.Add(Column((_, row) => row / 4));
            var build = Matrix<double>.Build;
            var model = build.DenseOfColumnArrays([.. nuisance, .. tested]);
            return (model, nuisance.Count > 0 ? build.DenseOfColumnArrays([.. nuisance]) : null);
        }

        private double[] Column(Func<char, int, double> value) => [.. Groups.Select(value)];

        private ModelSpec Model() =>
            new()
            {
                Engine = "lm",
                Formula = $"y ~ {Formula}",
                NumSubjLthrAbs = 2,
                NumSubjLthrRel = 0,
                Hypotheses = new() { Contrasts = [.. Contrasts.Select(text => ContrastSpec.Parse(text, "--contrast"))], FTests = Tests },
                Permutation = new()
                {
                    Count = Requested,
                    Alternative = Alternative,
                    Method = Method ?? PermutationSpec.FreedmanLane,
                    VarianceGroups = VarianceGroups,
                    Within = Within,
                    Whole = Whole,
                },
            };
    }

    /// <summary>Statistics by their definition: residuals of the nuisance part, shuffled, and fitted by the model and without it.</summary>
    private sealed class Refit
    {
        private readonly bool _isSigned;
        private readonly Matrix<double> _outsideModel;
        private readonly Matrix<double> _outsideNuisance;
        private readonly Vector<double> _direction;
        private readonly Vector<double>[] _residuals;

        public Refit(Case one, bool isSigned)
        {
            _isSigned = isSigned;
            var (model, nuisance) = one.Matrices(isSigned);
            _outsideModel = Outside(model);
            _outsideNuisance = nuisance is null ? Matrix<double>.Build.DenseIdentity(model.RowCount) : Outside(nuisance);
            _direction = _outsideNuisance * model.Column(model.ColumnCount - 1);
            _residuals =
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(k => _outsideNuisance * Vector<double>.Build.Dense(one.Groups.Length, row => one.Response(row, 4 * k))),
            ];
        }

        public double[] Statistics(int[] source) =>
            [
                .. _residuals.Select(residuals =>
                {
                    var y = Vector<double>.Build.Dense(
                        source.Length,
                        row => source[row] < 0 ? -residuals[~source[row]] : residuals[source[row]]
                    );
                    var rest = y * (_outsideModel * y);
                    var ratio = ((y * (_outsideNuisance * y)) - rest) / rest;
                    return _isSigned ? Math.CopySign(Math.Sqrt(Math.Max(0, ratio)), _direction * y) : ratio;
                }),
            ];

        private static Matrix<double> Outside(Matrix<double> columns)
        {
            var identity = Matrix<double>.Build.DenseIdentity(columns.RowCount);
            return identity - (columns * columns.PseudoInverse());
        }
    }
}
