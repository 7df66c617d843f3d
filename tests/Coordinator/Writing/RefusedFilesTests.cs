using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>Files that are not written into, and are not changed by the attempt.</summary>
public sealed class RefusedFilesTests
{
    [Fact]
    public void A_journal_beyond_the_limit_is_refused_with_the_remedy()
    {
        using var file = new DataFile();

        var failure = Should.Throw<BadInputException>(() =>
            Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)) with { MaxJournalBytes = 100 }, default)
        );

        failure.Message.ShouldContain("--max-journal");
        failure.Message.ShouldContain("--output");
        file.ShouldBeAsBefore();
    }

    [Fact]
    public void A_file_with_several_names_is_refused()
    {
        using var file = new DataFile();
        WritingProcess.HardLink(file.Path, file.Path + ".second");

        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default))
            .Message.ShouldContain("hard links");

        file.ShouldBeAsBefore();
    }

    [Theory]
    [InlineData(1, "marked as open for writing")]
    [InlineData(5, "SWMR")]
    public void A_file_marked_as_open_for_writing_is_refused(byte mark, string word)
    {
        using var file = new DataFile(latest: true);
        Patch(file.Path, 11, mark);

        var failure = Should.Throw<BadInputException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default));

        failure.Message.ShouldContain(word);
        failure.Message.ShouldContain("h5clear");
    }

    [Fact]
    public void One_of_several_files_of_one_HDF5_is_refused()
    {
        using var file = new DataFile();
        for (var at = 24 + (3 * 8); at < 24 + (4 * 8); at++)
            Patch(file.Path, at, 0); // the address of a driver's block

        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default))
            .Message.ShouldContain("split");
    }

    [Theory]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(255)]
    public void A_superblock_with_addresses_of_impossible_width_is_refused(byte bytes)
    {
        using var file = new DataFile();
        Patch(file.Path, 13, bytes);
        var before = file.Hash();

        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default))
            .Message.ShouldContain(file.Path);

        file.Hash().ShouldBe(before);
        Directory.EnumerateFiles(file.Folder).ShouldBe([file.Path]);
    }

    [Fact]
    public void A_file_with_bytes_after_its_end_counts_as_partly_written()
    {
        using var file = new DataFile();
        using (var append = File.Open(file.Path, FileMode.Append))
            append.Write(new byte[100]);

        var failure = Should.Throw<BadInputException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default));

        failure.Message.ShouldContain("half-written");
        failure.Message.ShouldContain("h5repack");
        File.Exists(file.Journal).ShouldBeFalse();
    }

    [Fact]
    public void Results_in_another_file_are_refused()
    {
        using var file = new DataFile();
        using var other = new DataFile();
        Python.Run(
            $"import h5py; f = h5py.File('{file.Path}', 'r+'); del f['results']; f['results'] = h5py.ExternalLink('{other.Path}', "
                + "'/results'); f['nowhere'] = h5py.ExternalLink('absent.h5', '/x'); f.close()"
        );
        var before = file.Hash();

        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default))
            .Message.ShouldContain(other.Path);
        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(DatasetContent.Numbers("/nowhere/one", [1])), default))
            .Message.ShouldContain("leads nowhere");

        file.Hash().ShouldBe(before);
        other.ShouldBeAsBefore();
    }

    [Fact]
    public void A_partly_written_copy_is_refused_by_readers_and_writers()
    {
        using var file = new DataFile();
        Hdf5Write.Run(
            file.Into(new GroupContent("/results/half") { Attributes = [AttributeContent.Text(WriteState.Attribute, WriteState.Writing)] }),
            default
        );

        foreach (
            var refused in (Action[])
                [
                    () => ModelArrayFile.Open(file.Path),
                    () => AnalysisColumns.Open(file.Path, "old").Dispose(),
                    () => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default),
                ]
        )
        {
            var failure = Should.Throw<BadInputException>(refused);
            failure.Message.ShouldContain("half-written");
            failure.Message.ShouldContain("'half'");
        }
    }

    [Fact]
    public void A_dataset_at_the_path_of_a_group_is_reported()
    {
        using var file = new DataFile();

        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(DatasetContent.Numbers("/fixels/more", [1])), default))
            .Message.ShouldContain("'/fixels' is a Dataset");

        file.ShouldBeAsBefore();
    }

    private static void Patch(string path, long at, byte value)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.Write(file, [value], at);
    }
}
