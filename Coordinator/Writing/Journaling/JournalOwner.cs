using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// Whose journals are obeyed: restoring one writes its bytes into the data file, so nobody may slip one to somebody else.
/// </summary>
internal static class JournalOwner
{
    private const uint Root = 0;

    /// <summary>Refuses what is no file, and the journal of another user. The superuser may act for the file's owner.</summary>
    /// <param name="journal">Its path.</param>
    /// <param name="file">The data file.</param>
    /// <exception cref="BadInputException">It is another user's.</exception>
    /// <exception cref="DamagedJournalException">It is a link, a folder, a pipe, …</exception>
    public static void Require(string journal, HeldFile file)
    {
        var (status, user) = (Posix.Status(journal, follow: false), Posix.User);
        if (!status.IsRegular)
            throw new DamagedJournalException(journal, $"it is {status.KindText}");
        if (status.Owner == user || (user == Root && status.Owner == file.Now().Owner))
            return;
        throw new BadInputException(
            $"The undo journal '{journal}' belongs to user {status.Owner}, not to you (user {user}), and is not obeyed: what it holds "
                + $"would be written into '{file.Path}'. "
                + "Ask that user to recover the file. If nobody you know wrote into it, put a backup in its place and remove the journal."
        );
    }

    /// <summary>Refuses to restore into a file that has another owner than the one that was written.</summary>
    /// <exception cref="BadInputException">It has another owner.</exception>
    public static void RequireSame(Journal journal, HeldFile file)
    {
        var (now, then) = (file.Now().Owner, journal.Header.Owner ?? Posix.User);
        if (now != then)
            throw new BadInputException(
                $"'{file.Path}' belongs to user {now}; the file that was being written belonged to user {then}. Nothing is restored "
                    + "into a file of another owner. "
                    + $"If the file is a good one, remove '{journal.Path}'."
            );
    }
}
