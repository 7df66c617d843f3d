using HpcFit.Coordinator.Reporting.Findings;
using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tests.Tables;

namespace HpcFit.Coordinator.Tests.Reporting.Findings;

/// <summary>Limits against R's <c>confint(lm(…))</c>.</summary>
public sealed class EstimateIntervalTests
{
    // summary(lm(y ~ x))$coefficients and confint() of 8 points, of 300 with a strong effect (p is 0), and of 300 with a weak one.
    private static readonly double[] Estimates = [0.88646888351109931, 50.025535563126361, 0.050860187255969073, double.NaN, 0];
    private static readonly double[] Errors = [0.073624194601530191, 0.062728445184686261, 0.06542756900357409, double.NaN, 1];
    private static readonly double[] Statistics = [12.040456106974855, 797.4936317302341, 0.77735101625418412, double.NaN, 0];
    private static readonly double[] PValues = [1.9915470804130434e-05, 0, 0.43756835982490105, double.NaN, 1];
    private static readonly double[] Low = [0.70631696920961162, 49.90208871128273, -0.077898422868884154, double.NaN, double.NaN];
    private static readonly double[] High = [1.066620797812587, 50.148982414969993, 0.17961879738082231, double.NaN, double.NaN];

    [Fact]
    public void T_and_p_determine_the_interval_unless_p_is_0()
    {
        using var file = new ResultFile([.. Common()]);
        using var table = file.Open();

        var (low, high) = Limits(table);

        ShouldBe(low, [Low[0], double.NaN, .. Low[2..]]);
        ShouldBe(high, [High[0], double.NaN, .. High[2..]]);
    }

    [Fact]
    public void Stored_standard_errors_and_degrees_of_freedom_are_used()
    {
        using var file = new ResultFile([
            .. Common(),
            ("x.std.error", Errors),
            ("model.df.residual", [6, 298, 298, double.NaN, double.NaN]),
        ]);
        using var table = file.Open();

        var (low, high) = Limits(table);

        ShouldBe(low, Low);
        ShouldBe(high, High);
    }

    [Fact]
    public void Stored_limits_and_other_statistics_are_left_alone()
    {
        using var stored = new ResultFile([.. Common(), ("x.conf.low", Low), ("x.conf.high", High)]);
        using var table = stored.Open();
        EstimateInterval.Columns(table, "x", "lm").ShouldBeEmpty();
        TermColumns.Around(table, table.Find("x.p.value")).Select(column => column.Name).ShouldContain("x.conf.high");

        using var custom = new ResultFile([.. Common()]);
        using var values = custom.Open();
        EstimateInterval.Columns(values, "x", "custom").ShouldBeEmpty();
        EstimateInterval.Columns(values, "x", null).ShouldBeEmpty();
        EstimateInterval.Columns(values, "y", "lm").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(-3.3, 0.002122582281254531, 37.61)] // 2*pt(-3.3, 37.61)
    [InlineData(12.040456106974855, 1.9915470804130434e-05, 6)]
    [InlineData(1.5, 0.5, double.NaN)] // more than with the fewest degrees of freedom
    [InlineData(5, 1e-9, double.NaN)] // less than that of a normal distribution
    [InlineData(0, 1, double.NaN)]
    [InlineData(double.PositiveInfinity, 0, double.NaN)]
    public void Degrees_of_freedom_are_those_for_which_t_has_p(double t, double p, double degrees)
    {
        var found = EstimateInterval.DegreesOfFreedom(t, p);

        if (double.IsNaN(degrees))
            (double.IsNaN(found) || found < 1).ShouldBeTrue($"{found}");
        else
            found.ShouldBe(degrees, 1e-6 * degrees);
    }

    private static IEnumerable<(string Name, double[] Values)> Common() =>
        [("element_id", [0, 1, 2, 3, 4]), ("x.estimate", Estimates), ("x.statistic", Statistics), ("x.p.value", PValues)];

    private static (double[] Low, double[] High) Limits(ResultTable table)
    {
        var columns = EstimateInterval.Columns(table, "x", "lm");
        columns.Select(column => column.Name).ShouldBe(["x.conf.low", "x.conf.high"]);
        var values = columns.Select(column =>
        {
            var limits = new double[5];
            column.Read(0, limits);
            return limits;
        });
        return (values.First(), values.Last());
    }

    private static void ShouldBe(double[] found, double[] expected)
    {
        foreach (var (one, other) in found.Zip(expected))
        {
            if (double.IsNaN(other))
                one.ShouldBe(double.NaN);
            else
                one.ShouldBe(other, 1e-8 * Math.Abs(other));
        }
    }
}
