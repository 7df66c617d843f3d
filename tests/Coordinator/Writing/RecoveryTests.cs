using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Tests.Writing;

public sealed class RecoveryTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Whatever_moment_a_write_was_killed_at_the_exact_old_bytes_come_back(bool latest, bool overwrite)
    {
        using var file = new DataFile(latest);
        var images = CrashImage.OfWrite(file, overwrite ? "old" : "new", 5, overwrite);
        images.Count.ShouldBe(36);
        images.Select(image => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(image.File))).Distinct().Count().ShouldBeGreaterThan(1);
        foreach (var image in images.Where((_, i) => i % 5 == 0 || i == 35))
        {
            image.PutBack(file);
            Recover(file).Outcome.ShouldBe(RecoveryOutcome.Restored);
            file.ShouldBeAsBefore();
        }
    }

    [Fact]
    public void Any_damage_outside_the_values_that_stay_is_undone()
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
                foreach (var range in Saved(file)) RandomAccess.Write(bytes, noise.AsSpan(0, (int)Math.Min(noise.Length, range.Length)), range.Start);
                RandomAccess.Write(bytes, noise, journal.Header.Length + random.Next(5000));
            }
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
        File.ReadAllBytes(report.Copy!).ShouldBe(image.File);
        file.ShouldBeAsBefore();
    }

    [Fact]
    public void A_file_that_somebody_changed_afterwards_is_left_alone_unless_forced()
    {
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "new", 5, overwrite: false)[30];
        image.PutBack(file);
        File.SetLastWriteTimeUtc(file.Path, DateTime.UtcNow.AddHours(1));

        Should.Throw<BadInputException>(() => Recover(file)).Message.ShouldContain("somebody else changed it afterwards");
        Recover(file, force: true).Copy.ShouldNotBeNull();
        file.ShouldBeAsBefore();
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
            Should.Throw<DamagedJournalException>(() => Journal.Open(file.Journal), $"cut at {length}").Message.ShouldContain("Nothing was restored");
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
            if (at == JournalFormat.StateAt) continue; // the state's own byte: only the one value that says so is a whole write
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
        File.WriteAllText(file.Journal + ".0123.tmp", "half");

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
        using (var journal = Journal.Open(file.Journal)) header = journal.Header with { Format = 99, Ranges = 0, SavedBytes = 0 };
        File.Delete(file.Journal);
        JournalWriter.Write(file.Journal, header, file.Path, [], default);

        Should.Throw<BadInputException>(() => Recover(file)).Message.ShouldContain("format 99");
    }

    [Fact]
    public void A_file_that_is_gone_is_told_from_one_that_never_was()
    {
        using var file = new DataFile();
        CrashImage.OfWrite(file, "new", 5, overwrite: false)[30].PutBack(file);
        File.Delete(file.Path);

        Should.Throw<BadInputException>(() => Recover(file)).Message.ShouldContain("only its undo journal");
    }

    [Fact]
    public void A_living_writer_is_not_undone()
    {
        using var file = new DataFile();
        CrashImage.OfWrite(file, "new", 5, overwrite: false)[30].PutBack(file);
        using (Claim.Take(UndoJournal.ClaimFor(file.Path), "hpcfit merge"))
            Should.Throw<BusyException>(() => Recover(file)).Message.ShouldContain("hpcfit merge");
        Recover(file).Outcome.ShouldBe(RecoveryOutcome.Restored);
    }

    [Fact]
    public void Readers_are_told_who_writes_or_that_the_write_was_interrupted()
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
        return ByteRange.Outside(RawExtents.Of(opened, []).Ranges, new FileInfo(file.Path).Length);
    }
}
