using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Report;
using HpcFit.Worker.Enhancing;
using HpcFit.Worker.Enhancing.Neighbourhoods;
using HpcFit.Worker.Enhancing.Trees;

namespace HpcFit.Benchmarks.Permutation;

/// <summary>TFCE and clusters of the voxels of a ball, one thread.</summary>
internal sealed class TfceTimes(BenchOptions options)
{
    /// <summary>Measures, and describes what was measured.</summary>
    public IReadOnlyList<string> Measure()
    {
        var edge = options.Quick ? 34 : 74; // 200,000 voxels
        var (cells, maps) = Ball(edge);
        var table = new MarkdownTable("enhancement, processor ms per map, both signs", "6 neighbours", "26 neighbours");
        var (faces, corners) = (cells.FindNeighbours(VoxelContact.Face), cells.FindNeighbours(VoxelContact.Corner));
        foreach (var form in Enum.GetValues<TfceForm>())
            table.Add(
                $"TFCE, {form}",
                Time(new TfceEnhancement(faces, new(form)), maps),
                Time(new TfceEnhancement(corners, new(form)), maps)
            );
        table.Add(
            "clusters, mass, z > 2.3",
            Time(new ClusterEnhancement(faces, 2.3, ClusterStatistic.Mass), maps),
            Time(new ClusterEnhancement(corners, 2.3, ClusterStatistic.Mass), maps)
        );
        return [$"Enhancement of {cells.Count:N0} voxels, one thread, smooth noise.", table.ToString()];
    }

    private static string Time(IEnhancement enhancement, float[] map)
    {
        using var enhancer = enhancement.CreateEnhancer();
        var (peaks, enhanced) = (MapPeaks.Find(map), new float[map.Length]);
        return $"{Repeated.ProcessorSeconds(() => enhancer.Enhance(map, peaks, enhanced)) * 1e3:F1}";
    }

    /// <summary>The voxels of a ball, and noise that is smooth along every axis.</summary>
    private static (VoxelCells Cells, float[] Map) Ball(int edge)
    {
        var grid = FixelStudy.SmoothNoise(new Normals(4), edge * edge * edge);
        foreach (var stride in (int[])[edge, edge * edge])
        {
            for (var cell = stride; cell < grid.Length; cell++)
                grid[cell] = (0.8f * grid[cell - stride]) + (0.6f * grid[cell]);
        }
        var middle = (edge - 1) / 2.0;
        int[] inside = [.. Enumerable.Range(0, grid.Length).Where(cell => Distance(cell) < middle * middle)];
        return (
            new(
                [.. inside.Select(cell => cell / edge / edge)],
                [.. inside.Select(cell => cell / edge % edge)],
                [.. inside.Select(cell => cell % edge)]
            ),
            [.. inside.Select(cell => grid[cell])]
        );

        double Distance(int cell) => Square(cell / edge / edge) + Square(cell / edge % edge) + Square(cell % edge);

        double Square(int at) => (at - middle) * (at - middle);
    }
}
