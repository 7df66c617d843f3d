using HpcFit.Coordinator.Merging;

namespace HpcFit.Coordinator.Tests.Merging;

/// <summary>Against R 4.2: <c>qnorm(pt(t, df, lower = FALSE, log = TRUE), lower = FALSE, log = TRUE)</c>, <c>pf</c> likewise.</summary>
public sealed class NormalScoreTests
{
    [Theory]
    [InlineData(0.3, 5, 0.28421053526118134)]
    [InlineData(-2.5, 10, -2.1513720655805155)]
    [InlineData(1, 1, 0.6744897501960827)]
    [InlineData(7, 3, 2.7485332828795919)]
    [InlineData(40, 100, 16.799475684947819)]
    [InlineData(75, 995, 43.414633994551551)]
    [InlineData(1000, 8, 9.5651888890497574)]
    [InlineData(5.5, 20000, 5.4978532996547456)]
    [InlineData(1e-8, 30, 9.9170281518503404e-09)]
    [InlineData(120, 400, 37.98758634589683)]
    [InlineData(0, 9, 0)]
    [InlineData(-2.25, double.PositiveInfinity, -2.25)]
    [InlineData(double.NegativeInfinity, 9, double.NegativeInfinity)]
    [InlineData(double.NaN, 9, double.NaN)]
    public void T_has_the_score_of_its_tail(double t, double degrees, double score) => ShouldBe(NormalScore.OfT(t, degrees), score);

    [Theory]
    [InlineData(0.01, 3, 40, -2.990158533706218)]
    [InlineData(0.9, 1, 20, 0.37426095908640644)]
    [InlineData(3.2, 2, 50, 1.6523183278652411)]
    [InlineData(60, 4, 990, 14.092314281697195)]
    [InlineData(900, 3, 500, 30.230685749798941)]
    [InlineData(1e-6, 5, 100, -7.8003966551647377)]
    [InlineData(1, 7, 7, 0)]
    [InlineData(25, 1, 6, 2.8132281691320444)]
    [InlineData(0, 2, 6, double.NegativeInfinity)]
    [InlineData(double.PositiveInfinity, 2, 6, double.PositiveInfinity)]
    [InlineData(double.NaN, 2, 6, double.NaN)]
    public void F_has_the_score_of_its_upper_tail(double f, double numerator, double denominator, double score) =>
        ShouldBe(NormalScore.OfF(f, numerator, denominator), score);

    private static void ShouldBe(double value, double expected)
    {
        if (double.IsFinite(expected))
            value.ShouldBe(expected, 1e-10);
        else
            value.ShouldBe(expected);
    }
}
