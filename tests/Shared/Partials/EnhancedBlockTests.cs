using HpcFit.Shared.Partials;

namespace HpcFit.Shared.Tests.Partials;

public class EnhancedBlockTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public void What_a_block_holds_follows_from_its_columns_and_bytes(int hypotheses, bool hasStatistics)
    {
        var block = new EnhancedBlock(hypotheses, 70, hasStatistics);

        EnhancedBlock.Create(block.Columns, block.Bytes, 70).ShouldBe(block);
    }

    [Fact]
    public void Parts_follow_each_other()
    {
        var block = new EnhancedBlock(2, 10, HasStatistics: true);

        block.StatisticColumnOf(0).ShouldBe(EnhancedBlock.ColumnOf(1) + 2);
        block.StatisticCountsAt(0, 0).ShouldBe(block.CountsAt(0, 2) + (10 * sizeof(ushort)));
        block.MapAt(1).ShouldBe(block.StatisticCountsAt(0, 2) + (10 * sizeof(ushort)));
        block.Columns.ShouldBe(block.StatisticColumnOf(1) + 2);
    }
}
