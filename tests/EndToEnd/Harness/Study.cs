namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>A small synthetic study (described in tests/EndToEnd/python/make_study.py) in its own folder.</summary>
internal sealed class Study : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Study(int elements = 3000, int subjects = 60, int seed = 1)
    {
        Python.Run("make_study.py", _folder.Path, $"{elements}", $"{subjects}", $"{seed}").ShouldSucceed();
    }

    public string Folder => _folder.Path;

    public string Data => _folder.Combine("data.h5");

    public string Cohort => _folder.Combine("cohort.csv");

    public string Combine(params string[] parts) => _folder.Combine(parts);

    /// <summary>The arguments of an lm run with a formula; more follow.</summary>
    public string[] Lm(string formula, string analysis, params string[] more) =>
        ["run", "--model", "lm", "--data", Data, "--phenotypes", Cohort, "--formula", formula, "--analysis", analysis, .. more];

    public void Dispose() => _folder.Dispose();
}
