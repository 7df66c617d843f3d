using System.Text.Json;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Fitting;
using HpcFit.Worker.Gam.Testing;

namespace HpcFit.Worker.Tests.Gam;

public class ElementFitTests
{
    public static TheoryData<string, string> Fits()
    {
        var data = new TheoryData<string, string>();
        string[] names =
        [
            "tp_k4",
            "tp_k10",
            "tp_m1_k6",
            "ts_k6",
            "cr_k6",
            "cs_k6",
            "cc_k6",
            "ps_k8",
            "re_site",
            "te_k4",
            "ti_k4",
            "ti_main_k4",
            "tp2d_k12",
            "by_factor_k4",
            "by_ordered_k4",
            "by_numeric_k4",
        ];
        foreach (var name in names)
        foreach (var method in new[] { "REML", "ML", "GCV.Cp" })
            if ((name, method) is not ("te_k4", "GCV.Cp") and not ("ti_k4", "ML"))
                data.Add(name, method);
        return data;
    }

    // Vanishing terms stop at another huge sp than the reference's, which changes edf and its functions by about 1e-9: 1e-5 is the oracle's
    // rule.
    [Theory]
    [MemberData(nameof(Fits))]
    public void Fits_equal_the_reference_converged_to_1e_minus_12(string name, string method)
    {
        CompareWithReference(name, method, textbook: false);
        CompareWithReference(name, method, textbook: true);
    }

    private static void CompareWithReference(string name, string method, bool textbook)
    {
        var reference = new ReferenceBasis(name);
        var expected = reference.Root.GetProperty("fits").GetProperty(method);
        var design = reference.Design(name, method);
        var fit = new ElementFit(design, textbook);
        fit.FitResponse(reference.Numbers("y")).ShouldBeTrue();
        Near(fit.Criterion, expected.GetProperty("score"), 1e-7);
        Near(fit.Deviance, expected.GetProperty("deviance"), 1e-5);
        Near(fit.Scale, expected.GetProperty("scale"), 1e-5);
        Near(fit.LogLikelihood, expected.GetProperty("logLik"), 1e-5);
        Near(fit.ResidualDegrees, expected.GetProperty("df_residual"), 1e-5);
        Near(fit.Degrees, Sum(expected, "edf"), 1e-5);
        Near(fit.Aic(), expected.GetProperty("AIC"), 1e-5);
        Near(fit.Bic(), expected.GetProperty("BIC"), 1e-5);
        var table = expected.GetProperty("p_table").GetProperty("values");
        for (var i = 0; i < design.ParametricCount; i++)
        {
            Near(fit.Coefficients[i], table[i][0], 1e-5);
            Near(Math.Sqrt(fit.Variance(i)), table[i][1], 1e-5);
        }
        var smooths = expected.GetProperty("s_table").GetProperty("values");
        for (var i = 0; i < design.Smooths.Count; i++)
        {
            Near(fit.TermEdf(i), smooths[i][0].GetDouble(), 1e-5, slack: 1e-7);
            // The test of a term shrunk to zero is rounding noise.
            var isGone = fit.TermEdf(i) < 1e-3;
            if (!isGone)
                Near(fit.Test(i).ReferenceDegrees, smooths[i][1].GetDouble(), 1e-5);
            Near(fit.Test(i).Statistic, smooths[i][2].GetDouble(), 1e-5, slack: 1e-7);
            fit.PValue(i).ShouldBe(smooths[i][3].GetDouble(), isGone ? 0.05 : 3e-6);
        }
    }

    // Two fits where the reference's search stops elsewhere: ti by ML with both terms shrunk although an inner optimum scores better, te by
    // GCV at an sp of 2e11, where its score is rounded by 2e-6.
    [Theory]
    [InlineData("ti_k4", "ML")]
    [InlineData("te_k4", "GCV.Cp")]
    public void The_criterion_is_at_least_as_good_where_the_reference_stops_elsewhere(string name, string method)
    {
        var reference = new ReferenceBasis(name);
        var fit = new ElementFit(reference.Design(name, method));
        fit.FitResponse(reference.Numbers("y")).ShouldBeTrue();
        var score = reference.Root.GetProperty("fits").GetProperty(method).GetProperty("score").GetDouble();
        fit.Criterion.ShouldBeLessThan(score + 3e-6 * Math.Abs(score));
    }

