using HpcFit.Benchmarks.Report;

namespace HpcFit.Benchmarks.Permutation;

/// <summary>What permutations cost.</summary>
internal sealed class PermutationSection(BenchOptions options)
{
    public Section Measure() =>
        new(
            "Permutations",
            [
                .. new ShuffleTimes(options).Measure(),
                .. new FixelRuns(options).Measure(),
                .. new CfeTimes(options).Measure(),
                .. new TfceTimes(options).Measure(),
            ]
        );
}
