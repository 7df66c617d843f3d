using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// Marks operations on a data file: the journal's activity byte is written before and after each, which also updates the journal's time of
/// modification. Between two operations the file is therefore never newer than its journal, so that a change by another program is detected
/// immediately.
/// </summary>
/// <param name="journal">The journal, open for writing; owned by the caller.</param>
internal sealed class JournalActivity(SafeFileHandle journal)
{
    /// <summary>Performs an operation that may change the data file.</summary>
    public void Around(Action operation)
    {
        Begin();
        operation();
        End();
    }

    /// <summary>An operation begins or continues.</summary>
    public void Begin() => RandomAccess.Write(journal, [JournalFormat.Busy], JournalFormat.ActivityAt);

    /// <summary>An operation has ended.</summary>
    public void End() => RandomAccess.Write(journal, [JournalFormat.Idle], JournalFormat.ActivityAt);
}
