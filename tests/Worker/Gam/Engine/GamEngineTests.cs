using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Tests.Pipeline;

namespace HpcFit.Worker.Tests.Gam.Engine;

public sealed class GamEngineTests
{
    private static readonly OracleCase Masked = OracleCase.Read("gam", "gam_masked_full_thresholds");
    private static readonly OracleCase Clean = OracleCase.Read("gam", "gam_two_smooths");

    [Fact]
    public void Bits_do_not_depend_on_blocks_cache_or_kernel()
    {
        var expected = EngineRun.Over(Masked.Engine(KernelChoice.Auto), Masked.Path, 64).Bits.ToList();
        EngineRun.Over(Masked.Engine(KernelChoice.Auto), Masked.Path, 1, 7, 19).Bits.ShouldBe(expected);
        EngineRun.Over(Masked.Engine(KernelChoice.Auto, cacheBytes: 0), Masked.Path, 64).Bits.ShouldBe(expected);
        EngineRun.Over(Masked.Engine(KernelChoice.Scalar), Masked.Path, 30).Bits.ShouldBe(expected);
        EngineRun.Over(Masked.Engine(KernelChoice.Reference), Masked.Path, 30).Bits.ShouldBe(expected);
    }

    [Fact]
    public void A_basis_with_too_few_different_values_is_a_status_where_subjects_are_missing()
    {
        // At few elements 45 of 60 ages are observed: there a basis of 40 functions can be built, elsewhere it cannot.
        var engine = Masked.Engine(
            KernelChoice.Auto,
            model => model with { Formula = "FA ~ s(Age, k=40, fx=TRUE)", NumSubjLthrAbs = 10, NumSubjLthrRel = 0.1 }
        );
        var run = EngineRun.Over(engine, Masked.Path, 64);
        run.Status.ShouldContain(ElementStatus.Fitted);
        run.Status.ShouldContain(ElementStatus.BasisImpossible);
        run.Status.ShouldContain(ElementStatus.TooFewSubjects);
        for (var e = 0; e < run.Status.Length; e++)
            double.IsNaN(run["model.dev.expl"][e]).ShouldBe(run.Status[e] != ElementStatus.Fitted, $"element {e}");
    }

    [Fact]
    public void The_basis_of_all_subjects_is_the_usual_one_only_where_none_is_missing()
    {
        var usual = EngineRun.Over(Masked.Engine(KernelChoice.Auto), Masked.Path, 64);
        var all = EngineRun.Over(
            Masked.Engine(KernelChoice.Auto, model => model with { Gam = model.Gam! with { BasisOfAllSubjects = true } }),
            Masked.Path,
            64
        );
        var different = 0;
        for (var e = 0; e < usual.Status.Length; e++)
        {
            if (usual.Status[e] != ElementStatus.Fitted)
                continue;
            var (a, b) = (usual["s_Age.edf"][e], all["s_Age.edf"][e]);
            if (usual["model.nobs"][e] == 60)
                a.ShouldBe(b, 1e-9);
            else if (a != b)
                different++;
        }
        different.ShouldBeGreaterThan(10);
    }

    [Theory]
    [InlineData("--select", "FDC ~ sex")]
    [InlineData("--smooth-curves", "FDC ~ sex")]
    [InlineData("--smooth-p-values", "FDC ~ sex")]
    [InlineData("--basis", "FDC ~ sex")]
    [InlineData("--correct-p-value-smooth-terms", "FDC ~ sex")]
    [InlineData(null, "FDC ~ s(Age, k=4)")]
    public void Options_of_smooths_are_named_where_the_formula_has_none(string? option, string formula)
    {
        var gam = new GamSpec();
        gam = option switch
        {
            "--select" or null => gam with { Select = true },
            "--smooth-curves" => gam with { SmoothCurves = 5 },
            "--smooth-p-values" => gam with { SmoothPValues = "davies" },
            "--basis" => gam with { BasisOfAllSubjects = true },
            _ => gam with { CorrectPValueSmoothTerms = ["holm"] },
        };
        var warnings = Clean.Engine(KernelChoice.Auto, model => model with { Formula = formula, FullOutputs = false, Gam = gam }).Warnings;
        if (option is null)
            warnings.ShouldBeEmpty();
        else
            warnings.ShouldHaveSingleItem().ShouldBe($"{option} has no effect: the formula has no smooth.");
    }

