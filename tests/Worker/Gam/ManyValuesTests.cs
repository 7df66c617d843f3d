using HpcFit.Shared.Cohort;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Tests.Gam;

/// <summary>
/// A thin plate spline over more than 2,000 distinct values, all of which are centres. mgcv by default samples 2,000 of them; with <c>knots
/// = list(x = x)</c> it uses them all too.
/// </summary>
public class ManyValuesTests
{
    private const int Rows = 2100;

    // R 4.2.2, mgcv 1.8-41, converged: gam(y ~ s(x, k = 10), method = ..., knots = list(x = x)) with x and y as below.
    [Theory]
    [InlineData("REML", -261.574008653, 9.73922193298, 0.0444822976079, -565.324232357, 8.98007791139, 2681.54468064)]
    [InlineData("GCV.Cp", 0.0446606511018, 8.5637806347, 0.0444785253784, -566.684331344, 8.48487631534, 2831.70585875)]
    public void All_values_carry_a_thin_plate(
        string method,
        double criterion,
        double degrees,
        double scale,
        double aic,
        double referenceDegrees,
        double statistic
    )
    {
        var x = Enumerable.Range(1, Rows).Select(i => i * 0.6180339887498949 % 1).ToArray();
        var y = Enumerable.Range(1, Rows).Select(i => Math.Sin(6 * x[i - 1]) + (0.3 * Math.Cos((double)i * i))).ToArray();
        var model = new ModelSpec
        {
            Engine = "gam",
            Formula = "y ~ s(x, k = 10)",
            Gam = new() { Method = method },
        };
        var rows = GamModel
            .Create(model, new("cohort.csv", [new NumericColumn("x", x, false)]), ["y"], "y")
            .Build([.. Enumerable.Range(0, Rows)], [], []);
        var fit = new ElementFit(rows.Designs[0]);
        fit.FitResponse(y).ShouldBeTrue();
        fit.Criterion.ShouldBe(criterion, 1e-6 * Math.Abs(criterion));
        fit.Degrees.ShouldBe(degrees, 1e-4);
        fit.Scale.ShouldBe(scale, 1e-7);
        fit.Aic().ShouldBe(aic, 1e-4);
        fit.Test(0).ReferenceDegrees.ShouldBe(referenceDegrees, 1e-4);
        fit.Test(0).Statistic.ShouldBe(statistic, 1e-3 * statistic / 100);
    }
}
