using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// Checks the owner of a journal. Restoring one writes its bytes into the data file, so journals of other users are not accepted.
/// </summary>
internal static class JournalOwner
{
    private const uint Root = 0;

    /// <summary>Refuses a path that is not a file, and another user's journal. The superuser may act for the file's owner.</summary>
    /// <param name="journal">Its path.</param>
    /// <param name="file">The data file.</param>
    /// <exception cref="BadInputException">It belongs to another user.</exception>
    /// <exception cref="DamagedJournalException">It is a link, a folder, a pipe, …</exception>
    public static void Require(string journal, HeldFile file)
    {
        var (status, user) = (Posix.StatusOfItself(journal), Posix.User);
        if (!status.IsRegular)
            throw new DamagedJournalException(journal, $"it is {status.KindText}");
        if (status.Owner == user || (user == Root && status.Owner == file.Now().Owner))
            return;
        throw new BadInputException(
            $"The undo journal '{journal}' belongs to user {status.Owner}, not to you (user {user}), and is not used: its content "
                + $"would be written into '{file.Path}'. "
                + "Ask that user to recover the file. If you know of no one who wrote into it, restore a backup and remove the journal."
        );
    }

    /// <summary>Refuses to restore a file whose owner differs from that of the file that was written.</summary>
    /// <exception cref="BadInputException">It has another owner.</exception>
    public static void RequireSame(Journal journal, HeldFile file)
    {
        var (now, then) = (file.Now().Owner, journal.Header.Owner ?? Posix.User);
        if (now != then)
            throw new BadInputException(
                $"'{file.Path}' belongs to user {now}; the file that was being written belonged to user {then}. A file of another owner "
                    + "is not restored. "
                    + $"If the file is intact, remove '{journal.Path}'."
            );
    }
}