    /// <summary>Whatever their order: the one with more levels, and the plan says what the other costs.</summary>
    [Theory]
    [InlineData("y ~ x + s(id, bs='re') + s(scan, bs='re')")]
    [InlineData("y ~ x + s(scan, bs='re') + s(id, bs='re')")]
    public void Of_two_random_effects_the_larger_is_eliminated(string formula)
    {
        const int Rows = 400;
        var cohort = new CohortTable(
            "cohort.csv",
            [
                Factor("id", i => i / 2, Rows / 2),
                Factor("scan", i => i % 110, 110),
                new NumericColumn("x", [.. Enumerable.Range(0, Rows).Select(i => (double)(i * 7 % 31))], true),
            ]
        );
        var model = new ModelSpec
        {
            Engine = "gam",
            Formula = formula,
            NumSubjLthrRel = 0,
            Gam = new() { Method = "REML" },
        };
        GamEngine
            .Create(model, cohort, ["y"], "y")
            .Warnings.ShouldHaveSingleItem()
            .ShouldStartWith("s(scan) has 110 levels, which this model, in which s(id) is eliminated, fits as dense columns, in some ");

        static FactorColumn Factor(string name, Func<int, int> level, int levels) =>
            new(name, [.. Enumerable.Range(0, Rows).Select(level)], [.. Enumerable.Range(0, levels).Select(i => $"l{i}")], false);
    }

    // As LinearColumnsTests: the order of the table that ModelArray 0.1.5 builds.
    [Fact]
    public void The_released_ModelArray_orders_smooths_and_parametric_terms_by_statistic()
    {
        var engine = Clean.Engine(
            KernelChoice.Auto,
            model =>
                model with
                {
                    Formula = "FDC ~ s(Age, k=4) + s(motion, k=4) + sex",
                    ColumnOrder = "0.1.5",
                    FullOutputs = false,
                    VarModel = null,
                    Gam = new()
                    {
                        Method = "REML",
                        CorrectPValueSmoothTerms = ["fdr", "holm"],
                        CorrectPValueParametricTerms = [],
                        ChangedRsqTermIndex = [1],
                    },
                }
        );
        string.Join(',', engine.Layout.Columns.Select(column => column.Name))
            .ShouldBe(
                "element_id,s_Age.statistic,s_motion.statistic,s_Age.p.value,s_Age.p.value.holm,s_Age.p.value.fdr,s_motion.p.value,"
                    + "s_motion.p.value.holm,s_motion.p.value.fdr,"
                    + "Intercept.estimate,sexM.estimate,Intercept.statistic,sexM.statistic,Intercept.p.value,sexM.p.value,"
                    + "model.dev.expl,s_Age.delta.adj.rsq,s_Age.partial.rsq"
            );
    }

