using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// Keeps a journal's time of modification current while its holder works on the file, so that a later change of the file by another program
/// can be distinguished from the holder's own.
/// </summary>
internal sealed class JournalHeartbeat : IDisposable
{
    private readonly Timer _timer;

    /// <summary>Updates the time once per second until disposed.</summary>
    public JournalHeartbeat(string journal) => _timer = new(_ => Beat(journal), null, TimeSpan.Zero, TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public void Dispose()
    {
        using var idle = new ManualResetEvent(false);
        if (_timer.Dispose(idle))
            idle.WaitOne();
    }

    private static void Beat(string journal)
    {
        try
        {
            Posix.Touch(journal);
        }
        catch (IOException)
        {
            // The only consequence of a missed update is that recovery requires --force; the write itself will report a failing disk.
        }
    }
}
