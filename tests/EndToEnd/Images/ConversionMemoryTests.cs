using System.Globalization;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Images;

/// <summary>Conversions hold a few images and chunks, whatever the number of subjects.</summary>
public sealed class ConversionMemoryTests(Volumes volumes) : IClassFixture<Volumes>
{
    private const double BytesOfVolume = 64 * 64 * 64 * sizeof(float);

    [Fact]
    public void Four_times_the_subjects_take_the_same_memory()
    {
        volumes.Judge("large").ShouldSucceed();
        var (few, many) = (Peak(60), Peak(240));
        many.ShouldBeLessThan(
            few + (30 * BytesOfVolume),
            $"peak bytes with 240 subjects; with 60 it was {few:N0}, and all values of the further ones are {180 * BytesOfVolume:N0}"
        );
        many.ShouldBeLessThan(300e6);
    }

    private double Peak(int subjects)
    {
        for (var subject = 0; subject < subjects; subject++)
        {
            if (!File.Exists(Volume(subject)))
                File.CreateSymbolicLink(Volume(subject), "large.nii");
        }
        var (cohort, measured) = (volumes.Combine($"large-{subjects}.csv"), volumes.Combine("measured"));
        File.WriteAllText(
            cohort,
            "scalar_name,source_file\n" + string.Concat(Enumerable.Range(0, subjects).Select(subject => $"FA,{Volume(subject)}\n"))
        );
        Python
            .Run(
                "measure.py",
                measured,
                Path.Combine(HpcFitProgram.Folder, "hpcfit"),
                "convert",
                "--cohort",
                cohort,
                "--mask",
                volumes.Combine("large-mask.nii"),
                "--output",
                volumes.Combine($"large-{subjects}.h5"),
                "--threads",
                "2",
                "--compression-level",
                "1"
            )
            .ShouldSucceed();
        return double.Parse(File.ReadAllText(measured).Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private string Volume(int subject) => volumes.Combine($"large-{subject}.nii");
}
