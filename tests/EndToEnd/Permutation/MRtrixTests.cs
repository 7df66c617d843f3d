using System.Runtime.InteropServices;
using System.Text.Json;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Permutation;

/// <summary>
/// The same data, design and permutations as vectorstats, mrclusterstats and fixelcfestats (mrtrix/make_expected.py): their statistics,
/// enhanced maps and null distributions.
/// </summary>
public sealed class MRtrixTests(MRtrixTests.Studies studies) : IClassFixture<MRtrixTests.Studies>
{
    private const double OfT = 5e-7;
    private const double OfZ = 2e-7;
    private const double OfEnhanced = 1e-6;

    /// <summary>Statistics that differ by less of themselves count as equal.</summary>
    private const double Tie = 1e-10;

    /// <summary>1 - p is stored as float32.</summary>
    private const double OfP = 1e-6;

    /// <summary>The share of values that may differ by a height: MRtrix's heights are compared in float32.</summary>
    private const double Exceptions = 1e-3;

    /// <summary>The tests, and whether they have a sign.</summary>
    private static readonly (string Name, bool IsSigned)[] Tests = [("g", true), ("a", true), ("site.F", false)];

    [Theory]
    [InlineData("vector.h5", "vector", "plain")]
    public void Statistics_and_null_maxima_are_those_of_vectorstats(string data, string study, string name, params string[] options)
    {
        var (file, expected) = studies.Run(data, study, name, options);
        var (table, maxima) = (ResultsTable.Read(file, name), NullMaxima.Read(file, name));
        foreach (var (test, isSigned) in Tests)
        {
            Compare(table, test, expected.GetProperty(test));
            foreach (var isNegative in isSigned ? (bool[])[false, true] : [false])
            {
                var (ours, theirs) = (maxima.Of($"{test}.statistic", isNegative), Maxima(expected.GetProperty(test), isNegative));
                ours.Length.ShouldBe(theirs.Length);
                ours.Zip(theirs).ShouldAllBe(pair => Near(pair.First, pair.Second, OfZ), $"{test}");
            }
        }
    }

    [Theory]
    [InlineData("voxels.h5", "voxels", "tfce", "tfce", "--enhance", "tfce", "--tfce-like", "mrtrix")]
    [InlineData("voxels.h5", "voxels", "tfce26", "tfce", "--enhance", "tfce", "--tfce-like", "mrtrix", "--neighbours", "26")]
    [InlineData("voxels.h5", "voxels", "cluster", "cluster", "--enhance", "cluster", "--cluster-z", "1.5", "--cluster-stat", "extent")]
    [InlineData("fixels.h5", "fixels", "cfe", "cfe", "--enhance", "cfe", "--cfe", "connectivity")]
    public void Enhanced_maps_and_null_maxima_are_those_of_MRtrix(
        string data,
        string study,
        string name,
        string enhanced,
        params string[] options
    )
    {
        var (file, expected) = studies.Run(data, study, name, options);
        var table = ResultsTable.Read(file, name);
        var maxima = NullMaxima.Read(file, name, $"null_maxima_{enhanced}");
        var (values, different) = (0, 0);
        foreach (var (test, isSigned) in Tests)
        {
            var theirs = expected.GetProperty(test);
            Compare(table, test, theirs);
            foreach (var isNegative in isSigned ? (bool[])[false, true] : [false])
            {
                var map = Singles(theirs.GetProperty("enhanced").GetProperty(isNegative ? "negative" : "positive"));
                var ours = table[$"{test}.{enhanced}"].Select(value => Math.Max(0, isNegative ? -value : value));
                Count(ours, map.Select(value => (double)value));
                Count(maxima.Of($"{test}.{enhanced}", isNegative), Maxima(theirs, isNegative));
            }
        }
        values.ShouldBeGreaterThan(500);
        ((double)different / values).ShouldBeLessThanOrEqualTo(Exceptions, $"{different} of {values} differ");

        void Count(IEnumerable<double> ours, IEnumerable<double> theirs)
        {
            foreach (var (a, b) in ours.Zip(theirs))
            {
                values++;
                different += Math.Abs(a - b) <= OfEnhanced * Math.Max(1, Math.Abs(b)) ? 0 : 1;
            }
        }
    }

