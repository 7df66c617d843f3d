using System.Globalization;
using HpcFit.EndToEnd.Tests.Harness;
using HpcFit.Tests;

namespace HpcFit.EndToEnd.Tests.Fuzzing;

/// <summary>
/// Damaged HDF5 files, with fixed seeds: no crash, no hang, no exit code 1, no stack trace, and little memory, whatever libhdf5 does with
/// them; and a failed command leaves the file unchanged.
/// </summary>
public sealed class DamagedHdf5Tests : IDisposable
{
    private const int InTest = 60;
    private const int InLongTest = 500;
    private const long MostBytes = 500_000_000;
    private const int InternalError = 1;

    private readonly TemporaryFolder _folder = new();
    private readonly byte[][] _sound;
    private readonly List<int>[] _metadata;

    public DamagedHdf5Tests()
    {
        Python.Run("small_files.py", _folder.Path).ShouldSucceed();
        _sound = [File.ReadAllBytes(_folder.Combine("old.h5")), File.ReadAllBytes(_folder.Combine("new.h5"))];
        _metadata = Array.ConvertAll(_sound, Mutation.Metadata);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Inspect_answers_about_damaged_files() => Check(0, InTest, Inspect);

    [Fact]
    public Task Run_answers_about_damaged_files() => Check(0, InTest, Run);

    [Fact]
    [Trait("Category", "Long")]
    public Task Inspect_answers_about_many_damaged_files() => Check(InTest, InTest + InLongTest, Inspect);

    [Fact]
    [Trait("Category", "Long")]
    public Task Run_answers_about_many_damaged_files() => Check(InTest, InTest + InLongTest, Run);

    private static string[] Inspect(string file) => [HpcFitProgram.Coordinator, "inspect", file, "--metadata-timeout", "5s"];

    private string[] Run(string file) =>
        [
            HpcFitProgram.Coordinator,
            "run",
            "--model",
            "lm",
            "--data",
            file,
            "--phenotypes",
            _folder.Combine("cohort.csv"),
            "--formula",
            "FD ~ Age",
            "--analysis",
            "a",
            "--workers",
            "1",
            "--metadata-timeout",
            "5s",
        ];

    private async Task Check(int from, int end, Func<string, string[]> command)
    {
        var files = Enumerable
            .Range(from, end - from)
            .Select(seed => (Seed: seed, Path: _folder.Combine(string.Create(CultureInfo.InvariantCulture, $"{seed}.h5"))))
            .ToList();
        foreach (var (seed, path) in files)
            await File.WriteAllBytesAsync(path, Damaged(seed));
        var ends = await MeasuredPrograms.RunAsync(files.Select(file => command(file.Path)));

        ends.Count.ShouldBe(files.Count);
        var wrong = files
            .Zip(ends)
            .Where(pair => Wrong(pair.First.Seed, pair.First.Path, pair.Second))
            .Select(pair => $"seed {pair.First.Seed}: {pair.Second}")
            .ToList();
        wrong.ShouldBeEmpty(string.Join("\n\n", wrong));
    }

    private bool Wrong(int seed, string path, MeasuredEnd end) =>
        end.ExitCode is null or < 0 or InternalError or >= 128
        || end.PeakBytes > MostBytes
        || end.Words.Contains("\n   at ", StringComparison.Ordinal)
        || (end.ExitCode != 0 && !File.ReadAllBytes(path).AsSpan().SequenceEqual(Damaged(seed)));

    private byte[] Damaged(int seed) => Mutation.Of(_sound[seed % 2], seed, _metadata[seed % 2]);
}
