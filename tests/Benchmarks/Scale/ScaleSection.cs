using System.Globalization;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Report;

namespace HpcFit.Benchmarks.Scale;

/// <summary>
/// The coordinator alone, on synthetic partials, in steps of ten: what planning, coverage, merging, correcting and writing cost as a run
/// grows to 100 million elements in 10,000 jobs (a step has ten times the elements and ten times the jobs of the one before).
/// </summary>
internal sealed class ScaleSection(BenchOptions options)
{
    private const long LargestElements = 100_000_000;
    private const int LargestJobs = 10_000;
    private const long SpareBytes = 200_000_000;

    public Section Measure()
    {
        var steps = new List<(long Elements, int Jobs, Measured Run, Dictionary<string, double> Phases)>();
        for (var down = options.Quick ? 1000 : 100; down >= (options.Quick ? 100 : 1); down /= 10)
        {
            var (elements, jobs) = (LargestElements / down, LargestJobs / down);
            Console.Error.WriteLine($"bench: scale, {elements:N0} elements in {jobs:N0} jobs");
            var folder = Path.Combine(options.Folder, "scale");
            Directories.Clear(folder);
            Directory.CreateDirectory(folder);
            var run = Runner.Run(
                Environment.ProcessPath!,
                [typeof(ScaleSection).Assembly.Location, SyntheticRun.Verb, folder, $"{elements}", $"{jobs}"]
            );
            Directories.Clear(folder);
            if (run.ExitCode != 0)
                throw new InvalidOperationException($"The synthetic run failed:\n{run.Errors}");
            steps.Add((elements, jobs, run, Phases(run)));
        }
        var table = new MarkdownTable([
            "phase, seconds",
            .. steps.Select(step => $"{step.Elements:N0} elements, {step.Jobs:N0} jobs"),
            "exponent of the last step",
        ]);
        foreach (var phase in steps[0].Phases.Keys)
        {
            table.Add([
                phase,
                .. steps.Select(step => Text("F3", step.Phases[phase])),
                Exponent(steps[^2].Phases[phase], steps[^1].Phases[phase]),
            ]);
        }
        table.Add(["peak memory, MB", .. steps.Select(step => Text("N0", step.Run.PeakBytes / 1e6)), ""]);
        table.Add([
            "goal: 3 columns + 200 MB",
            .. steps.Select(step => Text("N0", ((3 * sizeof(double) * step.Elements) + SpareBytes) / 1e6)),
            "",
        ]);
        return new(
            "Scale of the coordinator",
            $"Synthetic partials with an estimate and a p-value, {SyntheticRun.Columns} result columns with its fdr, a new results "
                + "file. Exponent: of the cost over the last step, a factor of ten.",
            table.ToString()
        );
    }

    private static Dictionary<string, double> Phases(Measured run) =>
        run
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": "))
            .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));

    private static string Exponent(double before, double after) => Text("F2", Math.Log10(after / before));

    private static string Text(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);
}
