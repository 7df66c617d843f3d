using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// The heartbeat of who changes a data file: the journal's byte of activity, written before and after each operation, which also moves the
/// journal's time of modification. Between two operations the file is therefore never newer than its journal, and a change by somebody else
/// is seen at once.
/// </summary>
/// <param name="journal">The journal, open for writing; owned by the caller.</param>
internal sealed class JournalActivity(SafeFileHandle journal)
{
    /// <summary>Does something that may change the data file.</summary>
    public void Around(Action operation)
    {
        Begin();
        operation();
        End();
    }

    /// <summary>An operation begins, or goes on.</summary>
    public void Begin() => RandomAccess.Write(journal, [JournalFormat.Busy], JournalFormat.ActivityAt);

    /// <summary>An operation has ended.</summary>
    public void End() => RandomAccess.Write(journal, [JournalFormat.Idle], JournalFormat.ActivityAt);
}
