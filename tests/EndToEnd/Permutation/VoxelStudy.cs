using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Permutation;

/// <summary>
/// Permutation tests with TFCE of a cube of voxels (python/permutation/make_voxel_study.py), and all that a run of them writes.
/// </summary>
internal sealed class VoxelStudy : IDisposable
{
    private const string Analysis = "permuted";

    private readonly TemporaryFolder _folder = new();

    public VoxelStudy(int edge, int subjects) =>
        Python.Run("permutation/make_voxel_study.py", _folder.Path, $"{edge}", $"{subjects}").ShouldSucceed();

    public string Combine(params string[] parts) => _folder.Combine(parts);

    /// <summary>
    /// The folder of a run. Runs of other names are in other folders, because blocks of shuffles are reused between neighbours.
    /// </summary>
    public string RunFolder(string name, int shuffles) => Combine(name, $"run-{shuffles}");

    /// <summary>A verb that makes a run with its own folder and output.</summary>
    public string[] Command(string verb, string name, int shuffles, params string[] more) =>
        [.. PlainCommand(verb, name, shuffles), .. (string[])["--enhance", "tfce", "--tfce-like", "mrtrix"], .. more];

    /// <summary>The same without an enhancement.</summary>
    public string[] PlainCommand(string verb, string name, int shuffles) =>
        [
            .. (string[])[verb, "--model", "lm", "--data", Combine("data.h5"), "--phenotypes", Combine("cohort.csv")],
            .. (string[])["--formula", "FD ~ Age + sex", "--contrast", "age: Age", "--f-test", "sex", "--permutations", $"{shuffles}"],
            .. (string[])["--analysis", Analysis, "--run-dir", RunFolder(name, shuffles), "--output", Combine(name + ".h5")],
        ];

    /// <summary>Fails unless two runs wrote the same bits: columns, counts, and null maxima of both kinds.</summary>
    public void ShouldBeTheSame(string name, string other)
    {
        var (mine, theirs) = (Combine(name + ".h5"), Combine(other + ".h5"));
        ResultsTable.Read(mine, Analysis).ShouldHaveTheSameBitsAs(ResultsTable.Read(theirs, Analysis));
        ShouldHaveTheSame(["permutation_counts", "null_maxima", "null_maxima_tfce"], mine, theirs);
    }

    /// <summary>Fails unless the columns of a run without enhancement, its counts and null maxima are those of another run.</summary>
    public void ShouldHaveTheStatisticsOf(string name, string plain)
    {
        var (mine, theirs) = (Combine(name + ".h5"), Combine(plain + ".h5"));
        var (table, expected) = (ResultsTable.Read(mine, Analysis), ResultsTable.Read(theirs, Analysis));
        foreach (var column in expected.Names)
            table[column].Select(BitConverter.DoubleToInt64Bits).ShouldBe(expected[column].Select(BitConverter.DoubleToInt64Bits), column);
        ShouldHaveTheSame(["permutation_counts", "null_maxima"], mine, theirs);
    }

    private static void ShouldHaveTheSame(string[] datasets, string mine, string theirs)
    {
        foreach (var dataset in datasets)
        {
            var (a, b) = (Dataset(mine), Dataset(theirs));
            a.Shape.ShouldBe(b.Shape, dataset);
            a.Values.Select(BitConverter.DoubleToInt64Bits).ShouldBe(b.Values.Select(BitConverter.DoubleToInt64Bits), dataset);

            StoredDataset Dataset(string file) => StoredDataset.Read(file, $"results/{Analysis}/{dataset}");
        }
    }

    public void Dispose() => _folder.Dispose();
}