    [Theory]
    [InlineData("REML")]
    [InlineData("ML")]
    [InlineData("P-REML")]
    [InlineData("P-ML")]
    [InlineData("GCV.Cp")]
    [InlineData("GACV.Cp")]
    public void Derivatives_equal_central_differences(string method)
    {
        foreach (var name in new[] { "tp_k10", "cs_k6", "re_site", "te_k4", "by_factor_k4", "by_ordered_k4" })
        {
            var reference = new ReferenceBasis(name);
            var design = reference.Design(name, method, gamma: 1.3);
            Differences(design, SmoothnessCriterion.For(design, textbook: false), reference.Numbers("y"), $"{name} {method}");
            Differences(design, new StackedCriterion(design), reference.Numbers("y"), $"{name} {method} textbook");
        }
    }

    private static void Differences(GamDesign design, SmoothnessCriterion criterion, double[] y, string label)
    {
        var (f, residual) = ResponseFits.Project(design, y);
        var m = design.PenaltyCount;
        double[] rho = [.. design.Search.StartLogs.Select((start, j) => start - 1 + 2.5 * j)];
        var gradient = new double[m];
        var hessian = new double[m * m];
        criterion.Evaluate(f, residual, rho, gradient, hessian);
        const double h = 1e-4;
        for (var j = 0; j < m; j++)
        {
            double[] up = [.. rho],
                down = [.. rho],
                gradientUp = new double[m],
                gradientDown = new double[m],
                unused = new double[m * m];
            up[j] += h;
            down[j] -= h;
            var high = criterion.Evaluate(f, residual, up, gradientUp, unused);
            var low = criterion.Evaluate(f, residual, down, gradientDown, unused);
            gradient[j].ShouldBe((high - low) / (2 * h), 1e-7, $"{label} gradient {j}");
            for (var k = 0; k < m; k++)
                hessian[j * m + k].ShouldBe((gradientUp[k] - gradientDown[k]) / (2 * h), 1e-7, $"{label} Hessian {j} {k}");
        }
    }

    [Theory]
    [InlineData("REML")]
    [InlineData("GCV.Cp")]
    public void Results_are_equivariant_under_shift_and_scale_of_the_response(string method)
    {
        var reference = new ReferenceBasis("cc_k6");
        var design = reference.Design("cc_k6", method);
        ElementFit fit = new(design),
            moved = new(design);
        var y = reference.Numbers("y");
        fit.FitResponse(y).ShouldBeTrue();
        moved.FitResponse([.. y.Select(v => 7 + 3 * v)]).ShouldBeTrue();
        moved.Degrees.ShouldBe(fit.Degrees, 1e-7);
        moved.Deviance.ShouldBe(9 * fit.Deviance, 1e-8 * moved.Deviance);
        moved.Coefficients[0].ShouldBe(7 + 3 * fit.Coefficients[0], 1e-8);
    }

