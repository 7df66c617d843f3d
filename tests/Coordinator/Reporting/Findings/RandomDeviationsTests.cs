using HpcFit.Coordinator.Reporting.Findings;

namespace HpcFit.Coordinator.Tests.Reporting.Findings;

/// <summary>Standard deviations of mixed models over elements.</summary>
public sealed class RandomDeviationsTests
{
    [Fact]
    public void Quartiles_are_those_of_R_and_shares_add_up_per_element()
    {
        // quantile(c(1, 2, 4, 8)) is 1, 1.75, 3, 5, 8; the fourth element has no fit.
        var found = RandomDeviations.From([
            ("id:site.sd__(Intercept)", [1, 2, double.NaN, 4, 8]),
            ("Residual.sd__Observation", [1, 1, double.NaN, 4, 0]),
        ]);
        found.Select(one => one.Name).ShouldBe(["id:site", "Residual"]);
        found[0].Quartiles.ShouldBe((1.75, 3, 5));
        found[0].Share!.Value.ShouldBe((0.8 + 0.5) / 2, 1e-12);
        found[1].Share!.Value.ShouldBe((0.2 + 0.5) / 2, 1e-12);
    }

    [Fact]
    public void Slopes_have_no_share() =>
        RandomDeviations
            .From([("id.sd__(Intercept)", [1]), ("id.sd__visit", [2]), ("Residual.sd__Observation", [1])])
            .Select(one => (one.Name, one.Share))
            .ShouldBe([("id", null), ("visit by id", null), ("Residual", null)]);
}
