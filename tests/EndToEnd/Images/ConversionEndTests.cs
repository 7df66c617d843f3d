using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Images;

/// <summary>
/// Conversions that do not finish leave no file under the final name, and report the reason before any long work if possible.
/// </summary>
public sealed class ConversionEndTests(Volumes volumes) : IClassFixture<Volumes>
{
    private const int BadInput = 3;
    private const int Cancelled = 6;
    private const int Images = 3000;

    [Fact]
    public void A_missing_file_in_row_731_is_reported_before_any_image_is_read()
    {
        var cohort = Cohort("missing.csv", number => number == 731 ? "gone.nii.gz" : $"link-{number}.nii.gz", 800);
        var output = volumes.Combine("missing.h5");
        var end = HpcFitProgram
            .Run(Line(cohort, output))
            .ShouldEndWith(BadInput)
            .ShouldSay("row 731", "gone.nii.gz", "1 of the 800 images");
        end.Errors.ShouldNotContain("images read");
        File.Exists(output).ShouldBeFalse();
    }

    [Theory]
    [InlineData(NativeSignal.Kill)]
    [InlineData(NativeSignal.Interrupt)]
    public void A_conversion_that_is_stopped_leaves_no_file_under_the_final_name(int signal)
    {
        var cohort = Cohort("stopped.csv", number => $"link-{number}.nii.gz", Images);
        var output = volumes.Combine($"stopped-{signal}.h5");
        var before = Spools();
        using var conversion = HpcFitProgram.Start(Line(cohort, output));
        // The spool loses its name as soon as it is open, but the process holds it: from then on images are being read.
        for (
            var deadline = DateTime.UtcNow.AddSeconds(60);
            !HoldsNameless(conversion.Id, ".hpcfit-spool.") && !conversion.HasExited && DateTime.UtcNow < deadline;

        )
            Thread.Sleep(1);
        conversion.Signal(signal);
        var end = conversion.Wait();

        end.ExitCode.ShouldNotBe(0);
        if (signal == NativeSignal.Interrupt)
            end.ShouldEndWith(Cancelled);
        File.Exists(output).ShouldBeFalse();
        Spools().ShouldBe(before);
    }

    private string[] Line(string cohort, string output) =>
        [
            "convert",
            "--cohort",
            cohort,
            "--relative-root",
            Path.GetDirectoryName(cohort)!,
            "--mask",
            volumes.Mask,
            "--output",
            output,
            "--threads",
            "1",
        ];

    private string Cohort(string name, Func<int, string> source, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            if (!File.Exists(volumes.Combine($"link-{number}.nii.gz")))
                File.CreateSymbolicLink(volumes.Combine($"link-{number}.nii.gz"), "sub-01_u1.nii.gz");
        }
        var path = volumes.Combine(name);
        File.WriteAllText(
            path,
            "scalar_name,source_file\n" + string.Concat(Enumerable.Range(1, count).Select(number => $"FA,{source(number)}\n"))
        );
        return path;
    }

    private List<string> Spools() => [.. Directory.EnumerateFiles(Path.GetDirectoryName(volumes.Mask)!, ".*").Order()];

    private static bool HoldsNameless(int process, string name)
    {
        try
        {
            return Directory
                .EnumerateFiles($"/proc/{process}/fd")
                .Select(handle => new FileInfo(handle).LinkTarget)
                .Any(target =>
                    target?.Contains(name, StringComparison.Ordinal) == true && target.EndsWith(" (deleted)", StringComparison.Ordinal)
                );
        }
        catch (IOException)
        {
            return false; // the process is gone, or closed the handle meanwhile
        }
    }
}
