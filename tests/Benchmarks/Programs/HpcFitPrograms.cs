using System.Globalization;
using System.Text.Json;
using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;

namespace HpcFit.Benchmarks.Programs;

/// <summary>The programs under measure, the release build, as clusters run them.</summary>
/// <param name="root">The repository.</param>
internal sealed class HpcFitPrograms(string root)
{
    public const string LmFormula = "FDC ~ Age + sex + motion";

    /// <summary>The coordinator.</summary>
    public string Coordinator => Path.Combine(root, ".build", "release", "hpcfit");

    private string Worker => Path.Combine(root, ".build", "release", "hpcfit-worker");

    /// <summary>One command line, probe to written file, into a run folder of its own.</summary>
    public Measured Run(Study study, string model, string formula, string runFolder, int workers, int threads, params string[] more) =>
        Runner.Run(
            Coordinator,
            [
                "run",
                "--model",
                model,
                "--data",
                study.Data,
                "--phenotypes",
                study.Cohort,
                "--formula",
                formula,
                "--analysis",
                "bench",
                "--run-dir",
                runFolder,
                "--output",
                Path.Combine(study.Folder, "results.h5"),
                "--overwrite",
                "--workers",
                $"{workers}",
                "--threads",
                $"{threads}",
                .. more,
            ]
        );

    /// <summary>One job of an existing run; its partial is removed, because the next measurement must do the same work.</summary>
    public (Measured Process, IReadOnlyDictionary<string, double> Phases) Fit(
        string runFolder,
        int job,
        int threads,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var (partials, logs) = (Path.Combine(runFolder, "partials"), Path.Combine(runFolder, "logs"));
        var before = Directory.GetFiles(partials).Concat(Directory.GetFiles(logs)).ToHashSet();
        var measured = Runner.Run(
            Worker,
            ["fit", "--run", runFolder, "--round", "1", "--job", $"{job}", "--threads", $"{threads}"],
            environment
        );
        Require(measured, "hpcfit-worker fit");
        foreach (var partial in Directory.GetFiles(partials).Where(file => !before.Contains(file)))
            File.Delete(partial);
        return (measured, WorkerPhases(Directory.GetFiles(logs).Single(file => !before.Contains(file))));
    }

    /// <summary>The phases that <c>run</c> prints in its last lines, <c>seconds  probe 0.5, workers 1.2, …</c>, in its order.</summary>
    public static IReadOnlyList<(string Name, double Seconds)> Phases(Measured run)
    {
        var line = run.Output.Split('\n').LastOrDefault(line => line.StartsWith("seconds", StringComparison.Ordinal)) ?? "";
        return
        [
            .. line["seconds".Length..]
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(phase =>
                    (phase[..phase.LastIndexOf(' ')], double.Parse(phase[(phase.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))
                ),
        ];
    }

    /// <exception cref="InvalidOperationException">The program failed; the message contains its output.</exception>
    public static Measured Require(Measured run, string what) =>
        run.ExitCode == 0
            ? run
            : throw new InvalidOperationException($"{what} ended with exit code {run.ExitCode}:\n{run.Errors}\n{run.Output}");

    /// <summary>The phases in the worker's last log line, in seconds: every property whose name ends in Seconds.</summary>
    private static Dictionary<string, double> WorkerPhases(string log)
    {
        var phases = new Dictionary<string, double>();
        foreach (var line in File.ReadLines(log))
        {
            using var json = JsonDocument.Parse(line);
            if (!json.RootElement.TryGetProperty("Properties", out var properties))
                continue;
            foreach (var property in properties.EnumerateObject())
            {
                if (property.Name.EndsWith("Seconds", StringComparison.Ordinal))
                    phases[property.Name[..^"Seconds".Length]] = property.Value.GetDouble();
            }
        }
        return phases;
    }
}
