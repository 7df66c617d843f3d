using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Shared.ModelArray;
using Microsoft.Extensions.Logging.Abstractions;

namespace HpcFit.Coordinator.Tests.Imaging;

/// <summary>A folder with a mask and a few volumes, to be converted unchanged or after a test has damaged one.</summary>
internal sealed class ConversionFolder : IDisposable
{
    public ConversionFolder(int subjects = 3)
    {
        Write("mask.nii", new TestVolume { Value = sample => sample % 2 }.Bytes());
        for (var subject = 0; subject < subjects; subject++)
        {
            var offset = 100 * subject;
            Write($"sub-{subject}.nii.gz", TestVolume.Gzip(new TestVolume { Value = sample => sample + offset }.Bytes()));
        }
        Cohort("scalar_name,source_file", [.. Enumerable.Range(0, subjects).Select(subject => $"FA,sub-{subject}.nii.gz")]);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("hpcfit-images-").FullName;

    public string Output => Combine("out.h5");

    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string name, byte[] bytes) => File.WriteAllBytes(Combine(name), bytes);

    public void Cohort(string header, params string[] rows) =>
        File.WriteAllText(Combine("cohort.csv"), string.Join('\n', [header, .. rows]) + "\n");

    public ConversionPlan Plan =>
        new()
        {
            Cohort = Combine("cohort.csv"),
            Root = Path,
            Output = Output,
            Mask = Combine("mask.nii"),
            Threads = 2,
        };

    public void Convert(ConversionPlan? plan = null) => new Conversion(NullLogger.Instance).Execute(plan ?? Plan, CancellationToken.None);

    public ModelArrayFile Converted(string name = "out.h5") => ModelArrayFile.Open(Combine(name));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
