using System.Globalization;
using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;

namespace HpcFit.Benchmarks.Permutation;

/// <summary>A fixel folder with images of two groups, and connectivity folders, all of noise.</summary>
/// <param name="Folder">The folder of all files.</param>
/// <param name="Fixels">The number of fixels.</param>
/// <param name="Subjects">The number of subjects.</param>
internal sealed record FixelStudy(string Folder, int Fixels, int Subjects)
{
    /// <summary>Each fixel is connected to itself, to a fixed number of fixels nearby, and to some far away.</summary>
    private const int FarShare = 4;

    /// <summary>Writes images, design and contrast.</summary>
    public static FixelStudy Make(string folder, int fixels, int subjects)
    {
        Directories.Clear(folder, andCreate: true);
        var study = new FixelStudy(folder, fixels, subjects);
        Directory.CreateDirectory(study.Path("fixels"));
        uint[] index = [.. Enumerable.Range(0, fixels).SelectMany(fixel => new[] { 1u, (uint)fixel })];
        MifWriter.Write<uint>(study.Path("fixels/index.mif"), $"{fixels},1,1,2", "+1,+2,+3,+0", "UInt32LE", index);
        float[] directions = [.. Enumerable.Range(0, fixels).SelectMany(_ => new[] { 1f, 0, 0 })];
        MifWriter.Write<float>(study.Path("fixels/directions.mif"), $"{fixels},3,1", "+1,+0,+2", "Float32LE", directions);
        var normals = new Normals(1);
        for (var subject = 0; subject < subjects; subject++)
            MifWriter.WriteVector<float>(study.Path($"fixels/{subject}.mif"), "Float32LE", SmoothNoise(normals, fixels));
        File.WriteAllLines(study.Path("images.txt"), Enumerable.Range(0, subjects).Select(subject => $"{subject}.mif"));
        File.WriteAllLines(study.Path("design.txt"), Enumerable.Range(0, subjects).Select(subject => Row(subject, normals)));
        File.WriteAllText(study.Path("contrast.txt"), "0 1 0 0\n");
        return study;
    }

    /// <summary>A file of the study.</summary>
    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    /// <summary>Writes a connectivity.</summary>
    /// <param name="perFixel">The connections of each fixel.</param>
    /// <returns>Its folder.</returns>
    public string MakeConnectivity(int perFixel)
    {
        var folder = Path($"connectivity-{perFixel}");
        Directory.CreateDirectory(folder);
        var normals = new Normals(2);
        var (index, others, values) = (new List<ulong>(), new List<uint>(), new List<float>());
        for (var fixel = 0; fixel < Fixels; fixel++)
        {
            var row = new SortedSet<int> { fixel };
            while (row.Count < perFixel)
                row.Add(normals.Uniform() < 1.0 / FarShare ? (int)(normals.Uniform() * Fixels) : Near(fixel, perFixel, normals));
            index.AddRange([(ulong)row.Count, (ulong)others.Count]);
            others.AddRange(row.Select(other => (uint)other));
            values.AddRange(row.Select(other => other == fixel ? 1f : (float)(Math.Ceiling(normals.Uniform() * 100) / 100)));
        }
        MifWriter.Write<ulong>(System.IO.Path.Combine(folder, "index.mif"), $"{Fixels},1,1,2", "+1,+2,+3,+0", "UInt64LE", [.. index]);
        MifWriter.WriteVector<uint>(System.IO.Path.Combine(folder, "fixels.mif"), "UInt32LE", [.. others]);
        MifWriter.WriteVector<float>(System.IO.Path.Combine(folder, "values.mif"), "Float32LE", [.. values]);
        return folder;
    }

    /// <summary>Noise of variance 1 that neighbours share: an autoregressive sequence.</summary>
    public static float[] SmoothNoise(Normals normals, int count)
    {
        const double Shared = 0.95;
        var (values, state) = (new float[count], normals.Next());
        for (var i = 0; i < count; i++)
            values[i] = (float)(state = (Shared * state) + (Math.Sqrt(1 - (Shared * Shared)) * normals.Next()));
        return values;
    }

    private int Near(int fixel, int perFixel, Normals normals) =>
        (((fixel + (int)(normals.Next() * 4 * perFixel)) % Fixels) + Fixels) % Fixels;

    private static string Row(int subject, Normals normals) =>
        string.Create(CultureInfo.InvariantCulture, $"1 {subject % 2} {normals.Next():F6} {normals.Next():F6}");
}
