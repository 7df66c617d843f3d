using System.Text.Json;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Custom;

/// <summary>A function that returns one value per source file creates a new scalar, which the next run can use.</summary>
public sealed class WriteScalarTests : IDisposable
{
    private const int Elements = 600;
    private readonly CustomRun _run = new(Elements);

    [Fact]
    public void A_new_scalar_has_the_storage_of_the_one_it_was_computed_from()
    {
        HpcFitProgram.Run(Harmonize("new", "--workers", "2", "--jobs", "3")).ShouldSucceed();
        var (old, made) = (Shown("FD"), Shown("FD_harmonized"));
        foreach (var key in (string[])["type", "shape", "chunks", "gzip", "shuffle", "names"])
            made.GetProperty(key).GetRawText().ShouldBe(old.GetProperty(key).GetRawText(), key);
        Values().ShouldBe(Expected());

        var output = _run.Study.Combine("after.h5");
        HpcFitProgram
            .Run(
                "run",
                "--model",
                "lm",
                "--data",
                _run.Study.Data,
                "--phenotypes",
                _run.Study.Cohort,
                "--formula",
                "FD_harmonized ~ sex",
                "--analysis",
                "after",
                "--output",
                output,
                "--run-dir",
                _run.Study.Combine("after")
            )
            .ShouldSucceed();
        ResultsTable
            .Read(output, "after")["sexM.estimate"]
            .Where(estimate => !double.IsNaN(estimate))
            .ShouldAllBe(estimate => Math.Abs(estimate) < 1e-6);
    }

    [Fact]
    public void The_same_command_continues_its_run_and_replaces_the_scalar_only_on_request()
    {
        HpcFitProgram.Run(Harmonize("first")).ShouldSucceed();
        var before = File.ReadAllBytes(_run.Study.Data);
        HpcFitProgram.Run(Harmonize("first", "--analysis", "again")).ShouldEndWith(3).ShouldSay("FD_harmonized", "--overwrite");
        File.ReadAllBytes(_run.Study.Data).ShouldBe(before);
        HpcFitProgram.Run(Harmonize("first", "--overwrite")).ShouldSucceed();
        Values().ShouldBe(Expected());
    }

    [Theory]
    [InlineData("run")]
    [InlineData("plan")]
    public void An_existing_scalar_is_refused_before_anything_is_fitted(string verb)
    {
        string[] command = [verb, .. Harmonize("refused", "--write-scalar", "FD")[1..]];
        HpcFitProgram
            .Run(command)
            .ShouldEndWith(3)
            .ShouldSay($"'{_run.Study.Data}' holds a scalar 'FD' already", "--write-scalar", "--overwrite");
        Directory.Exists(_run.Study.Combine("run-refused")).ShouldBeFalse();
    }

    [Fact]
    public void Values_without_names_or_of_unknown_subjects_are_reported()
    {
        Fit("setNames(data$FD, paste0('x', data$source_file))").ShouldEndWith(3).ShouldSay("not a source_file", "xsub-0000.mif");
        Fit("data$FD").ShouldEndWith(3).ShouldSay("setNames(x, data$source_file)");

        Finished Fit(string expression)
        {
            var file = _run.Study.Combine("wrong.R");
            File.WriteAllText(file, $"wrong <- function(data) {expression}\n");
            return _run.Fit("wrong", file, "--write-scalar", "wrong");
        }
    }

    public void Dispose() => _run.Dispose();

    private string[] Harmonize(string run, params string[] more) =>
        [
            "run",
            "--model",
            "custom",
            "--function",
            CustomRun.Function("harmonize.R"),
            "--data",
            _run.Study.Data,
            "--phenotypes",
            _run.Study.Cohort,
            .. more.Contains("--write-scalar") ? (string[])[] : ["--write-scalar", "FD_harmonized"],
            .. more.Contains("--analysis") ? (string[])[] : ["--analysis", "harmonize"],
            "--run-dir",
            _run.Study.Combine("run-" + run),
            .. more,
        ];

    private JsonElement Shown(string scalar) =>
        JsonDocument.Parse(Python.Run("show_scalar.py", _run.Study.Data, scalar).ShouldSucceed().Output).RootElement;

    /// <summary>The new scalar, element by element, in the scalar's own precision.</summary>
    private float[] Values() => [.. Dumped("FD_harmonized").Values.Select(value => (float)value)];

    /// <summary>
    /// The function, computed here; compared in float32, as stored, because R sums means in another precision.
    /// </summary>
    private float[] Expected()
    {
        var (sources, values) = Dumped("FD");
        var lines = File.ReadAllLines(_run.Study.Cohort);
        var (sourceAt, sexAt) = (Array.IndexOf(lines[0].Split(','), "source_file"), Array.IndexOf(lines[0].Split(','), "sex"));
        var sexOf = lines.Skip(1).Select(line => line.Split(',')).ToDictionary(fields => fields[sourceAt], fields => fields[sexAt]);
        var expected = new float[values.Length];
        for (var element = 0; element < Elements; element++)
        {
            var x = values.AsSpan(element * sources.Length, sources.Length).ToArray();
            var finite = Enumerable.Range(0, x.Length).Where(i => double.IsFinite(x[i])).ToList();
            for (var i = 0; i < x.Length; i++)
            {
                expected[(element * x.Length) + i] =
                    finite.Count <= 12 || !double.IsFinite(x[i])
                        ? float.NaN
                        : (float)(
                            x[i]
                            - Mean(finite.Where(j => sexOf[sources[j]] == sexOf[sources[i]]).Select(j => x[j]))
                            + Mean(finite.Select(j => x[j]))
                        );
            }
        }
        return expected;
    }

    /// <summary>R's mean: the sum in extended precision, which a compensated sum in doubles reaches.</summary>
    private static double Mean(IEnumerable<double> values)
    {
        var (sum, lost, n) = (0.0, 0.0, 0);
        foreach (var value in values)
        {
            var next = sum + (value - lost);
            lost = next - sum - (value - lost);
            (sum, n) = (next, n + 1);
        }
        return sum / n;
    }

    private (string[] Sources, double[] Values) Dumped(string scalar)
    {
        var out_ = _run.Study.Combine("dumped");
        var sources = Python
            .Run("dump_scalar.py", _run.Study.Data, scalar, out_)
            .ShouldSucceed()
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (sources, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(out_)).ToArray());
    }
}
