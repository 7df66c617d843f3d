namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>
/// A study of several stripes, and its results from one job on one thread, which every other way of fitting must reproduce.
/// </summary>
public sealed class PreparedRuns : IDisposable
{
    internal const string Formula = "FD ~ Age + sex + motion";
    internal const string Analysis = "lm";

    private readonly ResultsTable _expected;

    public PreparedRuns()
    {
        HpcFitProgram.Run(Command("run", "baseline", "--workers", "1", "--threads", "1", "--jobs", "1")).ShouldSucceed();
        _expected = ResultsTable.Read(Output("baseline"), Analysis);
    }

    internal Study Study { get; } = new(elements: 12_000, subjects: 200);

    internal string Folder(string name) => Study.Combine("run-" + name);

    internal string Output(string name) => Study.Combine(name + ".h5");

    /// <summary>A verb that makes a run with its own folder and output.</summary>
    internal string[] Command(string verb, string name, params string[] more) =>
        [verb, .. Study.Lm(Formula, Analysis, ["--run-dir", Folder(name), "--output", Output(name), .. more])[1..]];

    /// <summary>Plans a run and fits some of its jobs, as a user would by hand.</summary>
    internal void Plan(string name, int jobs, params int[] fitted)
    {
        HpcFitProgram.Run(Command("plan", name, "--jobs", $"{jobs}")).ShouldSucceed();
        foreach (var job in fitted)
            HpcFitProgram.RunWorker("fit", "--run", Folder(name), "--round", "1", "--job", $"{job}", "--threads", "1").ShouldSucceed();
    }

    internal void ShouldHold(string name) => ResultsTable.Read(Output(name), Analysis).ShouldHaveTheSameBitsAs(_expected);

    public void Dispose() => Study.Dispose();
}
