using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Kernels;
using static HpcFit.Worker.Tests.Gam.Mixed.MixedGamCases;

namespace HpcFit.Worker.Tests.Gam.Mixed;

/// <summary>What a gamm refuses before the fit, its columns, and the statuses of elements.</summary>
public sealed class MixedGamEngineTests
{
    [Theory]
    [InlineData("y ~ s(Age)", "needs a random term")]
    [InlineData("y ~ s(Age) + (sex | id)", "random slopes of factors")]
    [InlineData("y ~ t2(Age, dose, k = 3) + (visit | site)", "Write (visit || site)", "ML")]
    [InlineData("y ~ s(Age) + (0 + visit + dose | site)", "Write (0 + visit + dose || site)", "REML", "poisson")]
    [InlineData("y ~ s(Age) + (sex || id)", "random slopes of factors")]
    [InlineData("y ~ s(Age) + (1 | source_file)", "one observation")]
    [InlineData("y ~ s(Age) + id + (1 | id)", "explain every difference")]
    [InlineData("y ~ s(Age) + (1 | id) + (1 | number)", "are those of")]
    [InlineData("y ~ s(Age) + (1 | id) + (visit || id)", "in two terms")]
    [InlineData("y ~ s(Age) + s(id, bs = \"re\") + (1 | id)", "s(id, bs = \"re\") is an effect of (1 | id), too")]
    [InlineData("y ~ s(factor(number), bs = \"re\") + (1 | id)", "is an effect of (1 | id), too")]
    [InlineData("y ~ s(id, visit, bs = \"re\") + (visit || id)", "is an effect of (0 + visit | id), too")]
    [InlineData("y ~ s(site, sex, bs = \"re\") + (1 | site:sex)", "is an effect of (1 | site:sex), too")]
    [InlineData("y ~ s(Age) + (1 | z)", "is a scalar")]
    [InlineData("y ~ . + (1 | id)", "dot")]
    [InlineData("y ~ s(Age, k = 90) + s(dose, k = 60) + (1 | id)", "more coefficients")]
    public void A_model_that_cannot_be_fitted_is_refused_by_name(
        string formula,
        string reason,
        string method = "REML",
        string? family = null
    ) =>
        Should
            .Throw<BadInputException>(() =>
                EngineOf(Spec(formula, ml: method == "ML") with { Family = family is null ? null : new() { Name = family, Link = "log" } })
            )
            .Message.ShouldContain(reason);

    [Theory]
    [InlineData("y ~ s(site, bs = \"re\") + (1 | id)")]
    [InlineData("y ~ s(id, visit, bs = \"re\") + (1 | id)")]
    [InlineData("y ~ s(id, by = dose, bs = \"re\") + (1 | id)")]
    public void Other_random_effects_are_smooths_of_the_model(string formula) =>
        EngineOf(Spec(formula)).Gam.Model.Smooths.Count.ShouldBe(2);

    [Fact]
    public void The_test_of_an_intercept_that_may_be_correlated_is_refused() =>
        Should
            .Throw<UsageException>(() => EngineOf(Spec("y ~ s(Age, k = 5) + (visit | id)") with { Mixed = new() { TestRandom = "id" } }))
            .Message.ShouldContain("may be correlated");

    [Fact]
    public void One_group_is_refused() =>
        Should
            .Throw<BadInputException>(() => EngineOf(Spec("y ~ s(dose, k = 3) + (1 | sex)", subset: "sex == \"F\"")))
            .Message.ShouldContain("has one value only");

    [Fact]
    public void The_test_of_other_groups_is_refused() =>
        Should
            .Throw<UsageException>(() => EngineOf(Spec("y ~ s(Age) + (1 | id)") with { Mixed = new() { TestRandom = "idd" } }))
            .Message.ShouldContain("Did you mean 'id'");

