using System.Text.Json;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Tests.Gam;

public class ElementFitTests
{
    [Theory]
    [InlineData("tp_k10", "REML")]
    [InlineData("te_k4", "REML")]
    [InlineData("cs_k6", "GCV.Cp")]
    public void An_element_that_enters_by_its_projections_has_the_reference_s_summary(string name, string method)
    {
        var reference = new ReferenceBasis(name);
        var expected = reference.Root.GetProperty("fits").GetProperty(method);
        var design = reference.Design(name, method);
        var fit = new ElementFit(design);
        var (projections, rest) = Project(design, reference.Numbers("y"));
        fit.Fit(projections, rest).ShouldBeTrue();
        Near(fit.Criterion, expected.GetProperty("score"));
        Near(fit.Scale, expected.GetProperty("scale"));
        Near(fit.Aic(), expected.GetProperty("AIC"));
        var parametric = expected.GetProperty("p_table").GetProperty("values");
        for (var i = 0; i < design.ParametricCount; i++)
        {
            Near(fit.Coefficients[i], parametric[i][0]);
            Near(Math.Sqrt(fit.Variance(i)), parametric[i][1]);
        }
        var smooth = expected.GetProperty("s_table").GetProperty("values")[0];
        Near(fit.TermEdf(0), smooth[0]);
        Near(fit.Test(0).ReferenceDegrees, smooth[1]);
        Near(fit.Test(0).Statistic, smooth[2]);
        if (name == "tp_k10") fit.PValue(0).ShouldBe(smooth[3].GetDouble(), 3e-6);
    }

    private static void Near(double actual, JsonElement expected) => actual.ShouldBe(expected.GetDouble(), 1e-5 * Math.Abs(expected.GetDouble()));

    private static (double[] Projections, double Left) Project(GamDesign design, double[] y)
    {
        var projections = new double[design.Dimension];
        var rest = y.ToArray();
        for (var i = 0; i < y.Length; i++)
            for (var j = 0; j < projections.Length; j++) projections[j] += design.Projector[(i * projections.Length) + j] * y[i];
        for (var i = 0; i < y.Length; i++)
            for (var j = 0; j < projections.Length; j++) rest[i] -= design.Projector[(i * projections.Length) + j] * projections[j];
        return (projections, rest.Sum(v => v * v));
    }
}
