using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Files;

/// <summary>Which file it is, whatever its path leads to by now; compared on one machine, within one write.</summary>
/// <param name="Device">The file system's number.</param>
/// <param name="Inode">The file's number in it.</param>
public readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    /// <summary>Refuses another file.</summary>
    /// <param name="descriptor">An open file.</param>
    /// <param name="path">The path it was opened by.</param>
    /// <exception cref="BadInputException">It is not this file.</exception>
    public void Require(int descriptor, string path)
    {
        if (Posix.Status(descriptor, path).Identity != this)
            throw new BadInputException($"'{path}' was replaced by another file a moment ago.");
    }
}