    [Fact]
    public void Effect_sizes_of_a_family_are_ratios() =>
        EngineOf(
            Spec("round(exp(y)) ~ s(Age) + sex + (1 | id)") with
            {
                Family = new() { Name = "poisson", Link = "log" },
                Hypotheses = new() { EffectSizes = true },
                Mixed = new() { ConfLevel = 0.9 },
            }
        )
            .Layout.Columns.Select(column => column.Name)
            .Where(name => name.StartsWith("sexM.", StringComparison.Ordinal))
            .Skip(4)
            .Take(5)
            .ShouldBe(["sexM.conf.low", "sexM.conf.high", "sexM.exp.estimate", "sexM.exp.conf.low", "sexM.exp.conf.high"]);

    [Fact]
    public void Columns_are_those_of_smooths_coefficients_random_terms_and_the_model() =>
        EngineOf(Spec("y ~ s(Age) + sex + (1 | site) + (visit || id)") with { FullOutputs = false })
            .Layout.Columns.Select(column => column.Name)
            .ShouldBe([
                "element_id",
                "s_Age.statistic",
                "s_Age.p.value",
                "Intercept.estimate",
                "Intercept.statistic",
                "Intercept.p.value",
                "sexM.estimate",
                "sexM.statistic",
                "sexM.p.value",
                "id.sd__(Intercept)",
                "id.sd__visit",
                "site.sd__(Intercept)",
                "Residual.sd__Observation",
                "model.dev.expl",
                "model.icc",
                "model.singular",
                "id.ngroups",
                "site.ngroups",
                "s_Age.p.value.fdr",
                "Intercept.p.value.fdr",
                "sexM.p.value.fdr",
            ]);

    /// <summary>Only the first session of each participant, or only those of one, determine no variance between participants.</summary>
    /// <summary>As those of lmm.</summary>
    [Fact]
    public void Correlated_effects_have_deviations_and_correlations() =>
        EngineOf(Spec("y ~ s(Age) + sex + (1 | id) + (1 + visit + dose | site)") with { FullOutputs = false })
            .Layout.Columns.Select(column => column.Name)
            .SkipWhile(name => name != "id.sd__(Intercept)")
            .TakeWhile(name => !name.StartsWith("Residual", StringComparison.Ordinal))
            .ShouldBe([
                "id.sd__(Intercept)",
                "site.sd__(Intercept)",
                "site.sd__visit",
                "site.sd__dose",
                "site.cor__(Intercept).visit",
                "site.cor__(Intercept).dose",
                "site.cor__visit.dose",
            ]);

    [Fact]
    public void Elements_without_groups_of_several_have_a_status()
    {
        var first = ((HpcFit.Shared.Cohort.NumericColumn)Cohort.Get("visit")).Values;
        Fit(
            EngineOf(Spec("y ~ sex + dose + (1 | id)")),
            Block([0, 2], (row, value) => first[row] == 0 ? value : double.NaN),
            out var statuses
        );
        statuses.ShouldBe([ElementStatus.NoGroupVariance, ElementStatus.NoGroupVariance]);
    }

    [Fact]
    public void The_singular_fit_has_no_variance()
    {
        var columns = Fit(EngineOf(Spec("y ~ s(Age, k = 5) + sex + (1 | id)")), [0, 1, 2, 3, 4]);
        columns["model.singular"].ShouldBe([0, 0, 0, 1, 0]);
        columns["id.sd__(Intercept)"][3].ShouldBe(0);
        columns["model.icc"][3].ShouldBe(0);
        columns["model.r2.marginal"][3].ShouldBe(columns["model.r2.conditional"][3]);
    }

    /// <summary>The kernels of each register width, and models that are built for each element, give the same numbers.</summary>
    [Theory]
    [InlineData(KernelChoice.Scalar, 0.0)]
    [InlineData(KernelChoice.Reference, 1e-9)]
    public void Kernels_agree(object kernel, double tolerance)
    {
        var model = Spec("y ~ s(Age, k = 5) + sex + (1 | site) + (1 | id)", "w");
        var expected = Fit(EngineOf(model), [0, 1, 2, 4]);
        var other = HpcFit.Worker.Gam.Mixed.MixedGamEngine.Create(
            model,
            Cohort,
            ["y", "z"],
            "y",
            (KernelChoice)kernel,
            RowsCache.DefaultBytes
        );
        foreach (var (name, values) in Fit(other, [0, 1, 2, 4]))
            for (var e = 0; e < values.Length; e++)
                values[e].ShouldBe(expected[name][e], tolerance * Math.Max(1, Math.Abs(expected[name][e])), name);
    }

