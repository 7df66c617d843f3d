using HpcFit.Coordinator.Reporting;
using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Tests.Reporting;

public sealed class StatusWordsTests
{
    [Fact]
    public void Every_status_has_words_of_its_own() =>
        Enum.GetValues<ElementStatus>()
            .Select(StatusWords.For)
            .ShouldBeUnique("a new status is described in Coordinator/Reporting/StatusWords.cs");
}
