using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Tests.Writing;

public sealed class RecoveryTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_write_killed_at_any_moment_is_undone_to_the_exact_old_bytes(bool latest, bool overwrite)
    {
        using var file = new DataFile(latest);
        var images = CrashImage.OfWrite(file, overwrite ? "old" : "new", 5, overwrite);
        images.Count.ShouldBe(36);
        images
            .Select(image => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(image.File)))
            .Distinct()
            .Count()
            .ShouldBeGreaterThan(1);
        foreach (var image in images.Where((_, i) => i % 5 == 0 || i == 35))
        {
            image.PutBack(file);
            Recover(file).Outcome.ShouldBe(RecoveryOutcome.Restored);
            file.ShouldBeAsBefore();
        }
    }

    [Fact]
    public void Any_damage_outside_the_kept_values_is_undone()
    {
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "new", 5, overwrite: false)[0];
        var random = new Random(4);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            image.PutBack(file);
            using (var journal = Journal.Open(file.Journal))
            using (var bytes = File.OpenHandle(file.Path, FileMode.Open, FileAccess.ReadWrite))
            {
                var noise = new byte[random.Next(1, 400)];
                random.NextBytes(noise);
                foreach (var range in Saved(file))
                    RandomAccess.Write(bytes, noise.AsSpan(0, (int)Math.Min(noise.Length, range.Length)), range.Start);
                RandomAccess.Write(bytes, noise, journal.Header.Length + random.Next(5000));
            }
            File.SetLastWriteTimeUtc(file.Path, File.GetLastWriteTimeUtc(file.Journal)); // as if its writer had done it
            Recover(file);
            file.ShouldBeAsBefore();
        }
    }

    [Fact]
    public void Restoring_twice_is_harmless()
    {
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "new", 5, overwrite: false)[30];
        image.PutBack(file);
        Recover(file);
        File.WriteAllBytes(file.Journal, image.Journal);

        Recover(file).Outcome.ShouldBe(RecoveryOutcome.Restored);

        file.ShouldBeAsBefore();
        Recover(file).Outcome.ShouldBe(RecoveryOutcome.NothingToDo);
    }

    [Fact]
    public void A_committed_write_is_never_rolled_back()
    {
        using var file = new DataFile();
        var journal = CrashImage.OfWrite(file, "new", 5, overwrite: false)[0].Journal;
        Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default);
        journal[JournalFormat.StateAt] = JournalFormat.Committed;
        File.WriteAllBytes(file.Journal, journal);

        Recover(file).Outcome.ShouldBe(RecoveryOutcome.WasCommitted);

        file.ShouldHold("new", 5);
        File.Exists(file.Journal).ShouldBeFalse();
    }

    [Fact]
    public void Another_file_in_its_place_is_left_alone_unless_forced_and_then_copied_first()
    {
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "new", 5, overwrite: false)[30];
        image.PutBack(file);
        File.Move(file.Path, file.Path + ".moved");
        File.Copy(file.Path + ".moved", file.Path);

        Should.Throw<BadInputException>(() => Recover(file)).Message.ShouldContain("another file was put in its place");
        File.ReadAllBytes(file.Path).ShouldBe(image.File);

        var report = Recover(file, force: true);
        report.Outcome.ShouldBe(RecoveryOutcome.Restored);
        file.ShouldBeAsBefore();
        // What was saved can be restored in turn.
        File.Move(report.Copy!, file.Journal);
        Recover(file, force: true).Outcome.ShouldBe(RecoveryOutcome.Restored);
        File.ReadAllBytes(file.Path)[..(int)new FileInfo(file.Path).Length].ShouldBe(image.File);
    }

    [Fact]
    public void A_file_that_was_changed_afterwards_is_left_alone_unless_forced()
    {
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "new", 5, overwrite: false)[30];
        image.PutBack(file);
        File.SetLastWriteTimeUtc(file.Path, DateTime.UtcNow.AddHours(1));

        Should.Throw<BadInputException>(() => Recover(file)).Message.ShouldContain("another program changed it afterwards");
        Recover(file, force: true).Copy.ShouldNotBeNull();
        file.ShouldBeAsBefore();
    }

    [Fact]
    public void A_change_right_after_the_kill_is_noticed()
    {
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "new", 5, overwrite: false)[30];
        image.Journal[JournalFormat.ActivityAt] = JournalFormat.Idle;
        image.PutBack(file);
        File.SetLastWriteTimeUtc(file.Path, File.GetLastWriteTimeUtc(file.Journal).AddMilliseconds(20));

        Should.Throw<BadInputException>(() => Recover(file)).Message.ShouldContain("another program changed it afterwards");
        File.ReadAllBytes(file.Path).ShouldBe(image.File);
    }

    [Fact]
    public void Another_file_in_the_same_inode_is_recognised_by_its_values()
    {
        using var file = new DataFile();
        CrashImage.OfWrite(file, "new", 5, overwrite: false)[30].PutBack(file);
        var modified = File.GetLastWriteTimeUtc(file.Path);
        var other = File.ReadAllBytes(file.Path);
        Array.Reverse(other);
        File.WriteAllBytes(file.Path, other);
        File.SetLastWriteTimeUtc(file.Path, modified);

        Should.Throw<BadInputException>(() => Recover(file)).Message.ShouldContain("its values are not those");
        File.ReadAllBytes(file.Path).ShouldBe(other);
    }

    [Fact]
    public void A_file_that_was_deleted_and_created_again_is_another_whatever_its_inode()
    {
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "new", 5, overwrite: false)[30];
        for (var attempt = 0; attempt < 5; attempt++)
        {
            image.PutBack(file);
            var copy = File.ReadAllBytes(file.Path);
            File.Delete(file.Path);
            File.WriteAllBytes(file.Path, copy);
            File.SetLastWriteTimeUtc(file.Path, File.GetLastWriteTimeUtc(file.Journal));

            Should.Throw<BadInputException>(() => Recover(file)).Message.ShouldContain("another file was put in its place");
        }
    }

    [Fact]
    public void A_journal_of_the_first_format_is_recovered()
    {
        using var file = new DataFile();
        CrashImage.OfWrite(file, "new", 5, overwrite: false)[30].PutBack(file);
        FirstFormat.Rewrite(file.Journal);
        using (var journal = Journal.Open(file.Journal))
            journal.Header.Format.ShouldBe(1);

        Recover(file).Outcome.ShouldBe(RecoveryOutcome.Restored);

        file.ShouldBeAsBefore();
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("pipe")]
    [InlineData("dangling link")]
    [InlineData("link")]
    public void Anything_but_a_journal_is_reported_without_waiting(string kind)
    {
        using var file = new DataFile();
        CrashImage.OfWrite(file, "new", 5, overwrite: false)[30].PutBack(file);
        File.Move(file.Journal, file.Path + ".journal");
        if (kind == "folder")
            Directory.CreateDirectory(file.Journal);
        else if (kind == "pipe")
            WritingProcess.MakePipe(file.Journal);
        else
            File.CreateSymbolicLink(file.Journal, kind == "link" ? file.Path + ".journal" : "/nowhere");

        Should
            .Throw<DamagedJournalException>(() => Recover(file))
            .Message.ShouldContain(kind.EndsWith("link", StringComparison.Ordinal) ? "symbolic link" : kind);
        Should.Throw<BusyException>(() => UndoJournal.RefuseIfPresent(file.Path));
    }

    [Fact]
    public void A_journal_or_a_file_of_another_user_is_refused()
    {
        if (Environment.UserName != "root")
            return; // only the superuser may give a file away
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "new", 5, overwrite: false)[30];
        image.PutBack(file);
        WritingProcess.GiveTo(4711, file.Journal);
        Should.Throw<BadInputException>(() => Recover(file, force: true)).Message.ShouldContain("belongs to user 4711");

        WritingProcess.GiveTo(0, file.Journal);
        WritingProcess.GiveTo(4711, file.Path);
        Should.Throw<BadInputException>(() => Recover(file, force: true)).Message.ShouldContain("of another owner");
        File.ReadAllBytes(file.Path).ShouldBe(image.File);
    }

    [Fact]
    public void A_journal_is_accessible_only_to_its_owner()
    {
        using var file = new DataFile();
        UnixFileMode? mode = null;
        var contents = DataFile.Analysis("new", 5, (region, _) => mode ??= File.GetUnixFileMode(file.Journal));

        Hdf5Write.Run(file.Into(contents), default);

        mode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Unfinished_journals_of_files_with_wildcards_in_their_names_are_distinguished()
    {
        using var file = new DataFile();
        var wild = Path.Combine(file.Folder, "*.h5");
        File.Copy(file.Path, wild);
        var (mine, others) = ($"{wild}.hpcfit-undo.{Nonce.Hex(16)}.tmp", $"{file.Journal}.{Nonce.Hex(16)}.tmp");
        foreach (var unfinished in (string[])[mine, others])
            File.WriteAllText(unfinished, "half");

        RecoverFile.Run(wild, force: false, takeOver: false, default);

        File.Exists(mine).ShouldBeFalse();
        File.Exists(others).ShouldBeTrue();
    }

    [Fact]
    public void An_older_file_copied_over_it_is_left_alone()
    {
        using var file = new DataFile();
        CrashImage.OfWrite(file, "new", 5, overwrite: false)[30].PutBack(file);
        File.SetLastWriteTimeUtc(file.Path, DateTime.UtcNow.AddDays(-3));

        Should.Throw<BadInputException>(() => Recover(file)).Message.ShouldContain("an older file was copied over it");
    }

    [Fact]
    public void A_journal_cut_at_any_byte_restores_nothing()
    {
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "new", 5, overwrite: false)[30];
        for (var length = 0; length < image.Journal.Length; length += length < 900 ? 1 : 61)
        {
            File.WriteAllBytes(file.Journal, image.Journal[..length]);
            Should
                .Throw<DamagedJournalException>(() => Journal.Open(file.Journal), $"cut at {length}")
                .Message.ShouldContain("Nothing was restored");
        }
        image.PutBack(file);
        File.WriteAllBytes(file.Journal, image.Journal[..^1]);
        Should.Throw<DamagedJournalException>(() => Recover(file));
        File.ReadAllBytes(file.Path).ShouldBe(image.File);
    }

    [Fact]
    public void A_journal_with_any_byte_changed_restores_nothing()
    {
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "new", 5, overwrite: false)[30];
        image.PutBack(file);
        for (var at = 0; at < image.Journal.Length; at += at < 900 ? 1 : 61)
        {
            if (at is JournalFormat.StateAt or JournalFormat.ActivityAt)
                continue; // they change while the journal is in use
            var changed = (byte[])image.Journal.Clone();
            changed[at] ^= 0x10;
            File.WriteAllBytes(file.Journal, changed);
            Should.Throw<DamagedJournalException>(() => Journal.Open(file.Journal), $"changed at {at}");
        }
        Should.Throw<DamagedJournalException>(() => Recover(file));
        File.ReadAllBytes(file.Path).ShouldBe(image.File);
    }

    [Fact]
    public void A_journal_that_was_never_finished_is_removed()
    {
        using var file = new DataFile();
        File.WriteAllText($"{file.Journal}.{Nonce.Hex(16)}.tmp", "half");

        Recover(file).Outcome.ShouldBe(RecoveryOutcome.NothingToDo);

        file.ShouldBeAsBefore();
        Directory.EnumerateFiles(file.Folder).ShouldBe([file.Path]);
    }

    [Fact]
    public void A_journal_of_a_newer_format_is_left_alone()
    {
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "new", 5, overwrite: false)[30];
        image.PutBack(file);
        JournalHeader header;
        using (var journal = Journal.Open(file.Journal))
            header = journal.Header with { Format = 99, Ranges = 0, SavedBytes = 0 };
        File.Delete(file.Journal);
        using (var data = File.OpenHandle(file.Path))
            JournalWriter.Write(file.Journal, header, data, [], default);

        Should.Throw<BadInputException>(() => Recover(file)).Message.ShouldContain("format 99");
    }

    [Fact]
    public void A_removed_file_is_distinguished_from_one_that_never_existed()
    {
        using var file = new DataFile();
        CrashImage.OfWrite(file, "new", 5, overwrite: false)[30].PutBack(file);
        File.Delete(file.Path);

        Should.Throw<BadInputException>(() => Recover(file)).Message.ShouldContain("only its undo journal");
    }

    [Fact]
    public void A_live_writer_is_not_undone()
    {
        using var file = new DataFile();
        CrashImage.OfWrite(file, "new", 5, overwrite: false)[30].PutBack(file);
        using (Claim.Take(UndoJournal.ClaimFor(file.Path), "hpcfit merge"))
            Should.Throw<BusyException>(() => Recover(file)).Message.ShouldContain("hpcfit merge");
        Recover(file).Outcome.ShouldBe(RecoveryOutcome.Restored);
    }

    [Fact]
    public void Readers_report_who_writes_or_that_the_write_was_interrupted()
    {
        using var file = new DataFile();
        CrashImage.OfWrite(file, "new", 5, overwrite: false)[30].PutBack(file);
        using (Claim.Take(UndoJournal.ClaimFor(file.Path), "hpcfit merge"))
            Should.Throw<BusyException>(() => UndoJournal.RefuseIfPresent(file.Path)).Message.ShouldContain("'hpcfit merge', process");

        var failure = Should.Throw<BusyException>(() => UndoJournal.RefuseIfPresent(file.Path));

        failure.Message.ShouldContain("interrupted");
        failure.Message.ShouldContain($"hpcfit recover {file.Path}");
    }

    private static RecoveryReport Recover(DataFile file, bool force = false) => RecoverFile.Run(file.Path, force, takeOver: false, default);

    private static IReadOnlyList<ByteRange> Saved(DataFile file)
    {
        using var opened = Shared.Hdf5.Hdf5ReadFile.Open(file.Path);
        return ByteRange.Outside(RawExtents.Find(opened, []).Ranges, new FileInfo(file.Path).Length);
    }
}
