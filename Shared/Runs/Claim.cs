using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Runs;

/// <summary>
/// A right that one command holds at a time (rounds, merge, the write of a data file), kept as a file made by link(2), which is
/// atomic on NFS and Lustre. Given up by <see cref="Dispose"/>, or by the holder's death.
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

    /// <summary>This process, as the file says.</summary>
    public ClaimHolder Holder { get; }

    /// <summary>Takes the claim at <paramref name="path"/>, from a dead holder too.</summary>
    /// <param name="path">The claim's file.</param>
    /// <param name="what">What this command does, for the messages of others.</param>
    /// <param name="jobs">The scheduler's word about holders on other nodes; null: none.</param>
    /// <param name="takeOver">The user's word that the holder is dead (<c>--take-over</c>).</param>
    /// <exception cref="BusyException">A holder who is not proven dead has it.</exception>
    public static Claim Take(string path, string what, IJobLiveness? jobs = null, bool takeOver = false)
    {
        var self = ClaimHolder.Self(what);
        while (!JsonFile.TryCreate(path, self, RunJson.Default.ClaimHolder))
        {
            if (ReadHolder(path) is not { } holder) continue; // given up between the two calls
            if (!takeOver && !holder.IsDead(jobs))
                throw new BusyException(
                    $"{holder} holds '{path}', which '{what}' needs. Wait for it to end. If it is surely gone (its node died), repeat the command with --take-over.");
            Evict(path, holder, takeOver);
        }
        return new(path, self);
    }

    /// <summary>Who holds a claim; null: nobody.</summary>
    public static ClaimHolder? ReadHolder(string path)
    {
        try
        {
            return JsonFile.Read(path, RunJson.Default.ClaimHolder);
        }
        catch (BadInputException failure) when (failure.InnerException is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Gives the claim up, unless somebody took it over meanwhile.</summary>
    public void Dispose()
    {
        if (_released) return;
        _released = true;
        if (ReadHolder(_path)?.Nonce == Holder.Nonce) File.Delete(_path);
    }

    /// <summary>
    /// Removes a dead holder's file. Of several commands that see it dead, only the one that makes the ticket named after its nonce
    /// may remove it, so none ever removes the claim of a successor.
    /// </summary>
    private static void Evict(string path, ClaimHolder dead, bool takeOver)
    {
        var ticket = $"{path}.evict-{dead.Nonce}";
        if (!JsonFile.TryCreate(ticket, ClaimHolder.Self("evict"), RunJson.Default.ClaimHolder)
            && !takeOver && ReadHolder(ticket) is { } evictor && !evictor.IsDead())
        {
            Thread.Sleep(20); // that command is about to remove the dead claim and take its place
            return;
        }
        if (ReadHolder(path)?.Nonce == dead.Nonce) File.Delete(path);
        File.Delete(ticket);
    }
}
