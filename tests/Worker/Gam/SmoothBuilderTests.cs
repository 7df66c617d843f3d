using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Tests.Gam;

public class SmoothBuilderTests
{
    [Theory]
    [InlineData("tp_k4")]
    [InlineData("tp_k10")]
    [InlineData("tp_m1_k6")]
    [InlineData("ts_k6")]
    [InlineData("cr_k6")]
    [InlineData("cs_k6")]
    [InlineData("cc_k6")]
    [InlineData("ps_k8")]
    [InlineData("re_site")]
    [InlineData("tp2d_k12")]
    [InlineData("te_k4")]
    [InlineData("ti_k4")]
    [InlineData("ti_main_k4")]
    [InlineData("by_factor_k4")]
    [InlineData("by_ordered_k4")]
    [InlineData("by_numeric_k4")]
    public void Constrained_columns_and_penalties_equal_the_reference_up_to_signs(string name)
    {
        var reference = new ReferenceBasis(name);
        var smooths = SmoothBuilder.Build(ReferenceBasis.Request(name, reference));
        var expected = reference.Root.GetProperty("smooths");
        smooths.Count.ShouldBe(expected.GetArrayLength());
        for (var i = 0; i < smooths.Count; i++)
        {
            smooths[i].Label.ShouldBe(expected[i].GetProperty("label").GetString());
            smooths[i].NullDimension.ShouldBe(expected[i].GetProperty("null_space_dim").GetInt32());
            var x = ReferenceBasis.Matrix(expected[i].GetProperty("X"));
            var signs = Signs(smooths[i].X, x);
            // tp's last columns come from eigenvalues 1e-5 of the largest, so an error of 1e-16 E grows to some 1e-10.
            Distance(smooths[i].X, x, [.. Enumerable.Repeat(1.0, x.Rows)], signs).ShouldBeLessThan(1e-8);
            var penalties = expected[i].GetProperty("S");
            smooths[i].Penalties.Count.ShouldBe(penalties.GetArrayLength());
            for (var j = 0; j < penalties.GetArrayLength(); j++)
                Distance(smooths[i].Penalties[j], ReferenceBasis.Matrix(penalties[j]), signs, signs).ShouldBeLessThan(1e-8);
        }
    }

    [Fact]
    public void A_basis_evaluated_at_its_own_rows_is_its_matrix()
    {
        double[] x = [0.3, 1.2, 2.9, 3.1, 4.4, 5.0, 6.7, 7.7, 8.1, 9.9, 3.1];
        foreach (var name in BasisCatalogue.Names.Where(n => n is not ("re" or "fs" or "sz")))
        {
            var basis = BasisCatalogue.Build(
                new(name, [0], 6, name == "ad" ? [2] : null, false, false),
                [new("x", x)],
                new Dictionary<string, IReadOnlyList<double>>(),
                10,
                "s(x)"
            );
            Distance(basis.At!([x]), basis.X, [.. Enumerable.Repeat(1.0, x.Length)], [.. Enumerable.Repeat(1.0, 6)])
                .ShouldBeLessThan(1e-9, name);
        }
    }

    // PredictMat of smooth.construct(s(x, bs="ps", k=6)) of mgcv 1.8-41 at -0.3, 0.4 and 1.25.
    [Fact]
    public void Splines_on_even_knots_continue_as_straight_lines()
    {
        double[][] expected =
        [
            [0.830505655356, 0.666666666667, -0.497172322023, 0, 0, 0],
            [0, 0.166168162511, 0.666665671152, 0.167166166172, 1.65670653373e-10, 0],
            [0, 0, 0, -0.247671324019, 0.666666666667, 0.581004657352],
        ];
        foreach (var name in (string[])["ps", "bs"])
        {
            var basis = BasisCatalogue.Build(
                new(name, [0], 6, null, false, false),
                [new("x", [0.1, 0.2, 0.35, 0.5, 0.62, 0.8, 1])],
                new Dictionary<string, IReadOnlyList<double>>(),
                10,
                "s(x)"
            );
            var x = basis.At!([
                [-0.3, 0.4, 1.25],
            ]);
            for (var i = 0; i < x.Rows; i++)
            for (var j = 0; j < x.Columns; j++)
                x[i, j].ShouldBe(expected[i][j], 1e-11);
        }
    }

    // The error of central differences is h² times the third derivative over 6, which is 0 almost everywhere or small here.
    [Fact]
    public void Slopes_of_every_basis_of_one_variable_are_its_derivatives()
    {
        double[] x = [0.3, 1.2, 2.9, 3.1, 4.4, 5.0, 6.7, 7.7, 8.1, 9.9, 3.3];
        double[] points = [0.35, 1.7, 3.02, 4.85, 6.2, 8.8, 9.65];
        const double h = 1e-4;
        IReadOnlyList<double>[] processes =
        [
            [1, 2],
            [2, 3, 1.5],
            [3],
            [4],
            [5],
            [-3],
        ];
        IEnumerable<(string Name, IReadOnlyList<double>? Order)> bases = BasisCatalogue
            .Names.Where(name => name is not ("re" or "fs" or "sz"))
            .Select(name => (name, (IReadOnlyList<double>?)(name == "ad" ? [2] : null)))
            .Concat(processes.Select(order => ("gp", (IReadOnlyList<double>?)order)))
            .Concat([("tp", [1]), ("tp", [3]), ("tp", [2, 0]), ("ps", [0]), ("bs", [1, 0]), ("bs", [4, 2])]);
        foreach (var (name, order) in bases)
        {
            var request = new SmoothRequest
            {
                Function = "s",
                Covariates = [new("x", x)],
                Margins = [new(name, [0], 6, order, false, false)],
            };
            var smooth = SmoothBuilder.Build(request)[0];
            var above = smooth.At!([
                [.. points.Select(point => point + h)],
            ]);
            var below = smooth.At!([
                [.. points.Select(point => point - h)],
            ]);
            var differences = above.Minus(below).Scaled(1 / (2 * h));
            var ones = Enumerable.Repeat(1.0, points.Length).ToArray();
            Distance(smooth.SlopeAt!([points]), differences, ones, [.. Enumerable.Repeat(1.0, differences.Columns)])
                .ShouldBeLessThan(1e-6, $"{name} {(order is null ? "" : string.Join(',', order))}");
        }
    }

