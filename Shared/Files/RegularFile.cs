using System.Runtime.InteropServices;
using HpcFit.Shared.Failures;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <summary>
/// Opens a file that a user named, for reading, without ever waiting: opening a pipe without a writer blocks forever, and reading a device
/// may never end. Symbolic links are followed.
/// </summary>
public static unsafe partial class RegularFile
{
    private const int NotThere = 2; // ENOENT
    private const int NotAFolder = 20; // ENOTDIR
    private const int TooManyLinks = 40; // ELOOP
    private const int NoReader = 6; // ENXIO: a socket, or a device without a driver
    private const int ReadWithoutWaiting = 0x80000 | 0x800; // O_RDONLY | O_CLOEXEC | O_NONBLOCK
    private const int PlaceOnly = 0x80000 | 0x200000; // O_CLOEXEC | O_PATH: needs no permission to read, and never waits
    private const int OfDescriptor = 0x1000; // AT_EMPTY_PATH
    private const uint TypeOnly = 1; // STATX_TYPE
    private const int TypeMask = 0xF000; // S_IFMT
    private const int Regular = 0x8000,
        Folder = 0x4000,
        Pipe = 0x1000,
        CharacterDevice = 0x2000,
        BlockDevice = 0x6000;

    /// <summary>Opens <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What is expected, for messages: <c>an image</c>, <c>an HDF5 file</c>.</param>
    /// <exception cref="BadInputException">It is missing, a dangling link, a folder, a pipe, a socket or a device, or may not be
    /// read.</exception>
    public static SafeFileHandle OpenRead(string path, string expected)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new BadInputException(
                $"'{path.Replace("\0", "\\0", StringComparison.Ordinal)}' contains a NUL character; no file can have that name."
            );
        var descriptor = open(path, ReadWithoutWaiting);
        if (descriptor < 0)
            throw Refused(path, expected, Marshal.GetLastPInvokeError());
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (TypeOf(handle) is var type && type == Regular)
            return handle;
        handle.Dispose();
        throw new BadInputException($"'{path}' is {Name(type)}; {expected} is expected, in a regular file.");
    }

    /// <summary>Refuses to replace anything but a regular file: a device would be lost, and the reader of a pipe would receive
    /// nothing.</summary>
    /// <exception cref="BadInputException">Something other than a regular file has this name.</exception>
    public static void RequireReplaceable(string path)
    {
        var descriptor = open(path, PlaceOnly);
        if (descriptor < 0)
            return;
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (TypeOf(handle) is var type && type != Regular)
            throw new BadInputException($"'{path}' is {Name(type)}, and is not replaced. Choose another name.");
    }

    private static BadInputException Refused(string path, string expected, int error) =>
        error switch
        {
            NotThere or NotAFolder => new(
                path.Length > 0 && new FileInfo(path).LinkTarget is { } target
                    ? $"'{path}' is a symbolic link to '{target}', which does not exist. Restore the file that it points to, or "
                        + "correct the link."
                : File.Exists(path + ".gz")
                    ? $"There is no file '{path}', but '{path}.gz'. Unpack it (gunzip '{path}.gz'), or name it where compressed files are "
                        + "read."
                : $"There is no file '{path}'. Check the path; relative paths start at '{Environment.CurrentDirectory}'."
            ),
            TooManyLinks => new($"'{path}' is a symbolic link that leads back to itself; {expected} is expected."),
            NoReader => new($"'{path}' is a socket or a device; {expected} is expected, in a regular file."),
            _ => new($"'{path}' cannot be read: {Marshal.GetPInvokeErrorMessage(error)}."),
        };

    /// <summary>The type bits of the file's mode.</summary>
    /// <remarks><c>struct statx</c> is laid out alike on every architecture, unlike <c>struct stat</c>.</remarks>
    private static int TypeOf(SafeFileHandle handle)
    {
        var status = stackalloc byte[256];
        return statx(handle, "", OfDescriptor, TypeOnly, status) == 0
            ? *(ushort*)(status + 28) & TypeMask
            : throw new IOException($"statx failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
    }

    private static string Name(int type) =>
        type switch
        {
            Folder => "a folder",
            Pipe => "a pipe (FIFO)",
            CharacterDevice or BlockDevice => "a device",
            _ => "not a regular file",
        };

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(SafeFileHandle file, string path, int flags, uint mask, byte* status);
}
