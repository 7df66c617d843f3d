using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing.Library;

/// <summary>
/// The only type that opens an HDF5 file for writing. Format versions stay between EARLIEST and V110, so that old readers can open the
/// file. For use by one thread. Without <see cref="Close"/>, the file is not completely written.
/// </summary>
internal sealed class Hdf5Writer : IHdf5Sink, IDisposable
{
    private readonly string _path;
    private readonly Hdf5FileHandle _file;
    private readonly Hdf5PropertyListHandle _links;
    private readonly SafeFileHandle _written;
    private readonly Writeback _writeback;
    private Hdf5DatasetHandle? _dataset;
    private DatasetLayout? _layout;

    private Hdf5Writer(string path, Hdf5FileHandle file, SafeFileHandle written)
    {
        (_path, _file, _written) = (path, file, written);
        _writeback = new(_written);
        _links = new(Hdf5Status.Check(H5P.create(H5P.LINK_CREATE), "prepare to write", Subject));
        Hdf5Status.Check(H5P.set_create_intermediate_group(_links.Id, 1), "prepare to write", Subject);
        Hdf5Status.Check(H5P.set_char_encoding(_links.Id, H5T.CSET_UTF8), "prepare to write", Subject);
    }

    private string Subject => $"'{_path}'";

    /// <summary>Creates a file that does not exist yet.</summary>
    public static Hdf5Writer Create(string path)
    {
        OpenFileRecord.Set(path);
        lock (Hdf5Library.Lock)
        {
            using var access = Access(path);
            var file = new Hdf5FileHandle(
                Hdf5Status.Check(H5F.create(path, H5F.ACC_EXCL, access_plist: access.Id), "make the file", $"'{path}'")
            );
            return new(path, file, Posix.OpenItself(path));
        }
    }

