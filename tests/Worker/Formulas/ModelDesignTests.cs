using System.Runtime.CompilerServices;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Tests.Formulas;

public class ModelDesignTests
{
    private static readonly CohortTable Cohort = CohortTable.Read(Golden("cohort.csv"));
    private static readonly int[] AllRows = [.. Enumerable.Range(0, Cohort.Rows)];

    private static string Golden(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "golden", name);

    private static ModelDesign Design(string formula, CohortTable? cohort = null, DesignOptions? options = null) =>
        ModelDesign.Create(Formula.Parse(formula), cohort ?? Cohort, ["y", "T1"], "y", options ?? new());

    private static double[] Of(string column) => ((NumericColumn)Cohort.Get(column)).Values;

    [Theory]
    [InlineData("y ~ scale(m) + z")]
    [InlineData("y ~ poly(x, 3) + a*b")]
    [InlineData("y ~ splines::ns(m, df = 4):a + splines::bs(z, df = 5)")]
    [InlineData("y ~ b/log(x) + offset(m)")]
    [InlineData("y ~ rank(x) + cumsum(z) + I(x - mean(x[a == \"u\"]))")]
    [InlineData("y ~ cut(x, 3, labels = c(\"1\", \"2\", \"3\")) + poly(z, 2)[, 2]")]
    public void An_element_sees_its_finite_rows_as_if_the_cohort_had_no_others(string formula)
    {
        int[] finite = [0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 14, 15, 17, 18, 19, 21, 23];
        var part = Design(formula, Cohort.Take(finite)).Build([.. Enumerable.Range(0, finite.Length)], []);
        var whole = Design(formula).Build(finite, []);
        whole.Rows.ShouldBe(part.Rows.Select(row => finite[row]));
        whole.Values.ShouldBe(part.Values);
        whole.Offset.ShouldBe(part.Offset);
        whole.Problem.ShouldBe(DesignProblem.None);
    }

    [Fact]
    public void Scale_sees_the_rows_that_another_variable_will_drop()
    {
        // R 4.2.2: model.matrix(~ scale(x) + m, d) keeps 22 of 24 rows; scale's mean is that of all 24.
        var design = Design("y ~ scale(x) + m");
        var matrix = design.Build(AllRows, []);
        matrix.Rows.Length.ShouldBe(22);
        var x = Of("x");
        var mean = x.Average();
        var sd = Math.Sqrt(x.Sum(value => (value - mean) * (value - mean)) / 23);
        matrix.Values[22].ShouldBe((x[0] - mean) / sd, 1e-14);
    }

    [Theory]
    [InlineData("y ~ T1 * a + x", "y ~ x2 * a + x")]
    [InlineData("y ~ log(T1) + poly(T1, 2)", "y ~ log(x2) + poly(x2, 2)")]
    [InlineData("y ~ I(T1 > 10) + z + offset(T1)", "y ~ I(x2 > 10) + z + offset(x2)")]
    public void A_scalar_predictor_acts_as_a_column_with_its_values(string formula, string same)
    {
        var values = Array.ConvertAll(Of("x"), value => value + 1);
        var cohort = Cohort.With(new NumericColumn("x2", values, false));
        var expected = Design(same, cohort).Build(AllRows, []);
        var design = Design(formula, cohort);
        design.ScalarPredictors.ShouldBe(["T1"]);
        ReadOnlyMemory<double>[] other = [Array.ConvertAll(values, value => 25 - value)];
        var first = design.Build(AllRows, other);
        var second = design.Build(AllRows, [values], first);
        second.ShouldBeSameAs(first);
        second.Values.ShouldBe(expected.Values);
        second.Offset.ShouldBe(expected.Offset);
    }

