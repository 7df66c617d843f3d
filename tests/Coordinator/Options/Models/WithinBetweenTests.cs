using HpcFit.Coordinator.Options.Models;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Options.Models;

public sealed class WithinBetweenTests
{
    [Theory]
    [InlineData("Age", "FDC ~ Age_within + (1 | id)", "ave(Age, id, na.rm=TRUE)")]
    [InlineData("Größe", "FDC ~ Größe_within + (1 | größenklasse)", "ave(Größe, größenklasse, na.rm=TRUE)")]
    [InlineData("body height", "FDC ~ `body height_within` + (1 | `study id`)", "ave(`body height`, `study id`, na.rm=TRUE)")]
    public void Names_are_those_of_R(string variable, string formula, string mean) =>
        WithinBetween.Columns("--within-between", [variable], formula).First().ShouldBe($"{variable}_between={mean}");

    [Theory]
    [InlineData("FDC ~ Age_within + (1 | site/id)", "'site/id'")]
    [InlineData("FDC ~ Age_within", "none")]
    [InlineData("FDC ~ Age + (1 | id)", "has neither")]
    public void What_cannot_be_split_is_refused(string formula, string reason) =>
        Should
            .Throw<UsageException>(() => WithinBetween.Columns("--within-between", ["Age"], formula).ToList())
            .Message.ShouldContain(reason);
}
