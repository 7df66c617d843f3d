using System.Buffers.Binary;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// An HDF5 file opened read-only, with the few look-ups that reading a ModelArray file takes. Dispose it soon: an open file holds up the
/// writer.
/// </summary>
public sealed class Hdf5ReadFile : IDisposable
{
    private static readonly byte[] Signature = [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];
    private readonly Hdf5FileHandle _handle;

    private readonly string _openBefore;

    private Hdf5ReadFile(string path, Hdf5FileHandle handle, string openBefore) =>
        (Path, this._handle, this._openBefore) = (path, handle, openBefore);

    /// <summary>The path as it was given.</summary>
    public string Path { get; }

    /// <summary>The file's identifier.</summary>
    public long Id => _handle.Id;

    /// <inheritdoc cref="Hdf5FileHandle.Descriptor"/>
    public int Descriptor => _handle.Descriptor;

    /// <summary>Opens <paramref name="path"/> read-only.</summary>
    /// <exception cref="BadInputException">The file is missing, cannot be read, or is not an HDF5 file.</exception>
    /// <exception cref="Hdf5Exception">libhdf5 refuses it: truncated or damaged.</exception>
    public static Hdf5ReadFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireSignature(path);
        lock (Hdf5Library.Lock)
        {
            var openBefore = OpenFileRecord.Current;
            OpenFileRecord.Set(path);
            var id = H5F.open(path, H5F.ACC_RDONLY);
            if (id >= 0)
                return new(path, new Hdf5FileHandle(id), openBefore);
            OpenFileRecord.Set(openBefore);
            var failure = Hdf5Status.Failure("open the HDF5 file", $"'{path}'");
            if (!failure.NativeStack.Contains("truncated file", StringComparison.Ordinal))
                throw failure;
            throw new Hdf5Exception(
                $"'{path}' is truncated: it ends before the data that its own header declares ({new FileInfo(path).Length:N0} bytes "
                    + "exist). "
                    + $"Copy it again from its source.\nHDF5 reports:\n{failure.NativeStack}",
                failure.NativeStack
            );
        }
    }

    /// <summary>The size of the user block before the HDF5 data, in bytes.</summary>
    public long UserBlock()
    {
        lock (Hdf5Library.Lock)
        {
            using var creation = new Hdf5PropertyListHandle(
                Hdf5Status.Check(H5F.get_create_plist(Id), "read the creation properties of", Path)
            );
            Hdf5Status.Check(H5P.get_userblock(creation.Id, out var size), "read the user block's size of", Path);
            return (long)size;
        }
    }

    /// <summary>
    /// The kind of object at <paramref name="path"/>, resolved step by step, so that a path through a dataset or a dangling link is absent
    /// rather than an error.
    /// </summary>
    public Hdf5NodeKind Kind(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        lock (Hdf5Library.Lock)
        {
            var kind = Hdf5NodeKind.Group;
            var reached = "";
            foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                if (kind != Hdf5NodeKind.Group)
                    return Hdf5NodeKind.Absent;
                reached += "/" + step;
                kind = KindOfLink(reached);
            }
            return kind;
        }
    }

    /// <summary>Describes the first dangling link on a path; null if there is none.</summary>
    public unsafe string? DanglingLink(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        const int MaxBytes = 4096;
        lock (Hdf5Library.Lock)
        {
            var reached = "";
            foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                reached += "/" + step;
                if (H5L.exists(Id, reached) > 0 && H5O.exists_by_name(Id, reached) > 0)
                    continue;
                var value = stackalloc byte[MaxBytes];
                new Span<byte>(value, MaxBytes).Clear();
                var isLink = H5L.get_val(Id, reached, value, MaxBytes - 2, H5P.DEFAULT) >= 0;
                _ = H5E.clear(H5E.DEFAULT);
                if (!isLink)
                    return null;
                // An external link's value is a byte of flags (0), the file's name and the object's; a soft link's is a path.
                var (isExternal, first) = (
                    value[0] == 0,
                    System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)(value + (value[0] == 0 ? 1 : 0)))!
                );
                if (!isExternal)
                    return $"'{reached}' is a link to '{first}', which does not exist";
                var second = System.Runtime.InteropServices.Marshal.PtrToStringUTF8(
                    (nint)(value + 2 + System.Text.Encoding.UTF8.GetByteCount(first))
                );
                return $"'{reached}' is a link to '{second}' in the file '{first}', which does not exist or cannot be read";
            }
            return null;
        }
    }

    /// <summary>The names in a group, in bytewise order.</summary>
    public unsafe IReadOnlyList<string> Children(string group)
    {
        lock (Hdf5Library.Lock)
        {
            using var opened = OpenGroup(group);
            var names = new List<string>();
            var buffer = new byte[256];
            while (true)
            {
                nint length;
                fixed (byte* start = buffer)
                    length = H5L.get_name_by_idx(opened.Id, ".", H5L.INDEX_NAME, H5L.ITER_INC, (ulong)names.Count, start, buffer.Length);
                if (length < 0)
                    break;
                if (length < buffer.Length)
                    names.Add(System.Text.Encoding.UTF8.GetString(buffer, 0, (int)length));
                else
                    buffer = new byte[length + 1];
            }
            _ = H5E.clear(H5E.DEFAULT); // the failure of the index after the last one ends the list
            return names;
        }
    }

    /// <summary>Opens a group.</summary>
    public Hdf5GroupHandle OpenGroup(string path)
    {
        lock (Hdf5Library.Lock)
            return new(Hdf5Status.Check(H5G.open(Id, path), "open the group", Describe(path)));
    }

    /// <summary>The string in an attribute of an object; null if the object or the attribute does not exist, or is not a string.</summary>
    public string? TextAttribute(string path, string name)
    {
        lock (Hdf5Library.Lock)
        {
            if (Kind(path) == Hdf5NodeKind.Absent)
                return null;
            using var owner = new Hdf5ObjectHandle(Hdf5Status.Check(H5O.open(Id, path), "open", Describe(path)));
            return Hdf5Strings.ReadAttribute(owner.Id, name, Describe(path)) is [var text] ? text : null;
        }
    }

    /// <summary>The path of the file that contains an object: this one, or the target of an external link.</summary>
    public unsafe string FileOf(string path)
    {
        lock (Hdf5Library.Lock)
        {
            using var opened = new Hdf5ObjectHandle(Hdf5Status.Check(H5O.open(Id, path), "open", Describe(path)));
            var name = new byte[Hdf5Status.Check((long)H5F.get_name(opened.Id, null, 0), "find the file of", Describe(path)) + 1];
            fixed (byte* start = name)
                _ = H5F.get_name(opened.Id, start, name.Length);
            return System.Text.Encoding.UTF8.GetString(name.AsSpan(0, name.Length - 1));
        }
    }

    /// <summary>Whether a link exists at a path, dangling or not. Its parent groups must exist.</summary>
    public bool HasLink(string path)
    {
        lock (Hdf5Library.Lock)
            return H5L.exists(Id, path) > 0;
    }

    /// <summary>Opens a dataset.</summary>
    public Hdf5DatasetHandle OpenDataset(string path, long access = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock)
            return new(Hdf5Status.Check(H5D.open(Id, path, access), "open the dataset", Describe(path)));
    }

    /// <summary>The object and the file, for messages.</summary>
    public string Describe(string path) => $"'{path}' of '{Path}'";

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        OpenFileRecord.Set(_openBefore);
    }

    private Hdf5NodeKind KindOfLink(string path)
    {
        if (H5L.exists(Id, path) <= 0 || H5O.exists_by_name(Id, path) <= 0)
        {
            _ = H5E.clear(H5E.DEFAULT);
            return Hdf5NodeKind.Absent;
        }
        using var opened = new Hdf5ObjectHandle(Hdf5Status.Check(H5O.open(Id, path), "open", Describe(path)));
        return H5I.get_type(opened.Id) switch
        {
            H5I.GROUP => Hdf5NodeKind.Group,
            H5I.DATASET => Hdf5NodeKind.Dataset,
            _ => Hdf5NodeKind.Other,
        };
    }

    /// <summary>The signature is at 0, 512, 1024, … (powers of two), after the user block (HDF5 file format, III.A).</summary>
    private static void RequireSignature(string path)
    {
        using var file = RegularFile.OpenRead(path, "an HDF5 file");
        var length = RandomAccess.GetLength(file);
        Span<byte> start = stackalloc byte[8];
        for (long at = 0; at + 8 <= length; at = at == 0 ? 512 : at * 2)
        {
            if (
                RandomAccess.Read(file, start, at) == 8
                && BinaryPrimitives.ReadUInt64LittleEndian(start) == BinaryPrimitives.ReadUInt64LittleEndian(Signature)
            )
            {
                EndOfFile.Require(file, path, at, length);
                return;
            }
        }
        throw new BadInputException(
            $"'{path}' is not an HDF5 file ({length:N0} bytes without HDF5's signature). A file written by ModelArrayIO or `hpcfit "
                + "convert` was expected."
        );
    }
}
