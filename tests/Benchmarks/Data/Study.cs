namespace HpcFit.Benchmarks.Data;

/// <summary>A synthetic study: the shape of its one scalar, FDC, float32, gzip 4 + shuffle, and which values are missing.</summary>
/// <param name="Elements">Elements.</param>
/// <param name="Subjects">Subjects.</param>
/// <param name="MissingShare">In the first and the last quarter of the elements, the chance of each value to be NaN: a pattern of its own
/// for every element there.</param>
internal sealed record Study(long Elements, int Subjects, double MissingShare = 0)
{
    /// <summary>Inflated bytes of a chunk, all subjects by as many elements as fit: what ModelArrayIO writes.</summary>
    private const long ChunkBytes = 4_194_304;

    /// <summary>Its folder: one per shape.</summary>
    public required string Folder { get; init; }

    public string Data => Path.Combine(Folder, "data.h5");

    public string Cohort => Path.Combine(Folder, "cohort.csv");

    public long ElementsPerChunk => Math.Clamp(ChunkBytes / (Subjects * sizeof(float)), 1, Elements);

    public long Chunks => (Elements + ElementsPerChunk - 1) / ElementsPerChunk;

    public long InflatedBytes => Elements * Subjects * sizeof(float);

    public long StoredBytes => new FileInfo(Data).Length;

    public override string ToString() =>
        $"{Elements:N0} elements x {Subjects:N0} subjects" + (MissingShare > 0 ? $", {MissingShare:P0} missing in the outer half" : "");

    /// <summary>The study of a shape below <paramref name="root"/>, created if it does not exist. A later run reuses it.</summary>
    public static Study Make(string root, long elements, int subjects, double missingShare = 0)
    {
        var name = $"{elements}x{subjects}" + (missingShare > 0 ? $"-missing{missingShare * 100:F0}" : "");
        var study = new Study(elements, subjects, missingShare) { Folder = Path.Combine(root, name) };
        if (File.Exists(study.Data))
            return study;
        Console.Error.WriteLine($"bench: making {study}");
        Directory.CreateDirectory(study.Folder);
        var subject = new CohortRows(subjects);
        subject.Write(study.Cohort);
        var unfinished = study.Data + ".new";
        ScalarFile.Write(unfinished, study, subject);
        File.Move(unfinished, study.Data);
        return study;
    }
}
