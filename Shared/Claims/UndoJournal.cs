using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Claims;

/// <summary>
/// The paths of a data file's undo journal and write claim, and the refusal to read a file that has a journal: while it exists, the file is
/// being written or a write was interrupted, so its content is undefined. Format: docs/formats/journal.md.
/// </summary>
public static class UndoJournal
{
    /// <summary>How long commands wait for a writer: one writes for seconds, and a few may queue.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The journal's path. <paramref name="realPath"/> contains no symbolic link (<see cref="RealPath.Resolve"/>).</summary>
    public static string PathFor(string realPath) => realPath + ".hpcfit-undo";

    /// <summary>The path of the claim that a writer of the file holds.</summary>
    public static string ClaimFor(string realPath) => realPath + ".hpcfit-write";

    /// <summary>
    /// Whether anything exists at a journal's path, including a dangling link or a folder, which the user must examine.
    /// </summary>
    public static bool IsAt(string journal) => Path.Exists(journal) || new FileInfo(journal).LinkTarget is not null;

    /// <summary>Whether <paramref name="dataFile"/>, which may be a symbolic link, has a journal.</summary>
    public static bool IsPresent(string dataFile) => IsAt(PathFor(RealPath.Resolve(dataFile)));

    /// <summary>
    /// Waits while a writer is at work; true if a write was interrupted, so that the old bytes must be restored first.
    /// </summary>
    /// <exception cref="BusyException">A write continues for longer than <paramref name="patience"/>.</exception>
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

    /// <summary>Throws when <paramref name="dataFile"/> has a journal. A reader calls it before and after it reads the file's
    /// index.</summary>
    /// <exception cref="BusyException">A writer is at work, or was interrupted.</exception>
    public static void RefuseIfPresent(string dataFile)
    {
        // A missing or inaccessible file is reported when it is opened.
        if (!Path.Exists(dataFile))
            return;
        var real = RealPath.Resolve(dataFile);
        if (IsAt(PathFor(real)))
            throw Refusal(dataFile, Claim.ReadHolder(ClaimFor(real)));
    }

    /// <summary>Waits while a writer is at work on <paramref name="dataFile"/>.</summary>
    /// <exception cref="BusyException">A write was interrupted, or continues for longer than <paramref name="patience"/>.</exception>
    public static void WaitForWriter(string dataFile, TimeSpan patience, CancellationToken token = default) =>
        WaitForWriter(dataFile, RealPath.Resolve(dataFile), DateTime.UtcNow + patience, token);

    /// <summary>
    /// Reads a file that others may be writing: waits for a writer to end, and reads again if a write took place during
    /// <paramref name="read"/>.
    /// </summary>
    /// <param name="dataFile">The file; may be a symbolic link.</param>
    /// <param name="patience">How long to wait for writers.</param>
    /// <param name="read">Opens and reads; its result is disposed, if disposable, before it is called again.</param>
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
                // The file changed while it was read, so the failure means nothing.
            }
            (value as IDisposable)?.Dispose();
            if (DateTime.UtcNow > deadline)
                throw new BusyException(
                    $"'{dataFile}' keeps changing: other programs are writing into it. Repeat the command when they have ended."
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
            // A writer removes the journal before the claim, so a journal without a claim means an interrupted write.
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
            $"'{dataFile}' cannot be read: a write into it{writer} was interrupted, so the file may be incomplete. Restore the old bytes "
                + $"with: {TypedCommand.Line("recover", dataFile)}"
        );
    }
}