    /// <summary>
    /// MRtrix tests one side per contrast, here by the contrast and by its negative. Its corrected p counts the maxima that are larger, so
    /// that of the strongest element, and of others that tie with a maximum, is less by these.
    /// </summary>
    [Theory]
    [InlineData("vector.h5", "vector", "plain", "")]
    [InlineData("missing.h5", "vector", "missing", "", "--perm-missing", "pattern")]
    [InlineData("voxels.h5", "voxels", "tfce", ".tfce", "--enhance", "tfce", "--tfce-like", "mrtrix")]
    [InlineData("voxels.h5", "voxels", "cluster", ".cluster", "--enhance", "cluster", "--cluster-z", "1.5", "--cluster-stat", "extent")]
    [InlineData("fixels.h5", "fixels", "cfe", ".cfe", "--enhance", "cfe", "--cfe", "connectivity")]
    public void P_values_of_one_side_are_those_of_MRtrix(string data, string study, string name, string ending, params string[] options)
    {
        var statistic =
            ending.Length > 0 ? ending
            : name == "missing" ? ".z"
            : ".statistic";
        var (values, different) = (0, 0);
        foreach (var side in (string[])["greater", "less"])
        {
            var (file, expected) = studies.Run(data, study, name, [.. options, "--alternative", side], $"{name}_{side}");
            var table = ResultsTable.Read(file, $"{name}_{side}");
            var stored = NullMaxima.Read(file, $"{name}_{side}", $"null_maxima{ending.Replace('.', '_')}");
            foreach (var (test, isSigned) in Tests)
            {
                var isNegative = isSigned && side == "less";
                var maxima = stored.Of(test + statistic, isNegative);
                var map = table[test + statistic].Select(value => isNegative ? -value : value).ToArray();
                var ties = map.Select(value => (double)maxima.Count(one => Math.Abs(one - value) <= Tie * Math.Abs(value))).ToArray();
                ties.Max().ShouldBeInRange(1, maxima.Length, "the strongest element ties with itself");
                Count(table[$"{test}.p.value.perm{ending}"], P("uncorrected"));
                Count(table[$"{test}.p.value.fwe{ending}"], P("corrected").Zip(ties, (p, tied) => p + (tied / maxima.Length)));
                if (ending.Length > 0)
                    map.ShouldAllBe(value => value >= 0, "the other side is not enhanced");

                IEnumerable<double> P(string kind) =>
                    Singles(expected.GetProperty(test).GetProperty(kind).GetProperty(isNegative ? "negative" : "positive"))
                        .Select(value => 1.0 - value);
            }
        }
        ((double)different / values).ShouldBeLessThanOrEqualTo(Exceptions, $"{different} of {values} differ");

        void Count(IReadOnlyCollection<double> ours, IEnumerable<double> theirs)
        {
            ours.Distinct().Count().ShouldBeGreaterThan(1);
            foreach (var (a, b) in ours.Zip(theirs))
            {
                values++;
                different += Math.Abs(a - b) <= OfP ? 0 : 1;
            }
        }
    }

    /// <summary>z of v in place of t, and of G in place of F.</summary>
    [Fact]
    public void Statistics_of_variance_groups_are_those_of_vectorstats()
    {
        var (file, expected) = studies.Run("vector.h5", "vector", "variances", ["--variance-groups", "group"]);
        var (table, maxima) = (ResultsTable.Read(file, "variances"), NullMaxima.Read(file, "variances"));
        foreach (var (test, isSigned) in Tests)
        {
            double[] theirs = [.. expected.GetProperty(test).EnumerateArray().Select(one => one.GetDouble())];
            table[$"{test}.z"].Zip(theirs).ShouldAllBe(pair => Near(pair.First, pair.Second, OfZ), test);
            // Degrees of freedom differ between elements, so maxima are of z.
            Near(maxima.Of($"{test}.z")[0], theirs.Max(), OfZ).ShouldBeTrue(test);
            if (isSigned)
                Near(maxima.Of($"{test}.z", isNegative: true)[0], -theirs.Min(), OfZ).ShouldBeTrue(test);
        }
    }

