namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>A study with runs of the functions in tests/EndToEnd/Custom/functions.</summary>
internal sealed class CustomRun(int elements, int subjects = 60) : IDisposable
{
    public Study Study { get; } = new(elements, subjects);

    /// <summary>A function of tests/EndToEnd/Custom/functions.</summary>
    public static string Function(string name) => RepositoryRoot.Combine("tests", "EndToEnd", "Custom", "functions", name);

    /// <summary>Runs a function into an output file named after the run; an existing run directory of that name is continued.</summary>
    public Finished Fit(string run, string function, params string[] more) => FitWith([], run, function, more);

    public Finished FitWith(Dictionary<string, string> environment, string run, string function, params string[] more) =>
        HpcFitProgram.RunWith(environment, Arguments(run, function, more));

    /// <summary>The command line of a run.</summary>
    public string[] Arguments(string run, string function, params string[] more) =>
        [
            "run",
            "--model",
            "custom",
            "--function",
            Path.IsPathRooted(function) ? function : Function(function),
            "--data",
            Study.Data,
            "--phenotypes",
            Study.Cohort,
            "--analysis",
            "custom",
            "--output",
            Output(run),
            "--run-dir",
            Study.Combine("run-" + run),
            .. more,
        ];

    public ResultsTable Results(string run) => ResultsTable.Read(Output(run), "custom");

    /// <summary>Everything the attempts of a run logged.</summary>
    public string Log(string run) =>
        string.Concat(Directory.EnumerateFiles(Study.Combine("run-" + run, "logs"), "*.jsonl").Select(File.ReadAllText));

    /// <summary>The size of a run's partial files.</summary>
    public long PublishedBytes(string run)
    {
        var partials = new DirectoryInfo(Study.Combine("run-" + run, "partials"));
        return partials.Exists ? partials.EnumerateFiles().Sum(file => file.Length) : 0;
    }

    public string Output(string run) => Study.Combine(run + ".h5");

    public void Dispose() => Study.Dispose();
}
