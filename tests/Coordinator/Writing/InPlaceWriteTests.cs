using System.Globalization;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Child;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Tests.Writing;

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

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_write_that_fails_leaves_the_exact_old_bytes(bool latest, bool overwrite)
    {
        using var file = new DataFile(latest);
        var contents = DataFile.Analysis(
            overwrite ? "old" : "new",
            5,
            (region, _) =>
            {
                if (region.Origin[0] == 11)
                    throw new BadInputException("the partial is damaged");
            }
        );

        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(contents) with { Overwrite = overwrite }, default))
            .Message.ShouldBe("the partial is damaged");

        file.ShouldBeAsBefore();
    }

    [Fact]
    public void A_cancelled_write_leaves_the_exact_old_bytes()
    {
        using var file = new DataFile();
        using var stop = new CancellationTokenSource();
        var contents = DataFile.Analysis(
            "new",
            5,
            (region, _) =>
            {
                if (region.Origin[0] == 7)
                    stop.Cancel();
            }
        );

        Should.Throw<OperationCanceledException>(() => Hdf5Write.Run(file.Into(contents), stop.Token));

        file.ShouldBeAsBefore();
    }

    [Fact]
    public void A_killed_writing_process_is_reported_and_undone()
    {
        using var file = new DataFile();
        var contents = DataFile.Analysis(
            "new",
            5,
            (region, _) =>
            {
                if (region.Origin[0] == 7)
                    WritingProcess.Kill();
            }
        );

        Should.Throw<WriteFailedException>(() => Hdf5Write.Run(file.Into(contents), default)).Message.ShouldContain("killed by signal 9");

        file.ShouldBeAsBefore();
    }

    [Fact]
    public void A_crash_of_the_library_after_a_disk_error_is_reported_and_undone()
    {
        using var file = new DataFile();
        var contents = DataFile.Analysis(
            "new",
            5,
            (region, _) =>
            {
                if (region.Origin[0] == 7)
                    WritingProcess.Crash();
            }
        );

        Should
            .Throw<DiskRefusedException>(() => Hdf5Write.Run(file.Into(contents), default))
            .Message.ShouldContain("HDF5 library crashed during the write");

        file.ShouldBeAsBefore();
    }

    [Fact]
    public void A_disk_that_fills_up_is_reported_and_the_write_undone()
    {
        WritingProcess.AllowFileSizeLimits();
        using var file = new DataFile();
        var contents = DataFile.Analysis(
            "new",
            5,
            (region, destination) =>
            {
                new Random((int)region.Origin[0]).NextBytes(destination);
                if (region.Origin[0] == 2)
                    WritingProcess.LimitFileSize(new FileInfo(file.Path).Length + 4096);
            }
        );

        var failure = Should.Throw<DiskRefusedException>(() => Hdf5Write.Run(file.Into(contents), default));

        failure.Message.ShouldContain("space");
        failure.Message.ShouldContain(file.Path);
        failure.ExitCode.ShouldBe(ExitCode.FileSystem);
        file.ShouldBeAsBefore();
    }

    [Fact]
    public void Too_little_space_is_reported_before_a_byte_is_written()
    {
        using var file = new DataFile();
        var huge = new DatasetContent("/huge")
        {
            Type = ElementType.Float64,
            Shape = [1L << 40, 1000],
            Chunk = [1000, 1000],
            Source = (_, _) => throw new InvalidOperationException("pulled"),
        };

        var failure = Should.Throw<DiskRefusedException>(() => Hdf5Write.Run(file.Into(huge), default));

        failure.Message.ShouldContain("space");
        failure.Message.ShouldContain(file.Path);
        file.ShouldBeAsBefore();
    }

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
    public void Another_writer_is_reported_and_waited_for()
    {
        using var file = new DataFile();
        using (Claim.Take(UndoJournal.ClaimFor(file.Path), "hpcfit merge"))
        {
            var failure = Should.Throw<BusyException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default));
            failure.Message.ShouldContain("'hpcfit merge', process " + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            file.ShouldBeAsBefore();
        }

        var claim = Claim.Take(UndoJournal.ClaimFor(file.Path), "hpcfit merge");
        using var release = new Timer(_ => claim.Dispose(), null, 300, Timeout.Infinite);
        Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)) with { Patience = TimeSpan.FromMinutes(1) }, default);
        file.ShouldHold("new", 5);
    }

    [Fact]
    public void A_writer_of_unknown_state_is_taken_over_only_at_the_users_request()
    {
        using var file = new DataFile();
        JsonFile
            .TryCreate(
                UndoJournal.ClaimFor(file.Path),
                ClaimHolder.Self("hpcfit merge") with
                {
                    Host = "node7",
                },
                ClaimJson.Default.ClaimHolder
            )
            .ShouldBeTrue();
        var request = file.Into(DataFile.Analysis("new", 5)) with { Patience = TimeSpan.Zero };
        Should.Throw<BusyException>(() => Hdf5Write.Run(request, default)).Message.ShouldContain("--take-over");
        file.ShouldBeAsBefore();

        Hdf5Write.Run(request with { TakeOver = true }, default);
        file.ShouldHold("new", 5);
        File.Exists(UndoJournal.ClaimFor(file.Path)).ShouldBeFalse();
    }

    [Fact]
    public void A_file_that_another_program_has_locked_is_refused()
    {
        using var file = new DataFile();
        using (FileLock.Share(file.Path, TimeSpan.Zero))
            Should
                .Throw<BusyException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default))
                .Message.ShouldContain("open in another program");
        File.Exists(UndoJournal.ClaimFor(file.Path)).ShouldBeFalse();
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

    [Fact]
    public void A_symbolic_link_leads_to_the_file_and_its_own_claim()
    {
        using var file = new DataFile();
        var link = file.Path + ".link";
        File.CreateSymbolicLink(link, file.Path);
        using (Claim.Take(UndoJournal.ClaimFor(file.Path), "hpcfit merge"))
            Should.Throw<BusyException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)) with { File = link }, default));

        Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)) with { File = link }, default).File.ShouldBe(RealPath.Resolve(file.Path));

        file.ShouldHold("new", 5);
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

    [Theory]
    [InlineData(0)] // before the writing process opens it
    [InlineData(7)] // while it writes
    public void A_file_that_is_replaced_during_the_write_is_never_touched(int atColumn)
    {
        using var file = new DataFile();
        using var other = new DataFile(latest: true);
        var contents = DataFile.Analysis(
            "new",
            5,
            (region, _) =>
            {
                if (region.Origin[0] == atColumn && File.Exists(other.Path))
                    ReplaceBy(other.Path, file.Path);
            }
        );

        Should.Throw<FileReplacedException>(() => Hdf5Write.Run(file.Into(contents), default)).Message.ShouldContain(file.Path);

        file.Hash().ShouldBe(other.Before);
        Sha256(file.Path + ".aside").ShouldBe(file.Before);
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

    private static void ReplaceBy(string other, string path)
    {
        File.Move(path, path + ".aside");
        File.Move(other, path);
    }

    private static string Sha256(string path) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));

    [Fact]
    public void A_dataset_at_the_path_of_a_group_is_reported()
    {
        using var file = new DataFile();

        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(DatasetContent.Numbers("/fixels/more", [1])), default))
            .Message.ShouldContain("'/fixels' is a Dataset");

        file.ShouldBeAsBefore();
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

    private static void Patch(string path, long at, byte value)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.Write(file, [value], at);
    }
}
