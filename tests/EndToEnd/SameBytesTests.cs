using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>Reproducibility to the byte, for lm.</summary>
public sealed class LmSameBytesTests(LmSameBytesTests.Lm baseline) : SameBytesTests(baseline), IClassFixture<LmSameBytesTests.Lm>
{
    public sealed class Lm() : Baseline("lm", "FD ~ Age + sex + motion", elements: 12_000, subjects: 200);
}

/// <summary>Reproducibility to the byte, for gam: several penalties, and elements with missing subjects, which share no model.</summary>
public sealed class GamSameBytesTests(GamSameBytesTests.Gam baseline) : SameBytesTests(baseline), IClassFixture<GamSameBytesTests.Gam>
{
    public sealed class Gam()
        : Baseline("gam", "FD ~ s(Age, k=4) + s(motion, k=4) + sex", elements: 6_000, subjects: 100, "--method", "REML");
}

/// <summary>Reproducibility to the byte, for a family other than the normal one.</summary>
public sealed class GlmSameBytesTests(GlmSameBytesTests.Glm baseline) : SameBytesTests(baseline), IClassFixture<GlmSameBytesTests.Glm>
{
    public sealed class Glm()
        : Baseline("lm", "exp(FD) ~ Age + sex + motion", elements: 800, subjects: 40, "--family", "Gamma(link=\"log\")");
}

/// <summary>
/// Reproducibility to the byte: the result columns do not depend on the division into jobs, on threads, on kills, or on the CPU's
/// instruction sets.
/// </summary>
public abstract class SameBytesTests(SameBytesTests.Baseline baseline)
{
    [Theory]
    [InlineData("seven jobs, two workers", "--workers", "2", "--threads", "1", "--jobs", "7")]
    [InlineData("one job, two threads", "--workers", "1", "--threads", "2", "--jobs", "1")]
    [InlineData("stripes of a slice", "--workers", "1", "--threads", "2", "--stripe-memory", "256K")]
    [InlineData("many jobs", "--workers", "2", "--threads", "2", "--jobs", "64")]
    public void Any_partition_gives_the_same_bits(string name, params string[] placement)
    {
        var analysis = name.Replace(' ', '_').Replace(",", "", StringComparison.Ordinal);
        baseline.Fit(analysis, [], placement).ShouldSucceed();
        baseline.Results(analysis).ShouldHaveTheSameBitsAs(baseline.Expected);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "0")]
    [InlineData("DOTNET_EnableAVX2", "0")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0")]
    [InlineData("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F")]
    [InlineData("HPCFIT_KERNEL", "scalar")]
    [InlineData("HPCFIT_INFLATE", "zlib")]
    public void Any_instruction_set_gives_the_same_bits(string variable, string value)
    {
        var analysis = variable;
        baseline.Fit(analysis, new() { [variable] = value }, ["--workers", "1", "--threads", "2"]).ShouldSucceed();
        baseline.Results(analysis).ShouldHaveTheSameBitsAs(baseline.Expected);
    }

    /// <summary>A file of several stripes with masks, and its results by one job on one thread.</summary>
    public abstract class Baseline : IDisposable
    {
        private readonly Study _study;
        private readonly string[] _model;

        protected Baseline(string engine, string formula, int elements, int subjects, params string[] options)
        {
            _study = new(elements, subjects);
            _model = ["--model", engine, "--formula", formula, .. options];
            Fit("baseline", [], ["--workers", "1", "--threads", "1", "--jobs", "1"]).ShouldSucceed();
            Expected = Results("baseline");
        }

        internal ResultsTable Expected { get; }

        internal Finished Fit(string analysis, Dictionary<string, string> environment, string[] placement) =>
            HpcFitProgram.RunWith(
                environment,
                [
                    "run",
                    "--data",
                    _study.Data,
                    "--phenotypes",
                    _study.Cohort,
                    "--analysis",
                    analysis,
                    "--full-outputs",
                    .. _model,
                    "--output",
                    Output(analysis),
                    "--run-dir",
                    _study.Combine("run-" + analysis),
                    .. placement,
                ]
            );

        internal ResultsTable Results(string analysis) => ResultsTable.Read(Output(analysis), analysis);

        public void Dispose()
        {
            _study.Dispose();
            GC.SuppressFinalize(this);
        }

        private string Output(string analysis) => _study.Combine(analysis + ".h5");
    }
}