    /// <summary>Without random terms' names, columns are those of gam with smooths.</summary>
    [Fact]
    public void The_fit_is_that_of_gam_with_random_effects_as_smooths()
    {
        var mixed = Fit(EngineOf(Spec("y ~ s(Age, k = 5) + sex + (1 | id)")), [0, 1, 2, 4]);
        var gam = GamEngine.Create(
            Spec("y ~ s(Age, k = 5) + sex + s(factor(id), bs = \"re\")") with
            {
                Engine = "gam",
                Mixed = null,
            },
            Cohort,
            ["y", "z"],
            "y"
        );
        var plain = Fit(gam, [0, 1, 2, 4]);
        foreach (var (name, values) in mixed.Where(column => plain.ContainsKey(column.Key)))
            values.ShouldBe(plain[name], name);
        mixed["model.REMLcrit"].ShouldBe(plain["model.sp.criterion"].Select(value => 2 * value));
    }

    /// <summary>With all statistics, curves and the test of a random term; missing subjects have models that are kept.</summary>
    [Theory]
    [InlineData("y ~ s(Age, k = 5) + sex + (1 | id)", false)]
    [InlineData("y ~ s(Age, k = 5) + sex + (1 | id)", true)]
    [InlineData("y ~ s(Age, k = 5) + te(dose, visit, k = 3) + sex + (1 | site) + (1 | id)", false)]
    public void Fitting_allocates_nothing_per_element(string formula, bool ml)
    {
        var model = Spec(formula, "w", ml: ml);
        var engine = EngineOf(
            model with
            {
                Gam = model.Gam! with { SmoothCurves = 5 },
                Mixed = model.Mixed! with { TestRandom = "id", ConfLevel = 0.95 },
            }
        );
        using var fitter = engine.CreateFitter();
        var (block, results) = (Block([0, 1, 2, 3, 4]), Results(engine, 5));
        fitter.Fit(block, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        fitter.Fit(block, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    /// <summary>A factor of the groups is made of the column that was typed; what is shown has the column's name.</summary>
    [Theory]
    [InlineData("y ~ s(Age) + sex + (1 | number)")]
    [InlineData("y ~ s(Age) + sex + (1 | site) + (0 + visit | number)")]
    public void Groups_are_shown_under_the_names_that_were_typed(string formula)
    {
        var engine = EngineOf(Spec(formula));
        engine.Frame.Variables.Select(variable => variable.Name).ShouldContain("number");
        engine.Frame.Variables.ShouldAllBe(variable => !variable.Name.Contains('('));
        engine.Columns.Label(engine.Gam.Model.Smooths[^1]).ShouldEndWith("| number)");
        engine.Columns.Label(engine.Gam.Model.Smooths[0]).ShouldBe("s(Age)");
    }

    /// <summary>The covariate of a smooth is listed once, also if its effect varies between groups.</summary>
    [Theory]
    [InlineData("y ~ s(visit, k = 3) + (0 + visit | number)", "number (random effects), visit")]
    [InlineData("y ~ s(Age) + (0 + visit | number)", "number (random effects), visit (random effects), Age")]
    public void Variables_are_listed_once(string formula, string expected) =>
        string.Join(
                ", ",
                EngineOf(Spec(formula)).Frame.Variables.Select(variable => variable.Name + (variable.Role is { } role ? $" ({role})" : ""))
            )
            .ShouldBe(expected);

    [Fact]
    public void Log10_p_follows_every_p() =>
        EngineOf(
            Spec("y ~ s(Age) + (1 | id)") with
            {
                FullOutputs = false,
                Log10P = true,
                Mixed = new() { TestRandom = "id", Df = MixedSpec.Residual },
            }
        )
            .Layout.PartialColumns.Count(name => name.EndsWith(".neglog10", StringComparison.Ordinal))
            .ShouldBe(3);
}