    [Fact]
    public void Refilling_plain_scalars_allocates_nothing()
    {
        var design = Design("y ~ T1 * b + x");
        ReadOnlyMemory<double>[] values = [Of("x")];
        var matrix = design.Build(AllRows, values);
        matrix = design.Build(AllRows, values, matrix);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            matrix = design.Build(AllRows, values, matrix);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_predictor_that_becomes_NaN_drops_its_row_and_an_infinite_one_is_a_problem()
    {
        var design = Design("y ~ log(T1) + a");
        var values = (double[])Of("x").Clone();
        values[4] = -1;
        var matrix = design.Build(AllRows, [values]);
        matrix.Rows.ShouldBe(AllRows.Where(row => row != 4));
        matrix.Values.ShouldAllBe(value => double.IsFinite(value));
        values[4] = 0;
        design.Build(AllRows, [values]).Problem.ShouldBe(DesignProblem.InvalidValue);
    }

    [Theory]
    [InlineData("y ~ b")]
    [InlineData("y ~ factor(b) + x")]
    [InlineData("y ~ x + x:I(b == \"r\")")]
    public void A_vanished_level_is_reported_for_every_column_type(string formula)
    {
        var text = (TextColumn)Cohort.Get("b");
        int[] without = [.. AllRows.Where(row => text.Values[row] != "r")];
        Design(formula).Build(without, []).HasEmptyLevel.ShouldBeTrue();
        Design(formula).Build(AllRows, []).HasEmptyLevel.ShouldBeFalse();
    }

    [Fact]
    public void A_basis_that_the_rows_cannot_carry_is_a_problem_of_the_element_only()
    {
        var design = Design("y ~ poly(x, 3)");
        design.Build([1, 2, 5], []).Problem.ShouldBe(DesignProblem.BasisImpossible);
        Should.Throw<FormulaException>(() => Design("y ~ poly(k, 4)")).Message.ShouldContain("distinct");
    }

    [Fact]
    public void Weights_are_kept_with_their_zeros_and_missing_ones_drop_the_subject()
    {
        var weights = new double[Cohort.Rows];
        Array.Fill(weights, 2);
        (weights[0], weights[1]) = (0, double.NaN);
        var matrix = Design("y ~ x", Cohort.With(new NumericColumn("w", weights, false)), new() { WeightsColumn = "w" }).Build(AllRows, []);
        matrix.Rows.ShouldBe(AllRows.Where(row => row != 1));
        matrix.Weights!.Take(2).ShouldBe([0, 2]);
        weights[5] = -1;
        Should
            .Throw<BadInputException>(() =>
                Design("y ~ x", Cohort.With(new NumericColumn("w", weights, false)), new() { WeightsColumn = "w" })
            )
            .Message.ShouldContain("nonnegative");
        Array.Clear(weights);
        Should
            .Throw<BadInputException>(() =>
                Design("y ~ x", Cohort.With(new NumericColumn("w", weights, false)), new() { WeightsColumn = "w" })
            )
            .Message.ShouldContain("'w' of every subject used is 0");
    }

    [Fact]
    public void Contrasts_are_chosen_by_variable()
    {
        // R 4.2.2: model.matrix(~ c + b, d, contrasts.arg = list(c = "contr.sum", b = "contr.SAS")), rows of levels hi, lo, mid, top and r,
        // s, t
        var design = Design(
            "y ~ c + b",
            options: new()
            {
                Contrasts = new Dictionary<string, string> { ["c"] = "contr.sum", ["b"] = "contr.SAS" },
            }
        );
        design.ColumnNames.ShouldBe(["(Intercept)", "c1", "c2", "c3", "br", "bs"]);
        var matrix = design.Build(AllRows, []);
        var top = Array.IndexOf(((TextColumn)Cohort.Get("c")).Values, "top");
        Enumerable.Range(1, 3).Select(column => matrix.Values[(column * AllRows.Length) + top]).ShouldBe([-1, -1, -1]);
        Should
            .Throw<BadInputException>(() =>
                Design("y ~ c", options: new() { Contrasts = new Dictionary<string, string> { ["cc"] = "contr.sum" } })
            )
            .Message.ShouldContain("Did you mean 'c'");
        Should
            .Throw<BadInputException>(() =>
                Design("y ~ c", options: new() { Contrasts = new Dictionary<string, string> { ["c"] = "contr.sun" } })
            )
            .Message.ShouldContain("contr.sum");
    }

    [Fact]
    public void The_response_is_transformed_on_its_finite_subjects()
    {
        var design = Design("log(y + 1) / x ~ a");
        design.ResponseIsTransformed.ShouldBeTrue();
        var y = new double[Cohort.Rows];
        (y[0], y[1], y[2]) = (3, double.PositiveInfinity, -5);
        var transformed = new double[y.Length];
        design.TransformResponse(y, [], transformed);
        transformed[0].ShouldBe(Math.Log(4) / Of("x")[0], 1e-15);
        transformed[1].ShouldBe(double.NaN);
        transformed[2].ShouldBe(double.NaN);
        transformed[3].ShouldBe(0);
        Design("y ~ a").ResponseIsTransformed.ShouldBeFalse();
    }

    [Fact]
    public void A_response_of_two_scalars_uses_both_at_the_element()
    {
        var design = Design("log(y/T1) ~ scale(x)");
        design.ScalarPredictors.ShouldBe(["T1"]);
        design.VariesWithScalars.ShouldBeFalse();
        double[] y = [.. Enumerable.Range(1, Cohort.Rows).Select(i => 2.0 * i)],
            other = [.. y.Select(value => value / 8)],
            transformed = new double[y.Length];
        (y[1], other[2]) = (double.NaN, -1);
        design.TransformResponse(y, [other], transformed);
        transformed[0].ShouldBe(Math.Log(8), 1e-15);
        transformed[1].ShouldBe(double.NaN);
        transformed[2].ShouldBe(double.NaN);
        Design("I(y * T1) ~ T1").VariesWithScalars.ShouldBeTrue();
        Should.Throw<FormulaException>(() => Design("I(y/T2) ~ x")).Message.ShouldContain("Did you mean 'T1'");
        Should.Throw<FormulaException>(() => Design("poly(y, 2) ~ x")).Message.ShouldContain("numeric vector");
    }

    [Fact]
    public void Rows_whose_intervals_are_not_those_of_the_cohort_are_a_problem()
    {
        var design = Design("y ~ cut(x, 3)");
        design.Build(AllRows, []).Problem.ShouldBe(DesignProblem.None);
        int[] young = [.. AllRows.Where(row => Of("x")[row] < 12)];
        design.Build(young, []).Problem.ShouldBe(DesignProblem.EmptyLevel);
        var middle = AllRows.Where(row => Of("x")[row] > Of("x").Min() && Of("x")[row] < Of("x").Max()).Take(3);
        int[] sameRange = [.. AllRows.Except(middle)];
        design.Build(sameRange, []).Problem.ShouldBe(DesignProblem.None);
        // Given breaks do not depend on the rows.
        Design("y ~ cut(x, c(0, 10, 20))").RebuildsOnRows.ShouldBeFalse();
        Design("y ~ cut(x, seq(0, 20, 10))").RebuildsOnRows.ShouldBeFalse();
        Design("y ~ cut(x, quantile(x, c(0, 0.5, 1)), labels = FALSE)").RebuildsOnRows.ShouldBeTrue();
    }

    [Fact]
    public void Levels_of_a_scalar_are_those_of_the_formula()
    {
        var design = Design("y ~ cut(T1, c(0, 1, 2))");
        double[] values = [.. AllRows.Select(row => row % 2 == 0 ? 0.5 : 1.5)];
        design.ColumnNames.ShouldBe(["(Intercept)", "cut(T1, c(0, 1, 2))(1,2]"]);
        design.Build(AllRows, [values]).Values[AllRows.Length..(AllRows.Length + 2)].ShouldBe([0, 1]);
        design.Build(AllRows, [(double[])[.. AllRows.Select(_ => 0.5)]]).Problem.ShouldBe(DesignProblem.EmptyLevel);
        foreach (var formula in new[] { "y ~ cut(T1, 3)", "y ~ factor(round(T1))", "y ~ ifelse(T1 > 0.5, \"a\", \"b\")" })
            Should.Throw<FormulaException>(() => Design(formula)).Message.ShouldContain("depend on the values at each element");
    }

    [Fact]
    public void Smooths_ask_for_their_covariates_and_are_no_columns()
    {
        var design = Design("y ~ a + s(m, k = 4, by = factor(b)) + te(T1, x)");
        design.ColumnNames.ShouldBe(["(Intercept)", "av"]);
        design.ScalarPredictors.ShouldBe(["T1"]);
        design.CompleteRows.Count.ShouldBe(22);
        var smooth = design.Formula.Smooths[0];
        var by = design.Evaluate(smooth.Options["by"], [0, 1, 2], [Of("x")]).ShouldBeOfType<FactorValue>();
        by.Levels.ShouldBe(["r", "s"]);
        ((NumericValue)design.Evaluate(smooth.Options["k"], [0, 1], [Of("x")])).Data.ShouldBe([4, 4]);
    }
}
