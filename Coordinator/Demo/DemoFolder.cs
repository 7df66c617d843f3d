using System.Globalization;
using System.Runtime.InteropServices;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Demo;

/// <summary>
/// The folder in which the demo works and which the user keeps. A repeated demo replaces the files of the first one and no others.
/// </summary>
internal sealed class DemoFolder
{
    private const string Mark = "made-by-hpcfit-demo.txt";
    private const int FixelsPerChunk = 1_310; // 1 MB for 200 subjects, as in files of ModelArrayIO

    /// <summary>Creates or opens a folder for the demo.</summary>
    /// <param name="path">The folder; created if missing.</param>
    /// <param name="analysis">The name of the demo's results.</param>
    /// <exception cref="BadInputException">It contains files that no demo made.</exception>
    public DemoFolder(string path, string analysis)
    {
        (Path, Analysis) = (path, analysis);
        if (File.Exists(path))
            throw new BadInputException($"'{path}' is a file; the demo needs a folder. Use another one: hpcfit demo FOLDER.");
        if (!Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any())
            return;
        if (!File.Exists(In(Mark)))
            throw new BadInputException($"'{path}' contains files that no demo made. Use a new folder: hpcfit demo FOLDER.");
    }

    /// <summary>The folder, as typed.</summary>
    public string Path { get; }

    /// <summary>The name of the demo's results.</summary>
    public string Analysis { get; }

    /// <summary>The data file.</summary>
    public string Data => In("data.h5");

    /// <summary>The cohort.</summary>
    public string Cohort => In("cohort.csv");

    /// <summary>Writes the study's two files, replacing those of an earlier demo.</summary>
    public void Write(DemoStudy study, CancellationToken token)
    {
        Directory.CreateDirectory(Path);
        File.WriteAllText(
            In(Mark),
            "'hpcfit demo' made data.h5, cohort.csv, the report and the run directory in this folder, and replaces them when it is "
                + "run here again.\n"
        );
        if (Directory.Exists(Data + ".hpcfit"))
            Directory.Delete(Data + ".hpcfit", recursive: true);
        File.Delete(Data);
        foreach (var report in Directory.EnumerateFiles(Path, "results_lm*.html"))
            File.Delete(report);
        Hdf5Write.Run(
            new()
            {
                File = Data,
                NewFile = true,
                Contents = Contents(study),
                What = "hpcfit demo",
            },
            token
        );
        File.WriteAllLines(Cohort, CohortLines(study));
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static IReadOnlyList<Content> Contents(DemoStudy study) =>
        [
            new DatasetContent($"/scalars/{DemoStudy.Scalar}/values")
            {
                Type = ElementType.Float32,
                Shape = [study.Subjects.Count, DemoStudy.Elements],
                Chunk = [study.Subjects.Count, FixelsPerChunk],
                Filters = DatasetContent.ShuffleGzip(4),
                Source = (region, destination) =>
                    Rectangle.Cut(
                        MemoryMarshal.AsBytes<float>(study.Values),
                        [study.Subjects.Count, DemoStudy.Elements],
                        sizeof(float),
                        region,
                        destination
                    ),
            },
            DatasetContent.Texts($"/scalars/{DemoStudy.Scalar}/column_names", [.. study.Subjects.Select(subject => subject.SourceFile)]),
            .. new DemoSpace().Tables(),
        ];

    private static IEnumerable<string> CohortLines(DemoStudy study)
    {
        return study
            .Subjects.Select(subject =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{subject.Id},{DemoStudy.Scalar},{subject.SourceFile},{subject.Age},{subject.Sex},{subject.Motion}{Session(subject)}"
                )
            )
            .Prepend("subject_id,scalar_name,source_file,Age,sex,motion" + (study.IsLongitudinal ? ",session" : ""));

        string Session(DemoSubject subject) => study.IsLongitudinal ? "," + subject.Session.ToString(CultureInfo.InvariantCulture) : "";
    }
}
