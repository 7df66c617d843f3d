using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing;

/// <summary>
/// Gives a file the owner, group and permissions of the file that it replaces, so that the same users can read it.
/// </summary>
internal static class FileOwnership
{
    /// <summary>Copies owner, group and permissions.</summary>
    /// <param name="from">The file that will be replaced; if missing, nothing is done.</param>
    /// <param name="to">The new file.</param>
    /// <exception cref="BadInputException">This user may not change the owner.</exception>
    public static void Copy(string from, string to)
    {
        if (!File.Exists(from))
            return;
        var (old, made) = (FileStatus.Read(from), FileStatus.Read(to));
        if ((old.Owner != made.Owner || old.Group != made.Group) && !Posix.TryChangeOwner(to, old.Owner, old.Group))
            throw new BadInputException(
                $"'{from}' belongs to user {old.Owner} and group {old.Group}, to whom you may not assign the file that replaces it. "
                    + "Choose another name, or remove it first."
            );
        File.SetUnixFileMode(to, (UnixFileMode)old.Mode);
    }
}
