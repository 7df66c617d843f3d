using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Permutation;

/// <summary>
/// Enhanced statistics of vertices, which count with their areas, and voxels, and their null maxima, against an implementation in numpy and
/// scipy (python/permutation/greyordinates.py).
/// </summary>
public sealed class GreyordinateTests
{
    private static readonly string Script = Path.Combine("permutation", "greyordinates.py");

    [Fact]
    public void Enhanced_statistics_on_surfaces_are_those_of_scipy()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Combine("data.h5");
        Python.Run(Script, "make", folder.Path, "4", "24", "12").ShouldSucceed();
        HpcFitProgram.Run("convert", "--cohort", folder.Combine("cohort.csv"), "--output", data).ShouldSucceed();
        foreach (var (kind, options) in ((string, string)[])[("tfce", "tfce"), ("mass", "cluster --cluster-z 2 --cluster-stat mass")])
        {
            HpcFitProgram
                .Run([
                    .. (string[])["run", "--model", "lm", "--data", data, "--phenotypes", folder.Combine("cohort.csv")],
                    .. (string[])["--formula", "THICK ~ Age", "--contrast", "age: Age", "--analysis", kind],
                    .. (string[])["--permutations-file", folder.Combine("shuffles.txt")],
                    .. (string[])["--surface", $"L={folder.Combine("lh.surf.gii")},R={folder.Combine("rh.surf.gii")}"],
                    .. $"--enhance {options}".Split(' '),
                ])
                .ShouldSucceed();
            Python.Run(Script, "judge", folder.Path, data, kind, kind).ShouldSucceed();
        }
    }
}
