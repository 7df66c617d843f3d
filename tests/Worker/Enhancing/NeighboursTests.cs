using HpcFit.Worker.Enhancing.Neighbourhoods;

namespace HpcFit.Worker.Tests.Enhancing;

public sealed class NeighboursTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(18)]
    [InlineData(26)]
    public void Adjacent_voxels_are_those_of_a_comparison_of_every_pair(int neighbours)
    {
        var space = new RandomMaps(edge: 6, seed: 4);
        var expected = new FloodFill(space.Cells, neighbours);

        var found = space.Neighbours((VoxelContact)neighbours);

        found.Elements.ShouldBe(space.Count);
        for (var element = 0; element < space.Count; element++)
            found.Of(element).ToArray().ShouldBe(expected.Adjacent(element));
    }

    [Fact]
    public void The_ends_of_rows_are_not_adjacent_to_the_next_rows()
    {
        // The largest cell of one row and the first one of the next.
        var ends = new VoxelCells([0, 0], [0, 1], [VoxelCells.Largest, 0]);

        ends.FindNeighbours(VoxelContact.Corner).Pairs.ShouldBe(0);
    }

    [Fact]
    public void A_cell_of_two_voxels_is_found() => new VoxelCells([3, 1, 3], [2, 2, 2], [1, 1, 1]).FindDuplicate().ShouldBe(2);
}
