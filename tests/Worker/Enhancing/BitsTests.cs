using System.Runtime.InteropServices;
using System.Security.Cryptography;
using HpcFit.Worker.Enhancing;
using HpcFit.Worker.Enhancing.Connectivity;
using HpcFit.Worker.Enhancing.Neighbourhoods;
using HpcFit.Worker.Enhancing.Trees;

namespace HpcFit.Worker.Tests.Enhancing;

/// <summary>
/// Enhanced maps have the same bits on every machine. The digests were the same with AVX-512, with AVX2, without either and without any
/// vector instructions (DOTNET_EnableHWIntrinsic=0). The maps are made without functions of the C library.
/// </summary>
public sealed class BitsTests
{
    private const int Elements = 216;
    private const int Maps = 16;
    private static readonly float[] Statistics = Make();

    [Theory]
    [InlineData(2, 3, 0.5, "61F292E26291E58E")]
    [InlineData(0.7, 1.5, 0.3, "0A989DD3EAF512CB")]
    public void Cfe(double e, double h, double c, string digest)
    {
        using var folder = ConnectivityFolder.Of(ConnectivityFolder.RandomRows(Elements, seed: 11));
        using var matrix = ConnectivityMatrix.Open(folder.Path, Elements);

        Digest(new CfeEnhancement(matrix, new(e, h, c))).ShouldBe(digest);
    }

    [Theory]
    [InlineData("Exact", "752938D1E574BECB")]
    [InlineData("MRtrix", "7AEDBD505FB597E2")]
    [InlineData("Fsl", "EC5FAB8E07797DC4")]
    [InlineData("Palm", "0EF6032B640EBB5F")]
    [InlineData("Nilearn", "B3BDDDA0BF46A458")]
    public void Tfce(string form, string digest)
    {
        int[] cells = [.. Enumerable.Range(0, Elements)];
        var cube = new VoxelCells(
            Array.ConvertAll(cells, cell => cell / 36),
            Array.ConvertAll(cells, cell => cell / 6 % 6),
            Array.ConvertAll(cells, cell => cell % 6)
        ).FindNeighbours(VoxelContact.Edge);

        Digest(new TfceEnhancement(cube, new(Enum.Parse<TfceForm>(form), E: 0.7, H: 1.7))).ShouldBe(digest);
    }

    private static string Digest(IEnhancement enhancement)
    {
        using var enhancer = enhancement.CreateEnhancer();
        var enhanced = new float[Statistics.Length];
        enhancer.Enhance(Statistics, MapPeaks.Find(Statistics.AsSpan(0, Elements)), enhanced);
        return Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(enhanced)))[..16];
    }

    private static float[] Make()
    {
        var random = new Random(12);
        return
        [
            .. Enumerable
                .Range(0, Maps * Elements)
                .Select(at => at % Elements % 31 == 7 ? float.NaN : (float)((random.NextDouble() - 0.5) * (random.NextDouble() + 0.5) * 8)),
        ];
    }
}
