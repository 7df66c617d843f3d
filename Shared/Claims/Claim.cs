using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Claims;

/// <summary>
/// A right that one command holds at a time (rounds, merge, the write of a data file), kept as a file created by link(2), which is atomic
/// on NFS and Lustre. Released by <see cref="Dispose"/>; a dead holder's claim can be taken.
/// </summary>
public sealed class Claim : IDisposable
{
    private readonly string _path;
    private bool _released;

    private Claim(string path, ClaimHolder holder)
    {
        _path = path;
        Holder = holder;
    }

    /// <summary>This process, as recorded in the claim file.</summary>
    public ClaimHolder Holder { get; }

    /// <summary>Takes the claim at <paramref name="path"/>, also from a dead holder.</summary>
    /// <param name="path">The claim's file.</param>
    /// <param name="what">What this command does, for the messages of other commands.</param>
    /// <param name="jobs">What the scheduler reports about holders on other nodes; null: nothing.</param>
    /// <param name="takeOver">Whether the user asserts that the holder is dead (<c>--take-over</c>).</param>
    /// <exception cref="BusyException">Its holder is not proven dead.</exception>
    public static Claim Take(string path, string what, IJobLiveness? jobs = null, bool takeOver = false)
    {
        var self = ClaimHolder.Self(what);
        TemporaryFile.RemoveAbandoned(path);
        while (!JsonFile.TryCreate(path, self, ClaimJson.Default.ClaimHolder))
        {
            if (Find(path) is not { } found)
                continue; // released between the two calls
            if (!takeOver && found.Holder?.IsDead(jobs) != true)
                throw Held(path, found, what);
            Evict(path, found, takeOver);
        }
        return new(path, self);
    }

    /// <summary>The holder of a claim; null if there is no claim, or if its file is empty or damaged and names no holder.</summary>
    public static ClaimHolder? ReadHolder(string path) =>
        UndoJournal.IsAt(path) ? JsonFile.TryRead(path, ClaimJson.Default.ClaimHolder) : null;

    private static BusyException Held(string path, Found found, string what) =>
        new(
            found.Holder is { } holder
                ? $"{holder} holds '{path}', which '{what}' needs. Wait for it to end. If it is surely gone (its node died), repeat "
                    + "the command with --take-over."
                : $"'{path}', which '{what}' needs, is held by an unknown command ({found.Problem}) If no other hpcfit "
                    + "works there, repeat the command with --take-over."
        );

    /// <summary>The claim at a path; null: none.</summary>
    /// <exception cref="BadInputException">It is not a file or cannot be read, so no command will release it.</exception>
    private static Found? Find(string path)
    {
        if (!UndoJournal.IsAt(path))
            return null;
        try
        {
            using (RegularFile.OpenRead(path, "the claim of a command")) { }
        }
        catch (BadInputException refusal)
        {
            return UndoJournal.IsAt(path)
                ? throw new BadInputException($"{refusal.Message} Nothing is done while it is there: remove it.", refusal)
                : null;
        }
        try
        {
            var holder = JsonFile.Read(path, ClaimJson.Default.ClaimHolder);
            return new(holder, holder.Nonce, "");
        }
        catch (BadInputException unreadable)
        {
            return UndoJournal.IsAt(path) ? new(null, "unreadable", unreadable.Message) : null;
        }
    }

    /// <summary>Releases the claim, unless another command has taken it over.</summary>
    public void Dispose()
    {
        if (_released)
            return;
        _released = true;
        if (ReadHolder(_path)?.Nonce == Holder.Nonce)
            File.Delete(_path);
    }

    /// <summary>
    /// Removes a dead holder's file. Of several commands that find it dead, only the one that creates the ticket named after its nonce may
    /// remove it, so none ever removes the claim of a successor.
    /// </summary>
    private static void Evict(string path, Found dead, bool takeOver)
    {
        var ticket = $"{path}.evict-{dead.Nonce}";
        if (
            !JsonFile.TryCreate(ticket, ClaimHolder.Self("evict"), ClaimJson.Default.ClaimHolder)
            && !takeOver
            && ReadHolder(ticket) is { } evictor
            && !evictor.IsDead()
        )
        {
            Thread.Sleep(20); // that command is about to remove the dead claim and take its place
            return;
        }
        if (Find(path)?.Nonce == dead.Nonce)
            File.Delete(path);
        File.Delete(ticket);
    }

    /// <summary>An existing claim.</summary>
    /// <param name="Holder">Its holder; null if the file names none.</param>
    /// <param name="Nonce">What distinguishes it from a successor.</param>
    /// <param name="Problem">Why the file names no holder; empty if it does.</param>
    private sealed record Found(ClaimHolder? Holder, string Nonce, string Problem);
}
