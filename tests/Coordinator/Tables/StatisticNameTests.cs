using HpcFit.Coordinator.Tables;

namespace HpcFit.Coordinator.Tests.Tables;

public sealed class StatisticNameTests
{
    [Theory]
    [InlineData("Age.p.value", "p.value", false, false)]
    [InlineData("Age.p.value.fdr", "p.value.fdr", true, false)]
    [InlineData("Age.p.value.perm", "p.value.perm", false, false)]
    [InlineData("Age.p.value.perm.fdr", "p.value.perm.fdr", true, false)]
    [InlineData("Age.p.value.perm.tfce", "p.value.perm.tfce", false, false)]
    [InlineData("Age.p.value.fwe", "p.value.fwe", true, true)]
    [InlineData("Age.p.value.fwe.cluster", "p.value.fwe.cluster", true, true)]
    [InlineData("Age.p.value.fwe.all", "p.value.fwe.all", true, true)]
    [InlineData("Age.p.value.fwe.gpd", "p.value.fwe.gpd", true, true)]
    [InlineData("Age.p.value.fwe.tfce.gpd", "p.value.fwe.tfce.gpd", true, true)]
    public void P_values_are_recognised_with_their_corrections(string column, string statistic, bool isCorrected, bool isFamilyWise)
    {
        var name = StatisticName.FromColumn(column);

        (name.Term, name.Statistic).ShouldBe(("Age", statistic));
        (name.IsPValue, name.IsCorrected, name.IsFamilyWise, name.IsEnhanced).ShouldBe((true, isCorrected, isFamilyWise, false));
    }

    [Theory]
    [InlineData("Age.tfce", "tfce", true)]
    [InlineData("Age.z", "z", false)]
    [InlineData("Age.conf.low", "conf.low", false)]
    [InlineData("Age.p.value.neglog10", "p.value.neglog10", false)]
    [InlineData("Age.p.value.perm.neglog10", "p.value.perm.neglog10", false)]
    [InlineData("Age.p.value.fwe.neglog10", "p.value.fwe.neglog10", false)]
    [InlineData("Age.p.value.fwe.cfe.gpd.neglog10", "p.value.fwe.cfe.gpd.neglog10", false)]
    public void Other_statistics_are_no_p_values(string column, string statistic, bool isEnhanced)
    {
        var name = StatisticName.FromColumn(column);

        (name.Term, name.Statistic, name.IsPValue, name.IsEnhanced).ShouldBe(("Age", statistic, false, isEnhanced));
        name.IsFamilyWise.ShouldBeFalse();
    }
}