    [Fact]
    public void Curves_and_their_errors_are_those_of_mgcv_predict()
    {
        // gam(FDC ~ s(Age, k=5) + s(motion, k=4) + sex, method="REML"), element 4, predict(type="terms", se.fit=TRUE), mgcv 1.8-41,
        // converged to 1e-12.
        double[] fit = [-0.1137190591694, -0.0978067682584, -0.0030779542383, 0.1053114738099, 0.0853714946385];
        double[] error = [0.0503222056664, 0.0173588537467, 0.0166980415818, 0.0171436613002, 0.0478750292034];
        var engine = Clean.Engine(
            KernelChoice.Auto,
            model => model with { Formula = "FDC ~ s(Age, k=5) + s(motion, k=4) + sex", Gam = model.Gam! with { SmoothCurves = 5 } }
        );
        engine
            .Layout.Blocks.Select(block => block.Name)
            .ShouldBe(["smooth_curves/s_Age/fit", "smooth_curves/s_Age/se", "smooth_curves/s_motion/fit", "smooth_curves/s_motion/se"]);
        engine.Layout.Fixed[0].Values.ShouldBe([8.14, 11.5775, 15.015, 18.4525, 21.89], 1e-12);
        var run = EngineRun.Over(engine, Clean.Path, 64);
        for (var point = 0; point < 5; point++)
        {
            run.Block(0, point)[4].ShouldBe(fit[point], 1e-5 * Math.Abs(fit[point]));
            run.Block(1, point)[4].ShouldBe(error[point], 1e-5 * error[point]);
        }
    }

