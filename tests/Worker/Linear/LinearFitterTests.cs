using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Models;
using HpcFit.Worker.Tests.Pipeline;

namespace HpcFit.Worker.Tests.Linear;

public sealed class LinearFitterTests
{
    private static readonly double[] Age = [.. Enumerable.Range(0, 40).Select(i => 20.0 + ((i * 37) % 40))];
    private static readonly string[] Sex = [.. Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? "M" : "F")];

    [Theory]
    [InlineData("lm_simple")]
    [InlineData("lm_masked_low_threshold")]
    [InlineData("lm_masked_data_dependent_basis")]
    [InlineData("lm_weights_full")]
    [InlineData("lm_offset")]
    [InlineData("lm_scalar_interaction")]
    [InlineData("lm_log_response")]
    public void Bits_depend_neither_on_the_blocks_nor_on_the_registers(string id)
    {
        var oracle = OracleCase.Read("lm", id);
        var whole = EngineRun.Over(oracle.Engine(KernelChoice.Auto), oracle.Path, 1_000_000);
        var cut = EngineRun.Over(oracle.Engine(KernelChoice.Auto), oracle.Path, 1, 7, 16, 23);
        var scalar = EngineRun.Over(oracle.Engine(KernelChoice.Scalar), oracle.Path, 64);

        cut.Bits.ShouldBe(whole.Bits);
        cut.Status.ShouldBe(whole.Status);
        scalar.Bits.ShouldBe(whole.Bits);
    }

    /// <summary>
    /// Rows of the pipeline, including the last, have memory after their last element: its content affects no element.
    /// </summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    public void Memory_after_a_row_changes_no_bit(double missing)
    {
        const int elements = TileKernel.Width + 13,
            stride = 3 * TileKernel.Width;
        var engine = Engine("y ~ Age + sex");
        using var fitter = engine.CreateFitter();
        var exact = Block(elements, (i, e) => Noise(i + 1, e) < missing ? double.NaN : Noise(i, e));
        var (expected, results) = (Results(engine, elements), Results(engine, elements));
        fitter.Fit(exact, expected);
        foreach (var behind in new[] { double.NaN, double.PositiveInfinity, double.MaxValue, double.Epsilon })
        {
            var values = new double[Age.Length * stride];
            Array.Fill(values, behind);
            for (var i = 0; i < Age.Length; i++)
                exact.Scalars.Span[0].Doubles.Slice(i * elements, elements).CopyTo(values.AsMemory(i * stride));
            fitter.Fit(exact with { Scalars = new[] { exact.Scalars.Span[0] with { Doubles = values, Stride = stride } } }, results);

            results
                .Columns()
                .ToArray()
                .Select(BitConverter.DoubleToInt64Bits)
                .ShouldBe(expected.Columns().ToArray().Select(BitConverter.DoubleToInt64Bits));
            results.Status.ToArray().ShouldBe(expected.Status.ToArray());
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    public void Fitting_allocates_nothing_per_element(double missing)
    {
        var engine = Engine("y ~ Age + sex");
        using var fitter = engine.CreateFitter();
        var (block, results) = (Block(200, (i, e) => Noise(i + 1, e) < missing ? double.NaN : Noise(i, e)), Results(engine, 200));
        fitter.Fit(block, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        fitter.Fit(block, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        results.Status[..200].ToArray().ShouldAllBe(status => status == ElementStatus.Fitted);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("reference")]
    public void Every_element_has_a_status(string kernel)
    {
        Func<int, double>[] elements =
        [
            i => Noise(i, 0),
            _ => 3.25,
            i => i < 10 ? Noise(i, 2) : double.NaN,
            i => Sex[i] == "F" ? Noise(i, 3) : double.NaN,
            i => i % 2 == 0 ? double.PositiveInfinity : Noise(i, 4),
            _ => 0,
        ];
        var status = Fit(Engine("y ~ Age + sex", kernel), elements.Length, (i, e) => elements[e](i)).Status;

        status.ShouldBe([
            ElementStatus.Fitted,
            ElementStatus.ConstantResponse,
            ElementStatus.TooFewSubjects,
            ElementStatus.EmptyFactorLevel,
            ElementStatus.Fitted,
            ElementStatus.ConstantResponse,
        ]);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("reference")]
    public void Without_residual_degrees_of_freedom_the_estimates_are_there_and_tests_are_NaN(string kernel)
    {
        var engine = Engine("y ~ Age + sex", kernel, abs: 2);
        var (columns, status) = Fit(engine, 2, (i, e) => i < 3 + e ? Noise(i, e) : double.NaN);

        status.ShouldBe([ElementStatus.NoResidualDegreesOfFreedom, ElementStatus.Fitted]);
        double.IsFinite(columns["Age.estimate"][0]).ShouldBeTrue();
        columns["Age.std.error"][0].ShouldBe(double.NaN);
        columns["model.r.squared"][0].ShouldBe(1);
        columns["model.p.value"][0].ShouldBe(double.NaN);
        columns["model.logLik"][0].ShouldBe(double.PositiveInfinity);
        columns["model.deviance"][0].ShouldBe(0);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("reference")]
    public void Collinear_on_the_subjects_left_is_aliased_and_flagged(string kernel)
    {
        var engine = Engine("y ~ Age + I(Age >= 30)", kernel, abs: 5);
        Fit(Engine("y ~ Age + ifelse(Age > 30, Age, 30)", kernel, abs: 5), 1, (i, _) => Age[i] < 30 ? Noise(i, 0) : double.NaN)
            .Status.ShouldBe([ElementStatus.RankDeficient]);
        Fit(engine, 1, (i, _) => Age[i] < 30 ? Noise(i, 0) : double.NaN).Status.ShouldBe([ElementStatus.EmptyFactorLevel]);
    }

    [Fact]
    public void A_weight_of_zero_and_a_missing_weight_both_leave_the_subject_out()
    {
        double[] zeros = [.. Age.Select((_, i) => i < 4 ? 0 : 1.0 + (i % 3))],
            missing = [.. zeros.Select(weight => weight == 0 ? double.NaN : weight)];
        var (withZeros, _) = Fit(Engine("y ~ Age", weights: zeros), 20, Noise);
        var (withMissing, _) = Fit(Engine("y ~ Age", weights: missing), 20, Noise);

        withZeros["model.nobs"].ShouldAllBe(count => count == 36);
        foreach (var (name, values) in withZeros)
            values.ShouldBe(withMissing[name]);
    }

    [Fact]
    public void A_cache_of_one_pattern_gives_the_same_bits()
    {
        var engine = Engine("y ~ scale(Age) + sex");
        var block = Block(60, (i, e) => (i + (e % 5)) % 9 == 0 ? double.NaN : Noise(i, e));
        var kept = Estimates(64);

        kept.ShouldAllBe(value => double.IsFinite(value));
        Estimates(1).ShouldBe(kept);
        Estimates(2).ShouldBe(kept);

        List<double> Estimates(int patterns)
        {
            var (fits, regression) = (new LinearFits(3), new ElementRegression(engine, patterns));
            fits.Start(block.Count);
            for (var e = 0; e < block.Count; e++)
                regression.Fit(block, e, fits);
            return [.. fits.Estimates(1), .. fits.Variances(1), .. fits.ResidualSquares];
        }
    }

    /// <summary>A matrix per pattern would be long-lived garbage: that of a wide model is larger than 85 kB.</summary>
    [Fact]
    public void A_new_missing_pattern_makes_no_matrix()
    {
        const int predictors = 40,
            elements = 200;
        double[] Values(int column) => [.. Enumerable.Range(0, 40).Select(i => Noise(i, (1000 * column) + 7))];
        // Aliased, so that every element is fitted by its own rows.
        List<CohortColumn> columns =
        [
            .. Enumerable.Range(0, predictors - 1).Select(column => new NumericColumn($"x{column}", Values(column % 20), true)),
        ];
        var formula = $"y ~ {string.Join(" + ", columns.Select(column => column.Name))}";
        var engine = LinearEngine.Create(
            new()
            {
                Engine = "lm",
                Formula = formula,
                NumSubjLthrRel = 0,
            },
            new("cohort.csv", columns),
            ["y"],
            "y",
            KernelEnvironment.Parse("auto")
        );
        using var fitter = engine.CreateFitter();
        var (block, results) = (
            Block(elements, (i, e) => (e & (1 << (i % 8))) != 0 && i < 8 ? double.NaN : Noise(i, e)),
            Results(engine, elements)
        );
        fitter.Fit(block, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        fitter.Fit(block, results);
        ((GC.GetAllocatedBytesForCurrentThread() - before) / elements).ShouldBeLessThan(40 * predictors * sizeof(double) / 4);
        results.Status.ToArray().ShouldAllBe(status => status == ElementStatus.Fitted);
    }

    [Fact]
    public void A_pattern_that_was_not_factored_when_it_came_first_is_made_again()
    {
        // All subjects at 0 and 2, and at 0 the response of one is infinite; others are missing in between.
        double Value(int i, int e) =>
            e switch
            {
                0 when i == 5 => 0,
                1 when i < 3 => double.NaN,
                _ => 1 + Noise(i, e),
            };
        var engine = Engine("log(y) ~ scale(Age) + sex", "reference");
        var (columns, status) = Fit(engine, 3, Value);
        status.ShouldBe([ElementStatus.InvalidValue, ElementStatus.Fitted, ElementStatus.Fitted]);
        var (alone, _) = Fit(engine, 1, (i, _) => Value(i, 2));
        foreach (var (name, values) in alone)
            columns[name][2].ShouldBe(values[0]);
    }

    /// <summary>
    /// R 4.2.2: i &lt;- 0:29; x &lt;- (7*i)%%11; y &lt;- ((13*i)%%17+0.5*x)/4; w &lt;- (i%%5)/2; o &lt;- (i%%4)/8; y[5] &lt;- NA;
    /// summary(lm(y ~ x + offset(o), weights = w)), logLik, AIC, BIC, deviance, df.residual, nobs.
    /// </summary>
    [Theory]
    [InlineData("auto")]
    [InlineData("reference")]
    public void Weights_an_offset_and_a_missing_subject_together_equal_R(string kernel)
    {
        double[] Values(Func<int, double> value) => [.. Enumerable.Range(0, 30).Select(value)];
        var cohort = new CohortTable(
            "r.csv",
            [
                new NumericColumn("x", Values(i => 7 * i % 11), true),
                new NumericColumn("w", Values(i => i % 5 / 2.0), false),
                new NumericColumn("o", Values(i => i % 4 / 8.0), false),
            ]
        );
        var model = new ModelSpec
        {
            Engine = "lm",
            Formula = "y ~ x + offset(o)",
            FullOutputs = true,
            Weights = "w",
        };
        var engine = LinearEngine.Create(model, cohort, ["y"], "y", KernelEnvironment.Parse(kernel));
        var (columns, _) = Fit(engine, 1, (i, _) => i == 4 ? double.NaN : ((13 * i % 17) + (0.5 * (7 * i % 11))) / 4, 30);

        double[] expected =
        [
            0.133713322454509,
            0.0763580864791883,
            1.751135061392,
            0.0945176155866266,
            0.138640045453841,
            0.0976229047611672,
            1.30031133924663,
            3.38005143977778,
            -36.7594748133055,
            79.518949626611,
            82.9254322743984,
            35.5070011584408,
            21,
            23,
        ];
        string[] names =
        [
            "x.estimate",
            "x.std.error",
            "x.statistic",
            "x.p.value",
            "model.r.squared",
            "model.adj.r.squared",
            "model.sigma",
            "model.statistic",
            "model.logLik",
            "model.AIC",
            "model.BIC",
            "model.deviance",
            "model.df.residual",
            "model.nobs",
        ];
        for (var k = 0; k < names.Length; k++)
            columns[names[k]][0].ShouldBe(expected[k], Math.Abs(expected[k]) * 1e-12, names[k]);
    }

    /// <summary>NIST StRD, Wampler1 and Wampler2: polynomials of degree 5 at 0, 1 … 20 with certified coefficients 1 and 10^-k.</summary>
    [Theory]
    [InlineData("auto")]
    [InlineData("reference")]
    public void Wamplers_certified_coefficients_are_met(string kernel)
    {
        double[] x = [.. Enumerable.Range(0, 21).Select(i => (double)i)];
        var model = new ModelSpec
        {
            Engine = "lm",
            Formula = "y ~ x + I(x^2) + I(x^3) + I(x^4) + I(x^5)",
            FullOutputs = true,
            NumSubjLthrRel = 0,
        };
        var engine = LinearEngine.Create(
            model,
            new("wampler.csv", [new NumericColumn("x", x, true)]),
            ["y"],
            "y",
            KernelEnvironment.Parse(kernel)
        );
        double[] bases = [1, 0.1];
        var (columns, _) = Fit(engine, 2, (i, e) => Math.Round(Enumerable.Range(0, 6).Sum(k => Math.Pow(bases[e] * x[i], k)), 5), x.Length);

        string[] names = ["Intercept", "x", "I(x^2)", "I(x^3)", "I(x^4)", "I(x^5)"];
        for (var k = 0; k < names.Length; k++)
        for (var e = 0; e < 2; e++)
            columns[$"{names[k]}.estimate"][e].ShouldBe(Math.Pow(bases[e], k), Math.Pow(bases[e], k) * 1e-7);
        columns["model.r.squared"].ShouldAllBe(squared => squared > 1 - 1e-12);
    }

    [Fact]
    public void Everything_that_affects_the_numbers_is_listed()
    {
        var engine = Engine("log(y) ~ Age + offset(Age)", weights: Age);
        engine.Scalars.ShouldBe(["y"]);
        engine.CohortColumns.ShouldBe(["Age", "w"]);
    }

    /// <summary>Reproducible values in [0, 1), different for every subject and element.</summary>
    private static double Noise(int i, int e) => (((i * 7919L) + (e * 104729L) + 12345) * 2654435761L % 1000003) / 1000003.0;

    private static LinearEngine Engine(string formula, string kernel = "auto", double abs = 10, double[]? weights = null)
    {
        var columns = new List<CohortColumn> { new NumericColumn("Age", Age, true), new TextColumn("sex", Sex) };
        if (weights is not null)
            columns.Add(new NumericColumn("w", weights, false));
        var model = new ModelSpec
        {
            Engine = "lm",
            Formula = formula,
            FullOutputs = true,
            Log10P = true,
            NumSubjLthrAbs = abs,
            NumSubjLthrRel = 0,
            Weights = weights is null ? null : "w",
        };
        return LinearEngine.Create(model, new("cohort.csv", columns), ["y"], "y", KernelEnvironment.Parse(kernel));
    }

    private static (Dictionary<string, double[]> Columns, ElementStatus[] Status) Fit(
        LinearEngine engine,
        int elements,
        Func<int, int, double> value,
        int subjects = 40
    )
    {
        using var fitter = engine.CreateFitter();
        var results = Results(engine, elements);
        fitter.Fit(Block(elements, value, subjects), results);
        var names = engine.Layout.PartialColumns;
        var columns = Enumerable.Range(0, names.Count).ToDictionary(c => names[c], c => results.Column(c).ToArray());
        return (columns, results.Status.ToArray());
    }

    private static ScalarBlock Block(int elements, Func<int, int, double> value, int subjects = 40)
    {
        var values = new double[subjects * elements];
        for (var i = 0; i < subjects; i++)
        for (var e = 0; e < elements; e++)
            values[(i * elements) + e] = value(i, e);
        return new(new[] { new ScalarValues(0, elements, default, values, elements) }, [Enumerable.Range(0, subjects).ToArray()]);
    }

    private static ResultBlock Results(LinearEngine engine, int elements) =>
        new(new(0, elements), new double[engine.Layout.PartialColumns.Count * elements], new ElementStatus[elements]);
}