    [Theory]
    [InlineData("tp_k10", "REML", false)]
    [InlineData("te_k4", "REML", false)]
    [InlineData("te_k4", "GCV.Cp", false)]
    [InlineData("by_factor_k4", "P-ML", false)]
    [InlineData("re_site", "ML", false)]
    [InlineData("te_k4", "ML", true)]
    public void Nothing_is_allocated_per_element(string name, string method, bool textbook)
    {
        var reference = new ReferenceBasis(name);
        var fit = new ElementFit(reference.Design(name, method), textbook);
        var (projections, left) = ResponseFits.Project(fit.Design, reference.Numbers("y"));
        var covariance = new double[fit.Design.CoefficientCount * fit.Design.CoefficientCount];
        AskForEverything(fit, projections, left, covariance);
        fit.PValue(0, SmoothPValues.Davies);
        var before = GC.GetAllocatedBytesForCurrentThread();
        AskForEverything(fit, projections, left, covariance);
        fit.PValue(0, SmoothPValues.Davies);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    // Without an effect all penalties grow without bound, with one they end at an interior optimum: both searches are short.
    [Theory]
    [InlineData("tp_k4", "REML", 12)]
    [InlineData("tp_k4", "GCV.Cp", 15)]
    [InlineData("by_factor_k4", "REML", 16)]
    [InlineData("by_factor_k4", "GCV.Cp", 20)]
    [InlineData("te_k4", "REML", 18)]
    [InlineData("te_k4", "GCV.Cp", 24)]
    public void The_search_takes_few_evaluations(string name, string method, int most)
    {
        var reference = new ReferenceBasis(name);
        var design = reference.Design(name, method);
        var criterion = SmoothnessCriterion.For(design, textbook: false);
        var search = new SmoothnessSearch(design, criterion);
        var (response, random) = (reference.Numbers("y"), new Random(3));
        const int elements = 100;
        for (var e = 0; e < elements; e++)
        {
            // From pure noise to the original response.
            double[] y = [.. response.Select(value => (value * e / elements) + random.NextDouble() - 0.5)];
            var (f, residual) = ResponseFits.Project(design, y);
            search.Run(f, residual).ShouldBeTrue();
        }
        criterion.Evaluations.ShouldBeInRange(2 * elements, most * elements);
    }

    [Fact]
    public void Bits_are_the_same_on_every_processor()
    {
        // Changes only when an algorithm changes; equal with DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0 and DOTNET_EnableHWIntrinsic=0.
        var hash = 14695981039346656037UL;
        foreach (var name in (string[])["tp_k10", "tp2d_k12", "ps_k8", "te_k4", "re_site", "by_ordered_k4"])
        foreach (var method in (string[])["REML", "ML", "GCV.Cp"])
        {
            var reference = new ReferenceBasis(name);
            var fit = new ElementFit(reference.Design(name, method));
            var (projections, left) = ResponseFits.Project(fit.Design, reference.Numbers("y"));
            var covariance = new double[fit.Design.CoefficientCount * fit.Design.CoefficientCount];
            hash = (hash ^ BitConverter.DoubleToUInt64Bits(AskForEverything(fit, projections, left, covariance))) * 1099511628211UL;
            foreach (var value in covariance)
                hash = (hash ^ BitConverter.DoubleToUInt64Bits(value)) * 1099511628211UL;
        }
        hash.ShouldBe(15183419730446133934UL);
    }

    private static double AskForEverything(ElementFit fit, double[] projections, double left, double[] covariance)
    {
        if (!fit.Fit(projections, left))
            throw new InvalidOperationException("The element did not converge.");
        var sum =
            fit.Criterion
            + fit.Scale
            + fit.LogLikelihood
            + fit.Aic()
            + fit.Bic()
            + fit.Coefficients[0]
            + fit.SmoothingParameters[0]
            + fit.Fitted[0];
        for (var i = 0; i < fit.Design.CoefficientCount; i++)
            sum += fit.Variance(i);
        for (var i = 0; i < fit.Design.Smooths.Count; i++)
            sum += fit.TermEdf(i) + fit.Test(i).Statistic + fit.PValue(i);
        fit.CopyCovariance(covariance);
        return sum;
    }

    private static double Sum(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Sum(v => v.GetDouble());

    private static void Near(double actual, JsonElement expected, double tolerance) => Near(actual, expected.GetDouble(), tolerance);

    private static void Near(double actual, double expected, double tolerance, double slack = 2e-9) =>
        Math.Abs(actual - expected).ShouldBeLessThan(tolerance * Math.Abs(expected) + slack, $"got {actual:R}, reference {expected:R}");
}
