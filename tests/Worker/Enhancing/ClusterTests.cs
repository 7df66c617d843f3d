using HpcFit.Worker.Enhancing.Neighbourhoods;
using HpcFit.Worker.Enhancing.Trees;

namespace HpcFit.Worker.Tests.Enhancing;

public sealed class ClusterTests
{
    [Theory]
    [InlineData(6, 1.0)]
    [InlineData(18, 0.3)]
    [InlineData(26, 2.5)]
    public void Extent_and_mass_equal_those_of_a_flood_fill(int neighbours, double threshold)
    {
        var space = new RandomMaps(edge: 8, seed: neighbours + 1);
        var fill = new FloodFill(space.Cells, neighbours);
        var map = space.Map(missing: 0.1);
        var (extents, masses) = (new double[map.Length], new double[map.Length]);
        foreach (var sign in (int[])[1, -1])
        {
            foreach (var cluster in fill.Clusters(element => sign * map[element] > (float)threshold))
            {
                foreach (var element in cluster)
                {
                    extents[element] = sign * cluster.Count;
                    masses[element] = sign * cluster.Sum(member => Math.Abs((double)map[member]) - (float)threshold);
                }
            }
        }
        extents.ShouldContain(extent => extent > 3);
        extents.ShouldContain(extent => extent < -3);

        Check(ClusterStatistic.Extent, extents);
        Check(ClusterStatistic.Mass, masses);

        void Check(ClusterStatistic statistic, double[] expected)
        {
            using var enhancer = new ClusterEnhancement(space.Neighbours((VoxelContact)neighbours), threshold, statistic).CreateEnhancer();
            var enhanced = new float[map.Length];
            enhancer.Enhance(map, default, enhanced);
            for (var element = 0; element < map.Length; element++)
            {
                float.IsNaN(enhanced[element]).ShouldBe(float.IsNaN(map[element]));
                if (!float.IsNaN(map[element]))
                    ((double)enhanced[element]).ShouldBe(expected[element], 6.1e-8 * Math.Abs(expected[element]));
            }
        }
    }

    [Fact]
    public void An_element_at_the_threshold_is_in_no_cluster()
    {
        var row = new VoxelCells([0, 1, 2], [0, 0, 0], [0, 0, 0]).FindNeighbours(VoxelContact.Face);
        using var enhancer = new ClusterEnhancement(row, 3.1, ClusterStatistic.Extent).CreateEnhancer();
        var enhanced = new float[3];

        enhancer.Enhance([3.1f, 3.2f, -3.1f], default, enhanced);

        enhanced.ShouldBe([0, 1, 0]);
    }
}