    /// <summary>Opens an existing file, and refuses another one that was put in its place: opening alone may write.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="identity">The identity of the expected file.</param>
    /// <exception cref="BadInputException">Another file was put in its place.</exception>
    public static Hdf5Writer Open(string path, FileIdentity identity)
    {
        var itself = Posix.OpenItself(path);
        identity.Require((int)itself.DangerousGetHandle(), path);
        OpenFileRecord.Set(path);
        lock (Hdf5Library.Lock)
        {
            using var access = Access(path);
            // Not by its path, which may lead to another file now.
            var file = new Hdf5FileHandle(
                Hdf5Status.Check(
                    H5F.open($"/proc/self/fd/{itself.DangerousGetHandle()}", H5F.ACC_RDWR, access.Id),
                    "open for writing",
                    $"'{path}'"
                )
            );
            identity.Require(file.Descriptor, path);
            return new(path, file, itself);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        lock (Hdf5Library.Lock)
            Hdf5Status.Check(H5L.delete(_file.Id, path), $"remove {path} from", Subject);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        lock (Hdf5Library.Lock)
            Hdf5Status.Check(H5L.move(_file.Id, from, _file.Id, to), $"rename {from} to {to} in", Subject);
    }

    /// <inheritdoc/>
    public void CreateGroup(string path)
    {
        lock (Hdf5Library.Lock)
        {
            if (path == "/" || IsThere(path))
                return;
            using var group = new Hdf5GroupHandle(
                Hdf5Status.Check(H5G.create(_file.Id, path, _links.Id), $"make the group {path} in", Subject)
            );
        }
    }

    /// <inheritdoc/>
    public void CreateDataset(DatasetLayout layout)
    {
        lock (Hdf5Library.Lock)
        {
            _dataset?.Dispose();
            using var space = Hdf5Types.Space(layout.Shape, Subject);
            using var type = Hdf5Types.Stored(layout.Type, Subject);
            using var creation = Hdf5Types.Creation(layout, Subject);
            _dataset = new(
                Hdf5Status.Check(
                    H5D.create(_file.Id, layout.Path, type.Id, space.Id, _links.Id, creation.Id),
                    $"make the dataset {layout.Path} in",
                    Subject
                )
            );
            _layout = layout;
        }
    }

    /// <inheritdoc/>
    public unsafe void WriteChunk(IReadOnlyList<long> origin, uint filterMask, ReadOnlySpan<byte> stored)
    {
        var offset = Unsigned(origin);
        lock (Hdf5Library.Lock)
        {
            fixed (ulong* first = offset)
            fixed (byte* bytes = stored)
                Hdf5Status.Check(
                    H5D.write_chunk(Dataset.Id, H5P.DEFAULT, filterMask, first, stored.Length, (nint)bytes),
                    $"write the chunk at {string.Join(", ", origin)} of {_layout!.Path} to",
                    Subject
                );
        }
        _writeback.Add(stored.Length);
    }

    /// <inheritdoc/>
    public unsafe void WriteRegion(Region region, ReadOnlySpan<byte> values)
    {
        lock (Hdf5Library.Lock)
        {
            using var whole = Hdf5Types.Space(_layout!.Shape, Subject);
            using var memory = Hdf5Types.Space(region.Extent, Subject);
            using var type = Hdf5Types.Stored(_layout.Type, Subject);
            fixed (
                ulong* first = Unsigned(region.Origin),
                    extent = Unsigned(region.Extent)
            )
                Hdf5Status.Check(
                    H5S.select_hyperslab(whole.Id, H5S.SELECT_SET, first, null, extent, null),
                    $"select values of {_layout.Path} in",
                    Subject
                );
            fixed (byte* bytes = values)
                Hdf5Status.Check(
                    H5D.write(Dataset.Id, type.Id, memory.Id, whole.Id, H5P.DEFAULT, (nint)bytes),
                    $"write values of {_layout.Path} to",
                    Subject
                );
        }
        _writeback.Add(values.Length);
    }

    /// <inheritdoc/>
    public unsafe void WriteAttribute(string owner, AttributeContent attribute)
    {
        lock (Hdf5Library.Lock)
        {
            using var parent = new Hdf5ObjectHandle(Hdf5Status.Check(H5O.open(_file.Id, owner), $"open {owner} of", Subject));
            using var type = Hdf5Types.Stored(attribute.Type, Subject);
            using var space = Hdf5Types.Space(attribute.Shape, Subject);
            var isThere =
                Hdf5Status.Check(H5A.exists(parent.Id, attribute.Name), $"look for the attribute '{attribute.Name}' of {owner} in", Subject)
                > 0;
            var opened = isThere ? H5A.open(parent.Id, attribute.Name) : H5A.create(parent.Id, attribute.Name, type.Id, space.Id);
            using var made = new Hdf5AttributeHandle(
                Hdf5Status.Check(opened, $"make the attribute '{attribute.Name}' of {owner} in", Subject)
            );
            fixed (byte* bytes = attribute.Bytes)
                Hdf5Status.Check(
                    H5A.write(made.Id, type.Id, (nint)bytes),
                    $"write the attribute '{attribute.Name}' of {owner} to",
                    Subject
                );
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        lock (Hdf5Library.Lock)
            Hdf5Status.Check(H5F.flush(_file.Id, H5F.SCOPE_GLOBAL), "write", Subject);
    }

    /// <inheritdoc/>
    public void CopyObject(string sourceFile, string path)
    {
        lock (Hdf5Library.Lock)
        {
            using var source = Hdf5ReadFile.Open(sourceFile);
            Hdf5Status.Check(H5O.copy(source.Id, path, _file.Id, path, lcpl_id: _links.Id), $"copy {path} of '{sourceFile}' to", Subject);
        }
    }

    /// <inheritdoc/>
    public void CopyAttributes(string sourceFile, string path)
    {
        lock (Hdf5Library.Lock)
        {
            using var source = Hdf5ReadFile.Open(sourceFile);
            using var from = new Hdf5ObjectHandle(Hdf5Status.Check(H5O.open(source.Id, path), "open", source.Describe(path)));
            using var to = new Hdf5ObjectHandle(Hdf5Status.Check(H5O.open(_file.Id, path), $"open {path} of", Subject));
            AttributeCopy.All(from, to, source.Describe(path));
        }
    }

    /// <summary>Syncs the closed file.</summary>
    /// <exception cref="IOException">A disk error.</exception>
    public void Sync() => Posix.Sync(_written, _path);

    /// <summary>Writes the library's buffers and closes the file. Not yet durable: <see cref="Sync"/> follows.</summary>
    public void Close()
    {
        lock (Hdf5Library.Lock)
        {
            Release();
            Hdf5Status.Check(H5F.flush(_file.Id, H5F.SCOPE_GLOBAL), "write the last bytes of", Subject);
            var id = _file.Id;
            _file.SetHandleAsInvalid();
            Hdf5Status.Check(H5F.close(id), "close", Subject);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        _written.Dispose();
        _file.Dispose();
    }

    private Hdf5DatasetHandle Dataset => _dataset ?? throw new InvalidOperationException("Values came before their dataset.");

    private static Hdf5PropertyListHandle Access(string path)
    {
        var access = new Hdf5PropertyListHandle(Hdf5Status.Check(H5P.create(H5P.FILE_ACCESS), "prepare to write", $"'{path}'"));
        Hdf5Status.Check(
            H5P.set_libver_bounds(access.Id, H5F.LIBVER_EARLIEST, H5F.LIBVER_V110),
            "choose the format version of",
            $"'{path}'"
        );
        return access;
    }

    private bool IsThere(string path)
    {
        for (var end = path.IndexOf('/', 1); ; end = path.IndexOf('/', end + 1))
        {
            var step = end < 0 ? path : path[..end];
            if (Hdf5Status.Check(H5L.exists(_file.Id, step), $"look for {step} in", Subject) == 0)
                return false;
            if (end < 0)
                return true;
        }
    }

    private void Release()
    {
        _dataset?.Dispose();
        _links.Dispose();
    }

    private static ulong[] Unsigned(IReadOnlyList<long> numbers) => [.. numbers.Select(number => checked((ulong)number))];
}
