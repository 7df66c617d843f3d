using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Claims;

/// <summary>
/// Where the undo journal and the write claim of a data file lie, and the refusal to read a file that has a journal: while it is there, the
/// file is being written or its write was interrupted, so its bytes mean nothing. Format: docs/formats/journal.md.
/// </summary>
public static class UndoJournal
{
    /// <summary>How long commands wait for a writer: one writes for seconds, and a few may queue.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The journal's path. <paramref name="realPath"/> has no symbolic link in it (<see cref="RealPath.Resolve"/>).</summary>
    public static string PathFor(string realPath) => realPath + ".hpcfit-undo";

    /// <summary>The path of the claim that a writer of the file holds.</summary>
    public static string ClaimFor(string realPath) => realPath + ".hpcfit-write";

    /// <summary>
    /// Whether anything lies at a journal's path, a dangling link or a folder too: what is no journal protects nothing, and must be looked
    /// at.
    /// </summary>
    public static bool IsAt(string journal) => Path.Exists(journal) || new FileInfo(journal).LinkTarget is not null;

    /// <summary>Whether <paramref name="dataFile"/>, which may be a symbolic link, has a journal.</summary>
    public static bool IsPresent(string dataFile) => IsAt(PathFor(RealPath.Resolve(dataFile)));

    /// <summary>
    /// Waits while a writer is at work, and tells whether one was interrupted, so that the old bytes have to be restored first.
    /// </summary>
    /// <exception cref="BusyException">A write goes on for longer than that.</exception>
    public static bool IsInterrupted(string dataFile, TimeSpan patience, CancellationToken token)
    {
        try
        {
            WaitForWriter(dataFile, patience, token);
            return false;
        }
        catch (BusyException) when (IsPresent(dataFile) && Claim.ReadHolder(ClaimFor(RealPath.Resolve(dataFile)))?.IsDead() != false)
        {
            return true;
        }
    }

    /// <summary>Throws when <paramref name="dataFile"/> has a journal. A reader asks before and after it reads the file's index.</summary>
    /// <exception cref="BusyException">A writer is at work, or was interrupted.</exception>
    public static void RefuseIfPresent(string dataFile)
    {
        // What is not there, or cannot be reached, is named by whoever opens it.
        if (!Path.Exists(dataFile))
            return;
        var real = RealPath.Resolve(dataFile);
        if (IsAt(PathFor(real)))
            throw Refusal(dataFile, Claim.ReadHolder(ClaimFor(real)));
    }

    /// <summary>Waits while a writer is at work on <paramref name="dataFile"/>.</summary>
    /// <exception cref="BusyException">A write was interrupted, or goes on for longer than that.</exception>
    public static void WaitForWriter(string dataFile, TimeSpan patience, CancellationToken token = default) =>
        WaitForWriter(dataFile, RealPath.Resolve(dataFile), DateTime.UtcNow + patience, token);

    /// <summary>
    /// Reads a file that others may be writing: waits for a writer to end, and reads again when one came while <paramref name="read"/> was
    /// at work.
    /// </summary>
    /// <param name="dataFile">The file; may be a symbolic link.</param>
    /// <param name="patience">How long to wait for writers.</param>
    /// <param name="read">Opens and reads; what it returns is disposed, if it can be, when it has to be read again.</param>
    /// <param name="token">Stops waiting.</param>
    /// <exception cref="BusyException">A writer was interrupted, or is still at work.</exception>
    public static T ReadBetweenWrites<T>(string dataFile, TimeSpan patience, Func<T> read, CancellationToken token = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        var real = RealPath.Resolve(dataFile);
        var deadline = DateTime.UtcNow + patience;
        while (true)
        {
            WaitForWriter(dataFile, real, deadline, token);
            var before = State(real);
            T? value = null;
            try
            {
                value = read();
                if (State(real) == before && !IsAt(PathFor(real)))
                    return value;
            }
            catch (Exception) when (State(real) != before || IsAt(PathFor(real)))
            {
                // Whatever it stumbled over, it was reading a file that changed under its hands.
            }
            (value as IDisposable)?.Dispose();
            if (DateTime.UtcNow > deadline)
                throw new BusyException(
                    $"'{dataFile}' changes all the time: other programs write into it. Repeat the command when they have ended."
                );
        }
    }

    private static void WaitForWriter(string dataFile, string real, DateTime deadline, CancellationToken token)
    {
        var notice = new WaitNotice();
        while (IsAt(PathFor(real)))
        {
            var holder = Claim.ReadHolder(ClaimFor(real));
            var isAtWork = holder is not null && !holder.IsDead();
            // The journal goes before the claim, so no claim beside a journal that is still there is an interrupted write.
            if (IsAt(PathFor(real)) && (!isAtWork || DateTime.UtcNow > deadline))
                throw Refusal(dataFile, holder);
            notice.Report($"'{dataFile}' is being written by {holder}.");
            token.WaitHandle.WaitOne(Pause);
            token.ThrowIfCancellationRequested();
        }
    }

    private static (long Length, DateTime Modified) State(string path)
    {
        var file = new FileInfo(path);
        return (file.Length, file.LastWriteTimeUtc);
    }

    private static BusyException Refusal(string dataFile, ClaimHolder? holder)
    {
        if (holder is not null && !holder.IsDead())
            return new(
                $"'{dataFile}' cannot be read now: {holder} is writing into it. Wait for that to end and repeat the command. If it is "
                    + $"surely gone (its node died): {TypedCommand.Line("recover", "--take-over", dataFile)}"
            );
        var writer = holder is null ? "" : $" by {holder}";
        return new(
            $"'{dataFile}' cannot be read: a write into it{writer} was interrupted, so it may hold half of it. Bring the old bytes "
                + $"back with: {TypedCommand.Line("recover", dataFile)}"
        );
    }
}