    // smoothCon of mgcv: a smooth times a number that varies has no constraint, times a constant it sums to zero as without it.
    [Theory]
    [InlineData("s")]
    [InlineData("te")]
    [InlineData("t2")]
    public void A_smooth_times_a_constant_is_centred(string function)
    {
        double[] x = [1, 2, 4, 7, 8, 12, 13, 17, 20];
        var plain = Build(null);
        var doubled = Build([.. x.Select(_ => 2.0)]);
        doubled.X.Values.ShouldBe(plain.X.Values.Select(value => 2 * value));
        doubled.NullDimension.ShouldBe(plain.NullDimension);
        Build(x).X.Columns.ShouldBe(plain.X.Columns + 1);

        Smooth Build(double[]? by) =>
            SmoothBuilder.Build(
                new SmoothRequest
                {
                    Function = function,
                    Covariates = [new("x", x)],
                    Margins = [new("cr", [0], 5, null, false, false)],
                    By = by is null ? null : new("b", by),
                }
            )[0];
    }

    [Fact]
    public void Fewer_unique_values_than_functions_is_a_basis_impossible_that_names_both()
    {
        var request = new SmoothRequest
        {
            Function = "s",
            Covariates = [new("x", [1, 2, 3, 1, 2, 3])],
            Margins = [new("tp", [0], 5, null, false, false)],
        };
        var failure = Should.Throw<SmoothBasisException>(() => SmoothBuilder.Build(request));
        failure.Message.ShouldContain("3 unique");
        failure.Message.ShouldContain("5 basis functions");
    }

    [Theory]
    [InlineData("tp")]
    [InlineData("gp")]
    [InlineData("cr")]
    public void Too_few_values_for_any_smooth_are_no_question_of_k(string basis)
    {
        Refusal([1, 2, 3, 1, 2, 3]).ShouldContain("set k to at most 3");
        Refusal([1, 1, 1, 2, 2, 2]).ShouldContain("a smooth needs 3 or more");
        Refusal([1, 1, 1, 1, 1, 1]).ShouldContain("omit it");

        string Refusal(double[] x)
        {
            var request = new SmoothRequest
            {
                Function = "s",
                Covariates = [new("x", x)],
                Margins = [new(basis, [0], 5, null, false, false)],
            };
            return Should.Throw<SmoothBasisException>(() => SmoothBuilder.Build(request)).Message;
        }
    }

    // smoothCon(s(x, z, k=9, m=3)) of mgcv 1.8-41: 1, x, x², z, xz, z² of centred covariates. AIC's second-order part depends on the order.
    [Fact]
    public void The_polynomials_of_a_thin_plate_run_through_the_first_variables_powers_first()
    {
        double[] x = [-3, -2, -2, -1, 0, 0, 1, 1, 2, 4],
            z = [1, -4, 2, 0, 3, -1, -2, 5, -3, -1];
        var basis = BasisCatalogue.Build(
            new("tp", [0, 1], 9, [3], false, false),
            [new("x", x), new("z", z)],
            new Dictionary<string, IReadOnlyList<double>>(),
            10,
            "s(x,z)"
        );
        Func<double, double, double>[] polynomials =
        [
            (_, _) => 1,
            (a, _) => a,
            (a, _) => a * a,
            (_, b) => b,
            (a, b) => a * b,
            (_, b) => b * b,
        ];
        for (var j = 0; j < polynomials.Length; j++)
        {
            double[] values = [.. x.Zip(z, polynomials[j])];
            var size = Math.Sqrt(values.Sum(value => value * value) / values.Length);
            for (var i = 0; i < values.Length; i++)
                basis.X[i, 3 + j].ShouldBe(values[i] / size, 1e-12);
        }
    }

    private static double[] Signs(DenseMatrix a, DenseMatrix b) =>
        [.. Enumerable.Range(0, a.Columns).Select(j => Enumerable.Range(0, a.Rows).Sum(i => a[i, j] * b[i, j]) < 0 ? -1.0 : 1.0)];

    private static double Distance(DenseMatrix a, DenseMatrix b, double[] rowSigns, double[] columnSigns)
    {
        (a.Rows, a.Columns).ShouldBe((b.Rows, b.Columns));
        double distance = 0,
            size = 0;
        for (var i = 0; i < a.Rows; i++)
        for (var j = 0; j < a.Columns; j++)
        {
            distance = Math.Max(distance, Math.Abs(a[i, j] * rowSigns[i] * columnSigns[j] - b[i, j]));
            size = Math.Max(size, Math.Abs(b[i, j]));
        }
        return distance / size;
    }
}
