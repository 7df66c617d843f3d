using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>A write into an existing file: what it adds and replaces, and what remains.</summary>
public sealed class InPlaceWriteTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_analysis_is_added_and_nothing_else_changes(bool latest)
    {
        using var file = new DataFile(latest);

        var report = Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default);

        file.ShouldHold("new", 5);
        file.ShouldHoldItsOldDatasets();
        report.JournalBytes.ShouldBeInRange(1, new FileInfo(file.Path).Length / 2);
        Directory.EnumerateFiles(file.Folder).ShouldBe([file.Path]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_analysis_is_replaced_only_on_request(bool latest)
    {
        using var file = new DataFile(latest);

        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("old", 9)), default))
            .Message.ShouldContain("'/results/old'");
        file.ShouldBeAsBefore();

        Hdf5Write.Run(file.Into(DataFile.Analysis("old", 9)) with { Overwrite = true }, default);
        file.ShouldHold("old", 9);
    }

    [Fact]
    public void A_run_replaces_only_its_own_results()
    {
        using var file = new DataFile();
        Content[] Written(string run, double first) =>
            [
                .. DataFile
                    .Analysis("new", first)
                    .Select(content =>
                        content is GroupContent
                            ? content with
                            {
                                Attributes = [AttributeContent.Text(AnalysisMetadata.RunAttribute, run)],
                            }
                            : content
                    ),
            ];
        Hdf5Write.Run(file.Into(Written("a", 5)), default);
        var before = file.Hash();

        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(Written("b", 6)) with { ReplacesRuns = ["b"] }, default))
            .Message.ShouldContain("'/results/new'");
        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("old", 6)) with { ReplacesRuns = ["b"] }, default))
            .Message.ShouldContain("'/results/old'");
        file.Hash().ShouldBe(before);

        Hdf5Write.Run(file.Into(Written("a", 7)) with { ReplacesRuns = ["a"] }, default);
        file.ShouldHold("new", 7);
    }

    [Fact]
    public void A_group_is_marked_until_all_its_values_are_written()
    {
        using var file = new DataFile();
        var isMarked = false;
        Content[] contents =
        [
            .. DataFile
                .Analysis(
                    "new",
                    5,
                    (region, destination) =>
                    {
                        if (region.Origin is not [11, 200])
                            return;
                        SpinWait.SpinUntil(() => isMarked = StateOfCopy(file, "new") == "writing", TimeSpan.FromMinutes(1));
                        destination.Clear();
                    }
                )
                .Select(content => content is GroupContent group ? group with { IsMarked = true } : content),
        ];

        Hdf5Write.Run(file.Into(contents), default);

        isMarked.ShouldBeTrue();
        StateOfCopy(file, "new").ShouldBe("complete");
    }

    [Fact]
    public void An_earlier_interrupted_write_is_undone_first()
    {
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "lost", 3, overwrite: false)[20];
        image.PutBack(file);

        Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default).Recovered.ShouldBeTrue();

        file.ShouldHold("new", 5);
        file.ShouldHoldItsOldDatasets();
        Should.Throw<BadInputException>(() => Shared.ModelArray.AnalysisColumns.Open(file.Path, "lost"));
    }

    private static string? StateOfCopy(DataFile file, string analysis)
    {
        var copy = file.Path + ".copy";
        File.Copy(file.Path, copy, overwrite: true);
        return Python
            .Run(
                $"import h5py; s = h5py.File('{copy}')['results/{analysis}'].attrs['hpcfit_state']; print(s.decode() if isinstance(s, "
                    + "bytes) else s)"
            )
            .Trim();
    }
}
