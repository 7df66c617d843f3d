using HpcFit.Shared.Specs;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Permutation;
using MathNet.Numerics.LinearAlgebra;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>The statistics of shuffled data against a fit of the whole model per shuffle, by QR.</summary>
public sealed class RefitTests
{
    private const int Elements = 40;
    private const int Shuffles = 24;

    private static readonly double[,] Values = PermutationStudy.Values(Elements);

    public static TheoryData<string> Models => [.. Cases.Keys];

    private static readonly Dictionary<string, ModelSpec> Cases = new()
    {
        ["one contrast"] = Model("Age + sex", ["slope: Age"]),
        ["several contrasts"] = Model("Age + sex + site", ["slope: Age", "fm: sexM", "ab: siteb", "ac: sitec", "bc: siteb - sitec"]),
        ["F of a term"] = Model("Age + site", ["slope: Age"], "site"),
        ["type II with an interaction"] = Model("Age * site", ["slope: Age"], "site", "Age:site"),
        ["weights"] = Model("Age + site", ["slope: Age"], "site") with { Weights = "w" },
        ["offset"] = Model("Age + site + offset(w)", ["slope: Age"], "site"),
        ["transformed response"] = Model("Age + site", ["slope: Age"], "site") with { Formula = "log(y + 20) ~ Age + site" },
        ["means"] = Model("sex", ["mean: Intercept + 0.5 * sexM", "fm: sexM"]),
        ["signs"] = Model("Age", ["slope: Age"], PermutationSpec.Symmetric),
        ["signs and permutations"] = Model("Age + site", ["slope: Age", "ab: siteb"], PermutationSpec.Both),
        ["within"] = Exchanging(new() { Count = Shuffles, Within = "half" }),
        ["whole"] = Exchanging(new() { Count = Shuffles, Whole = "pair" }),
        ["variance groups"] = ByGroup(Model("Age + sex", ["slope: Age", "fm: sexM"])),
        ["variance groups, F"] = ByGroup(Model("Age * site", ["slope: Age"], "site", "Age:site") with { Weights = "w" }),
        ["variance groups, signs"] = ByGroup(Model("Age", ["slope: Age", "mean: Intercept"], PermutationSpec.Symmetric)),
        ["dekker"] = ByDekker(Model("Age + sex + site", ["slope: Age", "ab: siteb"])),
        ["dekker, weights and signs"] = ByDekker(Model("Age + site", ["slope: Age"], PermutationSpec.Both) with { Weights = "w" }),
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Statistics_equal_a_refit(string id)
    {
        var engine = PermutationStudy.Engine(Cases[id]);
        var found = new Captured();
        Run(engine, found);
        foreach (var list in engine.Lists)
        foreach (var place in list.Places)
        {
            var twin = new Twin(engine, place, Cases[id].Permutation!.Method);
            var source = new int[PermutationStudy.Subjects];
            for (var shuffle = 0; shuffle < list.Shuffles.Count; shuffle++)
            {
                list.Shuffles.Fill(shuffle, source);
                for (var element = 0; element < Elements; element++)
                {
                    var got = found.Statistics[(place, shuffle)][element];
                    if (element % 6 == 4 || (element % 6 == 5 && id != "offset"))
                        got.ShouldBe(double.NaN, $"{id}, element {element}");
                    else
                        Check(
                            got,
                            twin.Statistic(element, source),
                            $"{id}, hypothesis {place}, shuffle {shuffle}, element {element}",
                            element
                        );
                }
            }
        }
    }

    /// <summary>
    /// By kind of element: the twin's own rounding. Values of 1e4 that vary by 1e-3, and residuals of 1e-4 of values of 30.
    /// </summary>
    private static readonly double[] Tolerances = [1e-11, 1e-11, 1e-6, 1e-9, 0, 1e-6];

    private static void Check(double got, double expected, string what, int element) =>
        Math.Abs(got - expected).ShouldBeLessThan(Tolerances[element % 6] * Math.Max(1, Math.Abs(expected)), what);

    private static void Run(PermutationEngine engine, StatisticReceiver receiver)
    {
        var block = PermutationStudy.Block(Values, 0, Elements);
        var status = PermutationStudy.Fit(engine, Values).Status;
        foreach (ref var one in status.AsSpan())
            one = one == Shared.Elements.ElementStatus.NotPermuted ? Shared.Elements.ElementStatus.Fitted : one;
        var passes = new DesignPasses(engine.Linear, engine.All);
        passes.Start(block, status);
        passes.Run(new(0, Shuffles), receiver);
    }

    private static ModelSpec Model(string formula, string[] contrasts, params string[] tests) =>
        PermutationStudy.Model(formula, new() { Count = Shuffles }, contrasts, tests);

    private static ModelSpec Model(string formula, string[] contrasts, string errors) =>
        PermutationStudy.Model(formula, new() { Count = Shuffles, Errors = errors }, contrasts);

    private static ModelSpec Exchanging(PermutationSpec permutation) =>
        PermutationStudy.Model("Age + site", permutation, ["slope: Age"], "site");

    private static ModelSpec ByGroup(ModelSpec model) => model with { Permutation = model.Permutation! with { VarianceGroups = "half" } };

    private static ModelSpec ByDekker(ModelSpec model) =>
        model with
        {
            Permutation = model.Permutation! with { Method = PermutationSpec.Dekker },
        };

    /// <summary>Keeps all statistics.</summary>
    private sealed class Captured : StatisticReceiver
    {
        public Dictionary<(int Hypothesis, int Shuffle), double[]> Statistics { get; } = [];

        public override void Receive(int hypothesis, long shuffle, int tile, Span<double> statistics)
        {
            var key = (hypothesis, (int)shuffle);
            if (!Statistics.TryGetValue(key, out var values))
                Statistics[key] = values = new double[((Elements / TileKernel.Width) + 1) * TileKernel.Width];
            statistics.CopyTo(values.AsSpan(tile * TileKernel.Width));
        }
    }

    /// <summary>Fits the whole model again for every shuffle.</summary>
    private sealed class Twin
    {
        private readonly Hypothesis _hypothesis;
        private readonly Matrix<double> _model;
        private readonly Matrix<double> _tested;
        private readonly Matrix<double> _nuisance;
        private readonly double[][] _responses;
        private readonly string _method;
        private readonly bool _hasGroups;

        public Twin(PermutationEngine engine, int place, string method)
        {
            var design = engine.Linear.WholeCohort!;
            (_hypothesis, _method, _hasGroups) = (engine.Linear.Hypotheses[place], method, engine.AreScores);
            _model = Matrix<double>.Build.Dense(design.Rows.Length, design.Rank);
            for (var column = 0; column < design.Rank; column++)
            for (var row = 0; row < design.Rows.Length; row++)
            for (var k = 0; k <= column; k++)
                _model[row, design.Pivots[column]] += design.Basis[(row * design.Rank) + k] * design.Upper[(k * design.Rank) + column];
            var given = _hypothesis.Given.Count > 0 ? NullSpace(_hypothesis.Given) : Matrix<double>.Build.DenseIdentity(design.Rank);
            _tested = _model * given;
            _nuisance = _model * NullSpace([.. _hypothesis.Given, .. _hypothesis.Rows]);
            _responses =
            [
                .. Enumerable
                    .Range(0, Elements)
                    .Select(element =>
                        design
                            .Rows.Select(
                                (subject, row) =>
                                    (Response(engine, Values[subject, element]) - (design.Offset?[row] ?? 0))
                                    * (design.RootWeights?[row] ?? 1)
                            )
                            .ToArray()
                    ),
            ];
        }

        public double Statistic(int element, int[] source)
        {
            var y = Vector<double>.Build.Dense(_responses[element]);
            // The mean is removed first, which is exact enough; it is nuisance unless the mean is tested or signs change.
            var residuals = y - (_nuisance * _nuisance.QR().Solve(y));
            return _method == PermutationSpec.Dekker ? ByDekker(residuals, source)
                : _hasGroups ? ByGroup(Shuffled(residuals, source))
                : ByFreedmanLane(Shuffled(residuals, source));
        }

        private double ByFreedmanLane(Vector<double> shuffled)
        {
            var degrees = _model.RowCount - _model.ColumnCount;
            var variance = Squares(shuffled, _model) / degrees;
            if (_hypothesis.Kind == HypothesisKind.F)
                return (Squares(shuffled, _nuisance) - Squares(shuffled, _tested))
                    / (_tested.ColumnCount - _nuisance.ColumnCount)
                    / variance;
            var row = Vector<double>.Build.Dense(_hypothesis.Rows[0]);
            var scale = row * (_model.TransposeThisAndMultiply(_model).Inverse() * row);
            return row * _model.QR().Solve(shuffled) / Math.Sqrt(variance * scale);
        }

        /// <summary>v and G as Winkler et al. (2014) define them, with the first half of the subjects as a group.</summary>
        private double ByGroup(Vector<double> shuffled)
        {
            var estimates = _model.QR().Solve(shuffled);
            var residuals = shuffled - (_model * estimates);
            var inverse = _model.TransposeThisAndMultiply(_model).Inverse();
            var leverage = (_model * inverse * _model.Transpose()).Diagonal();
            int[][] groups =
            [
                [.. Enumerable.Range(0, 18)],
                [.. Enumerable.Range(18, 18)],
            ];
            var free = groups.Select(group => group.Sum(row => 1 - leverage[row])).ToArray();
            var weights = groups.Select((group, g) => free[g] / group.Sum(row => residuals[row] * residuals[row])).ToArray();
            var diagonal = Matrix<double>.Build.DenseOfDiagonalVector(
                Vector<double>.Build.Dense(_model.RowCount, row => weights[row < 18 ? 0 : 1])
            );
            var information = _model.Transpose() * diagonal * _model;
            var trace = 18 * weights.Sum();
            var spread = Enumerable.Range(0, 2).Sum(g => Math.Pow(1 - (18 * weights[g] / trace), 2) / free[g]);
            // Tests of type II in directions of the model: those of the tested span that are orthogonal to the nuisance part.
            var rows = Rows(inverse);
            var tested = rows * estimates;
            var r = rows.RowCount;
            var square = tested * ((rows * information.Inverse() * rows.Transpose()).Inverse() * tested);
            var degrees = r * (r + 2) / (3 * spread);
            if (_hypothesis.Kind == HypothesisKind.T)
                return NormalScores.OfT(Math.CopySign(Math.Sqrt(square), tested[0]), degrees);
            return NormalScores.OfF(square / r / (1 + (2.0 * (r - 1) / (r * (r + 2)) * spread)), r, degrees);
        }

        private Matrix<double> Rows(Matrix<double> inverse)
        {
            var given = Matrix<double>.Build.DenseOfRows(_hypothesis.Rows);
            if (_hypothesis.Given.Count == 0)
                return given;
            var conditions = Matrix<double>.Build.DenseOfRows(_hypothesis.Given);
            return given
                - (given * inverse * conditions.Transpose() * (conditions * inverse * conditions.Transpose()).Inverse() * conditions);
        }

        private double ByDekker(Vector<double> residuals, int[] source)
        {
            // The tested regressor: the direction of the model that is orthogonal to the nuisance part.
            var row = Vector<double>.Build.Dense(_hypothesis.Rows[0]);
            var direction = _model * _model.TransposeThisAndMultiply(_model).Inverse() * row;
            var shuffled = Shuffled(direction, source);
            shuffled -= _nuisance * _nuisance.QR().Solve(shuffled);
            var coefficient = shuffled * residuals / (shuffled * shuffled);
            var rest = residuals - (coefficient * shuffled);
            return coefficient / Math.Sqrt(rest * rest / (_model.RowCount - _model.ColumnCount) / (shuffled * shuffled));
        }

        private static double Response(PermutationEngine engine, double value) =>
            engine.Linear.Design.ResponseIsTransformed ? Math.Log(value + 20) : value;

        private static Vector<double> Shuffled(Vector<double> values, int[] source) =>
            Vector<double>.Build.Dense(source.Length, row => source[row] >= 0 ? values[source[row]] : -values[~source[row]]);

        private static double Squares(Vector<double> y, Matrix<double> x)
        {
            var residuals = y - (x * x.QR().Solve(y));
            return residuals * residuals;
        }

        private static Matrix<double> NullSpace(IReadOnlyList<double[]> rows)
        {
            var svd = Matrix<double>.Build.DenseOfRows(rows).Svd();
            var right = svd.VT;
            return right.SubMatrix(rows.Count, right.RowCount - rows.Count, 0, right.ColumnCount).Transpose();
        }
    }
}
