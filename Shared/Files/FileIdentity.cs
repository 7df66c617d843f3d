using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Files;

/// <summary>Identifies a file regardless of what its path refers to now; comparable on one machine, within one write.</summary>
/// <param name="Device">The device number of its file system.</param>
/// <param name="Inode">The inode number.</param>
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
