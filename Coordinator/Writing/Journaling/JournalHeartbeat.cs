using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// Keeps a journal's time of modification at the present while its holder works on the file, so that a later change of the file by somebody
/// else can be told from the holder's own.
/// </summary>
internal sealed class JournalHeartbeat : IDisposable
{
    private readonly Timer _timer;

    /// <summary>Beats once a second until disposed.</summary>
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
            // A missed beat costs at most that recovery asks for --force; the write itself meets the failing disk soon enough.
        }
    }
}
