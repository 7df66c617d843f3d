using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Writing;

/// <summary>Which file it is, whatever its path leads to by now; compared on one machine, within one write.</summary>
/// <param name="Device">The file system's number.</param>
/// <param name="Inode">The file's number in it.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    /// <summary>Refuses another file.</summary>
    /// <param name="descriptor">An open file.</param>
    /// <param name="path">The path it was opened by.</param>
    /// <exception cref="BadInputException">It is not this file.</exception>
    public void Require(int descriptor, string path)
    {
        if (Posix.Status(descriptor, path).Identity != this) throw new BadInputException($"'{path}' was replaced by another file a moment ago.");
    }

    /// <summary>The same of a file that libhdf5 has opened, by the library's own descriptor. Callers hold the library's lock.</summary>
    /// <param name="file">The library's identifier of the file.</param>
    /// <param name="path">The path it was opened by.</param>
    public unsafe void Require(long file, string path)
    {
        Hdf5Status.Check(H5F.get_vfd_handle(file, H5P.DEFAULT, out var descriptor), "find the open file of", $"'{path}'");
        Require(*(int*)descriptor, path);
    }
}
