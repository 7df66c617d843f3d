using System.Globalization;

namespace HpcFit.Benchmarks.Data;

/// <summary>The phenotypes of a synthetic cohort, drawn from a fixed seed.</summary>
internal sealed class CohortRows
{
    public CohortRows(int subjects)
    {
        var random = new Normals(1);
        Sources = [.. Enumerable.Range(0, subjects).Select(i => $"sub-{i:D5}.mif")];
        Age = [.. Sources.Select(_ => 8 + (15 * random.Uniform()))];
        IsMale = [.. Sources.Select(_ => random.Uniform() < 0.5)];
        Motion = [.. Sources.Select(_ => Math.Exp(0.5 * random.Next()))];
    }

    public IReadOnlyList<string> Sources { get; }

    public double[] Age { get; }

    public bool[] IsMale { get; }

    public double[] Motion { get; }

    public void Write(string path) =>
        File.WriteAllLines(
            path,
            Sources
                .Select(
                    (source, i) =>
                        string.Create(CultureInfo.InvariantCulture, $"{source},{source},{Age[i]:R},{(IsMale[i] ? "M" : "F")},{Motion[i]:R}")
                )
                .Prepend("subject_id,source_file,Age,sex,motion")
        );
}