    // mgcv 1.8-41 on element 3 of clean.h5, sex a factor, converged to 1e-12. mgcv computes F and p of a t2 from coefficients and columns
    // under different constraints, so these are not compared (docs/numbers.md).
    [Theory]
    [InlineData(
        "FDC ~ t2(Age, motion, k=4)",
        "REML",
        "t2_Age_motion.edf=5.82339112245;t2_Age_motion.ref.df=6.51395081052;Intercept.estimate=0.317101247521;Intercept.std.error="
            + "0.0112678111998;model.adj.r.squared=0.541621129554;model.dev.expl=0.583991279472;model.sp.criterion=-48.6812757181;"
            + "model.AIC=-116.577757491"
    )]
    [InlineData(
        "FDC ~ t2(Age, motion, k=4)",
        "GCV.Cp",
        "t2_Age_motion.edf=6.17636470686;t2_Age_motion.ref.df=6.74353779103;Intercept.estimate=0.317101247525;Intercept.std.error="
            + "0.0112167920084;model.adj.r.squared=0.545762692503;model.dev.expl=0.590294998449;model.sp.criterion=0.00906918513354;"
            + "model.AIC=-118.230134852"
    )]
    [InlineData(
        "FDC ~ sex + s(Age, k=4, by=sex)",
        "REML",
        "s_Age_BYsexF.edf=2.61861616666;s_Age_BYsexF.ref.df=2.89753458012;s_Age_BYsexF.statistic=12.7636725993;s_Age_BYsexF.p.value="
            + "3.94942570248e-06;s_Age_BYsexM.edf=1;s_Age_BYsexM.statistic=31.2270909834;s_Age_BYsexM.p.value=9.10273747934e-07;"
            + "Intercept.estimate=0.325371831284;sexM.estimate=-0.0109377504802;sexM.std.error=0.023448529845;model.sp.criterion="
            + "-48.3639245505;model.AIC=-114.140670768"
    )]
    [InlineData(
        "FDC ~ sex + s(Age, k=4, by=sex)",
        "GCV.Cp",
        "s_Age_BYsexF.edf=2.807481554214;s_Age_BYsexF.ref.df=2.97280441891;s_Age_BYsexF.statistic=12.9844720953;s_Age_BYsexF.p.value="
            + "2.27951399512e-06;s_Age_BYsexM.edf=1;s_Age_BYsexM.statistic=31.4133139209;s_Age_BYsexM.p.value=8.69876114085e-07;"
            + "Intercept.estimate=0.3265364162854;sexM.estimate=-0.0121023354815;sexM.std.error=0.0234043767584;model.sp.criterion="
            + "0.00950624339719;model.AIC=-114.908685018"
    )]
    public void Models_that_ModelArray_refuses_by_a_defect_are_fitted_as_by_mgcv(string formula, string method, string expected)
    {
        var engine = Clean.Engine(
            KernelChoice.Auto,
            model => model with { Formula = formula, FullOutputs = true, Gam = model.Gam! with { Method = method } }
        );
        var run = EngineRun.Over(engine, Clean.Path, new HashSet<long> { 3 }, 16);
        foreach (var pair in expected.Split(';').Select(pair => pair.Split('=')))
        {
            var value = double.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture);
            var slack = pair[0].EndsWith(".p.value", StringComparison.Ordinal) ? 1e-5 : 1e-8;
            run[pair[0]][3].ShouldBe(value, (1e-5 * Math.Abs(value)) + slack, pair[0]);
        }
    }

    [Theory]
    [InlineData("FDC ~ s(Age, k=4, bs=\"ds\")", "Did you mean 'bs' or 'cs' or 'fs'")]
    [InlineData("FDC ~ s(Age, k=4, bs=\"bs\", m=c(3, 4))", "from 0 to the degree")]
    [InlineData("FDC ~ s(Age, k=3, bs=\"bs\")", "at least 4")]
    [InlineData("FDC ~ s(Age, k=4, bs=\"gp\", m=6)", "Matérn")]
    [InlineData("FDC ~ s(Age, k=4, bs=\"gp\", m=c(2, 1, 3))", "at most 2")]
    [InlineData("FDC ~ s(Age, k=8, bs=\"ad\", m=6)", "1 to 5 smoothing parameters")]
    [InlineData("FDC ~ s(Age, k=4, bs=\"fs\")", "got 1 numeric variable and 0 factors")]
    [InlineData("FDC ~ s(Age, sex, site, k=4, bs=\"fs\")", "one factor")]
    [InlineData("FDC ~ s(Age, sex, k=4, bs=\"fs\", fx=TRUE)", "fx=TRUE")]
    [InlineData("FDC ~ s(Age, sex, k=6, bs=\"fs\", xt=\"bs\", m=c(3, 2, 0))", "one penalty")]
    [InlineData("FDC ~ s(Age, sex, k=4, bs=\"fs\", xt=\"re\")", "cannot use the basis \"re\"")]
    [InlineData("FDC ~ s(Age, k=4, xt=\"cr\")", "\"tp\" does not use \"cr\" of xt")]
    [InlineData("FDC ~ s(Age, k=4, xt=list(sumConv=TRUE))", "does not use sumConv")]
    [InlineData("FDC ~ s(Age, k=4, xt=list(max.knots=10))", "max.knots = 10")]
    [InlineData("FDC ~ te(Age, sex, bs=c(\"cr\", \"fs\"))", "cannot be a margin")]
    [InlineData("FDC ~ s(Age, k=4, pc=c(1, 2))", "2 values")]
    [InlineData("FDC ~ s(Age, motion, k=10, pc=list(Age=10))", "no value for 'motion'")]
    [InlineData("FDC ~ s(site, bs=\"re\", pc=1)", "pc needs a smooth of numeric variables")]
    [InlineData("FDC ~ t2(Age, motion, pc=10)", "pc of t2() has 1 values; one for each of its 2 variables was expected")]
    [InlineData("FDC ~ t2(Age, motion, ord=0)", "one of them must be positive")]
    [InlineData("FDC ~ t2(Age, motion, ord=c(1, 3))", "from 0 to 2")]
    [InlineData("FDC ~ te(Age, motion, xt=list(max.knots=9))", "does not use max.knots of xt")]
    [InlineData(
        "FDC ~ te(Age, motion, bs=\"tp\", xt=list(NULL, NULL, NULL))",
        "xt of te() has 3 values; one, or one for each of the 2 margins"
    )]
    [InlineData("FDC ~ s(Age, motion, bs=\"ad\", k=6, m=2)", "m is 2; along 6 functions")]
    [InlineData("FDC ~ s(Age, motion, bs=\"ad\", k=6, m=c(1, 3))", "needs at least 3 functions of each variable")]
    [InlineData("FDC ~ s(Age, bs=\"ad\", k=9, m=c(3, 3))", "m has 2 numbers; one was expected")]
    [InlineData("FDC ~ s(site, bs=\"re\", id=1)", "cannot have an id")]
    [InlineData("FDC ~ s(Age, id=1) + s(Age, motion, id=1)", "same number of variables")]
    [InlineData("FDC ~ s(Age, sex, bs=\"fs\", id=1) + s(motion, sex, bs=\"fs\", id=1)", "numeric variables only")]
    [InlineData("FDC ~ s(Age, id=sex)", "number or a string")]
    [InlineData("FDC ~ s(Age, size=4)", "size")]
    [InlineData("FDC ~ s(Age, k=200)", "unique")]
    [InlineData("FDC ~ s(Age, k=4.5)", "whole number")]
    [InlineData("FDC ~ s(Age, m=1.5)", "whole number")]
    [InlineData("FDC ~ s(Age, bs=cr)", "write bs=\"cr\"")]
    [InlineData("FDC ~ s(Age, Age)", "'Age' twice")]
    [InlineData("FDC ~ s(Age, bs=\"ps\", m=-2)", "at least -1")]
    [InlineData("FDC ~ s(Age, bs=\"cp\", m=c(-1, 1))", "at least 0")]
    [InlineData("FDC ~ s(Age, bs=\"ps\", m=c(2, 10))", "0 to 9")]
    [InlineData("FDC ~ te(Age, motion, bs=\"cp\", m=list(c(2, -1), 2))", "0 to 4")]
    public void A_smooth_that_cannot_be_is_refused_by_name(string formula, string word) =>
        Should
            .Throw<BadInputException>(() => Clean.Engine(KernelChoice.Auto, model => model with { Formula = formula }))
            .Message.ShouldContain(word);

    [Fact]
    public void Knots_of_a_thin_plate_are_points() =>
        Should
            .Throw<BadInputException>(() =>
                Clean.Engine(
                    KernelChoice.Auto,
                    model =>
                        model with
                        {
                            Formula = "FDC ~ s(Age, motion)",
                            Gam = model.Gam! with { Knots = new Dictionary<string, IReadOnlyList<double>> { ["Age"] = [8, 12, 20] } },
                        }
                )
            )
            .Message.ShouldContain("the knots of Age and motion are points");

    [Theory]
    [InlineData("ps", new double[] { 10, 20 }, "beyond the knots' range from 10 to 20")]
    [InlineData("cp", new double[] { 10, 20 }, "beyond the knots' range from 10 to 20")]
    [InlineData("ps", new double[] { 0, 1, 2, 3, 10, 17, 20, 21, 22, 23, 24 }, "needs 10")]
    [InlineData("cp", new double[] { 5, 10, 15, 20, 25 }, "needs 7")]
    public void Knots_of_P_splines_lie_around_the_values(string basis, double[] knots, string words) =>
        Should
            .Throw<BadInputException>(() =>
                Clean.Engine(
                    KernelChoice.Auto,
                    model =>
                        model with
                        {
                            Formula = $"FDC ~ s(Age, k=6, bs=\"{basis}\")",
                            Gam = model.Gam! with { Knots = new Dictionary<string, IReadOnlyList<double>> { ["Age"] = knots } },
                        }
                )
            )
            .Message.ShouldContain(words);

    [Fact]
    public void Smoothing_parameters_are_one_a_penalty() =>
        Should
            .Throw<UsageException>(() => Clean.Engine(KernelChoice.Auto, model => model with { Gam = model.Gam! with { Sp = [1] } }))
            .Message.ShouldContain("2 penalties");

    [Fact]
    public void A_cache_without_room_keeps_the_newest_alone()
    {
        var cache = new RowsCache(64, 0);
        cache.Find([1, 2]).ShouldBeNull();
        var first = cache.Store(new RowsFit(RowsModel.Impossible(ElementStatus.BasisImpossible)));
        cache.Find([1, 2]).ShouldBe(first);
        cache.Find([1, 3]).ShouldBeNull();
    }
}
