using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Images;

/// <summary>NIfTI volumes made by nibabel, in their own folder.</summary>
public sealed class Volumes : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Volumes() => Judge("make").ShouldSucceed();

    internal string Cohort => _folder.Combine("cohort.csv");

    internal string Mask => _folder.Combine("mask.nii.gz");

    internal string Analysis => _folder.Combine("analysis.h5");

    public void Dispose() => _folder.Dispose();

    internal string Combine(string name) => _folder.Combine(name);

    /// <summary>The output of nibabel and h5py (tests/EndToEnd/python/images/volumes.py).</summary>
    internal Finished Judge(string what, params string[] arguments) =>
        Python.Run(Path.Combine("images", "volumes.py"), [what, _folder.Path, .. arguments]);

    internal Finished Convert(string output, params string[] more) => HpcFitProgram.Run(Line(output, more));

    internal string[] Line(string output, params string[] more) =>
        ["convert", "--cohort", Cohort, "--relative-root", _folder.Path, "--mask", Mask, "--output", output, .. more];
}
