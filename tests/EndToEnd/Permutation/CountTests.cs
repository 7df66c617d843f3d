using System.Text.Json;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Permutation;

/// <summary>
/// Null maxima, counts and p-values that a run writes, against those of full refits in exact arithmetic
/// (tests/Worker/Permutation/refits/make_cases.py).
/// </summary>
public sealed class CountTests
{
    /// <summary>Statistics that differ by less count as equal.</summary>
    private const double Tie = 1e-10;

    private static readonly string Cases = RepositoryRoot.Combine("tests", "Worker", "Permutation", "refits", "cases.json");

    [Theory]
    [InlineData("both", "two-sided")]
    [InlineData("both", "greater")]
    [InlineData("means of 1e4", "two-sided")]
    [InlineData("means of 1e4", "less")]
    public void Counts_and_p_values_are_those_of_full_refits(string name, string side)
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Cases));
        var one = cases.RootElement.EnumerateArray().Single(other => other.GetProperty("name").GetString() == name);
        using var folder = new TemporaryFolder();
        Python.Run("permutation/make_refit_study.py", Cases, name, folder.Path).ShouldSucceed();
        var data = folder.Combine("data.h5");
        HpcFitProgram
            .Run([
                .. (string[])["run", "--model", "lm", "--data", data, "--phenotypes", folder.Combine("cohort.csv")],
                .. (string[])["--formula", one.GetProperty("formula").GetString()!, "--analysis", "tested"],
                .. (string[])["--permutations-file", folder.Combine("shuffles.csv"), "--alternative", side],
                .. one.GetProperty("options").EnumerateArray().Select(option => option.GetString()!),
            ])
            .ShouldSucceed();
        var (maxima, table) = (NullMaxima.Read(data, "tested"), ResultsTable.Read(data, "tested"));
        var counts = StoredDataset.Read(data, "results/tested/permutation_counts");
        var (tolerance, hypothesis) = (one.GetProperty("tolerance").GetDouble(), 0);
        foreach (var test in one.GetProperty("statistics").EnumerateObject())
        {
            var statistics = test.Value.EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetDouble()).ToArray()).ToArray();
            maxima.Shuffles.ShouldBe(statistics.Length);
            var positive = maxima.Of($"{test.Name}.statistic");
            var negative = test.Name.EndsWith(".F", StringComparison.Ordinal)
                ? null
                : maxima.Of($"{test.Name}.statistic", isNegative: true);
            for (var shuffle = 0; shuffle < statistics.Length; shuffle++)
            {
                ShouldBe(positive[shuffle], statistics[shuffle].Max(), $"{test.Name}, shuffle {shuffle}");
                if (negative is not null)
                    ShouldBe(negative[shuffle], -statistics[shuffle].Min(), $"{test.Name}, negative, shuffle {shuffle}");
            }
            for (var element = 0; element < statistics[0].Length; element++)
            {
                var s = statistics.Select(row => row[element]).ToArray();
                var margin = Tie * Math.Abs(s[0]);
                int[] expected =
                [
                    s.Count(x => x >= s[0] - margin),
                    s.Count(x => x <= s[0] + margin),
                    s.Count(x => Math.Abs(x) >= Math.Abs(s[0]) - margin),
                ];
                expected
                    .Select((_, kind) => (int)counts.Values[(((3 * hypothesis) + kind) * counts.Shape[1]) + element])
                    .ShouldBe(expected, $"{test.Name}, element {element}");
                // Of the tested side: the count, the maxima, and the statistic with the sign that is large where it is extreme.
                var (which, fwe, extreme) = (negative is null ? "greater" : side) switch
                {
                    "greater" => (0, positive, s[0]),
                    "less" => (1, negative!, -s[0]),
                    _ => (2, [.. positive.Zip(negative!, Math.Max)], Math.Abs(s[0])),
                };
                var p = (double)expected[which] / s.Length;
                table[$"{test.Name}.p.value.perm"][element].ShouldBe(p, 1e-15, $"{test.Name}, element {element}");
                table[$"{test.Name}.p.value.fwe"]
                    [element]
                    .ShouldBe((double)fwe.Count(x => x >= extreme - margin) / s.Length, 1e-15, $"{test.Name}, element {element}");
            }
            hypothesis++;
        }

        void ShouldBe(double value, double expected, string place) =>
            Math.Abs(value - expected)
                .ShouldBeLessThanOrEqualTo(tolerance * Math.Max(1, Math.Abs(expected)), $"{place}: {value:R}, {expected:R}");
    }
}
