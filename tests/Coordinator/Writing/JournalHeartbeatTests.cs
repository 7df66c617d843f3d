using HpcFit.Coordinator.Writing.Journaling;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>A journal's time shows that its writer is active: later changes of the file are those of another program.</summary>
public sealed class JournalHeartbeatTests : IDisposable
{
    private readonly string _journal = Path.GetTempFileName();

    [Fact]
    public void The_journal_is_as_new_as_its_writer_while_it_beats()
    {
        var beat = new JournalHeartbeat(_journal);
        for (var time = 0; time < 2; time++) // more than the first beat
        {
            SetOld();
            SpinWait.SpinUntil(() => File.GetLastWriteTimeUtc(_journal) > DateTime.UnixEpoch, TimeSpan.FromMinutes(1)).ShouldBeTrue();
        }

        beat.Dispose();
        SetOld();
        File.GetLastWriteTimeUtc(_journal).ShouldBe(DateTime.UnixEpoch);
    }

    [Fact]
    public void A_missing_journal_does_not_fail_the_write()
    {
        File.Delete(_journal);
        new JournalHeartbeat(_journal).Dispose();
        File.Exists(_journal).ShouldBeFalse();
    }

    public void Dispose() => File.Delete(_journal);

    private void SetOld() => File.SetLastWriteTimeUtc(_journal, DateTime.UnixEpoch);
}
