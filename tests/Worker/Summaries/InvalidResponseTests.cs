using HpcFit.Worker.Summaries;
using HpcFit.Worker.Tests.Generalized;

namespace HpcFit.Worker.Tests.Summaries;

/// <summary>Which response of an element does not belong to the family.</summary>
public sealed class InvalidResponseTests
{
    [Fact]
    public void The_first_is_named_with_its_row()
    {
        var engine = GeneralizedCases.Engine(GeneralizedCases.All["count_log"]);
        var amounts = GeneralizedCases.Block(GeneralizedCases.All["amount_log"], [0]);
        var counts = GeneralizedCases.Block(GeneralizedCases.All["count_log"], [0]);
        var first = amounts.Scalars.Span[0][0, 0];
        InvalidResponse
            .Describe(engine.Design, amounts, engine.Accepts)
            .ShouldStartWith(FormattableString.Invariant($" The first that is not is {first:G7}, in row 1 of the cohort "));
        InvalidResponse.Describe(engine.Design, counts, engine.Accepts).ShouldBeEmpty();
    }
}
