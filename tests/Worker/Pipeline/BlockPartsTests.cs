using HpcFit.Shared.Elements;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.Tests.Pipeline;

public sealed class BlockPartsTests
{
    [Fact]
    public void A_block_is_taken_apart_at_elements_that_are_left()
    {
        ElementStatus[] status =
        [
            ElementStatus.UserCodeFailed,
            ElementStatus.Fitted,
            ElementStatus.TooFewSubjects,
            ElementStatus.UserCodeTimedOut,
            ElementStatus.NotInRun,
            ElementStatus.Fitted,
        ];
        double[] columns = [double.NaN, 1, 2, double.NaN, double.NaN, 5, double.NaN, 10, 20, double.NaN, double.NaN, 50];
        var parts = BlockParts.Without(
            [ElementStatus.UserCodeFailed, ElementStatus.UserCodeTimedOut, ElementStatus.NotInRun],
            new(100, 106),
            columns,
            status
        );
        parts.Select(part => part.Elements).ShouldBe([new(101, 103), new(105, 106)]);
        parts[0].Columns.ShouldBe([1, 2, 10, 20]);
        parts[1].Columns.ShouldBe([5, 50]);
        parts[0].Status.ShouldBe([ElementStatus.Fitted, ElementStatus.TooFewSubjects]);
        BlockParts
            .Without([ElementStatus.NotInRun], new(100, 106), columns, status)
            .Select(part => part.Elements)
            .ShouldBe([new(100, 104), new(105, 106)]);
    }
}