    /// <summary>
    /// Each element has the shuffles of the subjects that it has, and the maxima are of z, whatever the order of subjects in the data file.
    /// </summary>
    [Theory]
    [InlineData("missing.h5")]
    [InlineData("reordered.h5")]
    public void Elements_with_missing_subjects_are_those_of_vectorstats(string data)
    {
        var (file, expected) = studies.Run(data, "vector", "missing", ["--perm-missing", "pattern"]);
        var (table, maxima) = (ResultsTable.Read(file, "missing"), NullMaxima.Read(file, "missing"));
        foreach (var (test, isSigned) in Tests)
        {
            Compare(table, test, expected.GetProperty(test));
            foreach (var isNegative in isSigned ? (bool[])[false, true] : [false])
                maxima
                    .Of($"{test}.z", isNegative)
                    .Zip(Maxima(expected.GetProperty(test), isNegative))
                    .ShouldAllBe(pair => Near(pair.First, pair.Second, OfZ), test);
        }
    }

    /// <summary>Unpermuted t or F, and z.</summary>
    private static void Compare(ResultsTable table, string test, JsonElement expected)
    {
        table[$"{test}.statistic"]
            .Zip(Singles(expected.GetProperty("statistic")))
            .ShouldAllBe(pair => Near(pair.First, pair.Second, OfT), $"{test}.statistic");
        table[$"{test}.z"].Zip(Singles(expected.GetProperty("z"))).ShouldAllBe(pair => Near(pair.First, pair.Second, OfZ), $"{test}.z");
    }

    /// <summary>Whether values agree; float32 of the expected ones has errors of 6e-8 of itself.</summary>
    private static bool Near(double value, double expected, double tolerance) =>
        Math.Abs(value - expected) <= tolerance * Math.Max(1, Math.Abs(expected));

    private static float[] Singles(JsonElement text) => MemoryMarshal.Cast<byte, float>(text.GetBytesFromBase64()).ToArray();

    private static double[] Maxima(JsonElement expected, bool isNegative) =>
        [
            .. expected
                .GetProperty("maxima")
                .GetProperty(isNegative ? "negative" : "positive")
                .EnumerateArray()
                .Select(one => one.GetDouble()),
        ];

    public sealed class Studies : IDisposable
    {
        private static readonly string Oracle = RepositoryRoot.Combine("tests", "EndToEnd", "Permutation", "mrtrix");

        private readonly TemporaryFolder _folder = new();
        private readonly JsonDocument _expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Oracle, "expected.json")));

        public Studies() =>
            Python.Run("permutation/make_mrtrix_study.py", Path.Combine(Oracle, "expected.json"), _folder.Path).ShouldSucceed();

        internal JsonElement Expected(string study, string name) => _expected.RootElement.GetProperty(study).GetProperty(name);

        /// <summary>Runs a study; returns the data file, which has the analysis of this name, and what MRtrix computed.</summary>
        internal (string File, JsonElement Expected) Run(string data, string study, string name, string[] options, string? analysis = null)
        {
            var file = _folder.Combine(data);
            HpcFitProgram
                .Run([
                    .. (string[])["run", "--model", "lm", "--data", file, "--phenotypes", _folder.Combine("cohort.csv")],
                    .. (string[])["--formula", "FD ~ group + age + site", "--analysis", analysis ?? name],
                    .. (string[])["--contrast", "g: group", "--contrast", "a: age", "--f-test", "site"],
                    .. (string[])["--permutations-file", _folder.Combine("permutations.txt")],
                    .. options.Select(option => option == "connectivity" ? Path.Combine(Oracle, option) : option),
                ])
                .ShouldSucceed();
            return (file, Expected(study, name));
        }

        public void Dispose()
        {
            _expected.Dispose();
            _folder.Dispose();
        }
    }
}
