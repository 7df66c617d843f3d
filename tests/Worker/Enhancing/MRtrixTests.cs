using System.Runtime.InteropServices;
using System.Text.Json;
using HpcFit.Worker.Enhancing;
using HpcFit.Worker.Enhancing.Connectivity;
using HpcFit.Worker.Enhancing.Neighbourhoods;
using HpcFit.Worker.Enhancing.Trees;

namespace HpcFit.Worker.Tests.Enhancing;

/// <summary>The enhanced maps and null distributions of MRtrix's programs: MRtrix/make_expected.py.</summary>
public sealed class MRtrixTests
{
    private const double Tolerance = 1e-6;
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Enhancing", "MRtrix");

    private readonly JsonElement _expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "expected.json"))).RootElement;

    [Fact]
    public void Cfe_of_fixelcfestats()
    {
        var fixels = _expected.GetProperty("fixels").GetInt32();
        using var matrix = ConnectivityMatrix.Open(Path.Combine(Folder, "connectivity"), fixels);

        Compare(new CfeEnhancement(matrix, new()), _expected.GetProperty("cfe").GetProperty("maps"), _expected.GetProperty("cfe"));
    }

    [Theory]
    [InlineData("tfce6", 6)]
    [InlineData("tfce26", 26)]
    public void Tfce_of_mrclusterstats(string name, int neighbours) =>
        Compare(
            new TfceEnhancement(Voxels(neighbours), new(TfceForm.MRtrix)),
            _expected.GetProperty("voxels").GetProperty("maps"),
            _expected.GetProperty("voxels").GetProperty(name)
        );

    [Theory]
    [InlineData("cluster6", 6)]
    [InlineData("cluster26", 26)]
    public void Extents_of_mrclusterstats(string name, int neighbours) =>
        Compare(
            new ClusterEnhancement(Voxels(neighbours), 1.5, ClusterStatistic.Extent),
            _expected.GetProperty("voxels").GetProperty("maps"),
            _expected.GetProperty("voxels").GetProperty(name)
        );

    private Neighbours Voxels(int neighbours)
    {
        var cells = _expected.GetProperty("cells").Deserialize<int[][]>()!;
        return new VoxelCells(cells[0], cells[1], cells[2]).FindNeighbours((VoxelContact)neighbours);
    }

    private static void Compare(IEnhancement enhancement, JsonElement maps, JsonElement expected)
    {
        using var enhancer = enhancement.CreateEnhancer();
        float[] all = [.. maps.EnumerateArray().SelectMany(Values)];
        var enhanced = new float[all.Length];
        enhancer.Enhance(all, MapPeaks.Find(all.AsSpan(0, enhancement.Elements)), enhanced);

        var (positive, negative) = (Values(expected.GetProperty("positive")), Values(expected.GetProperty("negative")));
        positive.ShouldContain(value => value > 0);
        negative.ShouldContain(value => value > 0);
        for (var element = 0; element < enhancement.Elements; element++)
            ShouldBeNear(enhanced[element], positive[element] - negative[element]);
        var peaks = enhanced.Chunk(enhancement.Elements).Select(map => MapPeaks.Find(map)).ToList();
        peaks.Count.ShouldBe(8);
        foreach (var (peak, maximum) in peaks.Zip(Numbers(expected.GetProperty("maxima"))))
            ShouldBeNear(peak.Maximum, maximum);
        foreach (var (peak, minimum) in peaks.Zip(Numbers(expected.GetProperty("minima"))))
            ShouldBeNear(-peak.Minimum, minimum);
    }

    private static void ShouldBeNear(double found, double expected) => found.ShouldBe(expected, Tolerance * Math.Abs(expected));

    private static float[] Values(JsonElement text) => MemoryMarshal.Cast<byte, float>(text.GetBytesFromBase64()).ToArray();

    private static double[] Numbers(JsonElement list) => list.Deserialize<double[]>()!;
}
