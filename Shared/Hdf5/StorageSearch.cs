using System.Runtime.InteropServices;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Finds the files in which a dataset's values are stored: through external links, external raw files and virtual sources. The library
/// silently replaces missing files and values by zeros or the fill value; here they are reported.
/// </summary>
internal sealed unsafe class StorageSearch
{
    private const int MaxDepth = 8;
    private const int MaxNameBytes = 4096;

    private readonly string _folder;
    private readonly bool _allowsExternal;
    private readonly List<string> _files = [];
    private string? _problem;

    private StorageSearch(string folder, bool allowsExternal) => (_folder, _allowsExternal) = (folder, allowsExternal);

    /// <summary>Finds the files of a dataset.</summary>
    /// <param name="file">The file through which it was opened.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="path">Its path in that file.</param>
    /// <param name="allowsExternal">Whether values may be stored outside the folder of <paramref name="file"/>.</param>
    public static StorageFiles Find(Hdf5ReadFile file, Hdf5DatasetHandle dataset, string path, bool allowsExternal)
    {
        lock (Hdf5Library.Lock)
        {
            var real = RealPath.Resolve(file.Path);
            var search = new StorageSearch(System.IO.Path.GetDirectoryName(real)!, allowsExternal);
            var owner = Owner(dataset, path);
            var isLinked = RealPath.Resolve(owner) != real;
            if (isLinked)
                search.Add(owner, $"'{path}' is linked to");
            search.AddLayout(dataset, owner, path, depth: 0);
            if (!isLinked && search._files.Count == 0 && search._problem is null)
                return StorageFiles.Own;
            return new(
                isLinked ? owner : null,
                isLinked && search._problem is null ? UserBlock(owner) : 0,
                [.. search._files.Distinct()],
                search._problem
            );
        }
    }

    private static long UserBlock(string owner)
    {
        using var opened = Hdf5ReadFile.Open(owner);
        return opened.UserBlock();
    }

    /// <summary>Absolute path of the file that contains an object, which differs from the opened file if reached by an external
    /// link.</summary>
    private static string Owner(Hdf5DatasetHandle dataset, string path)
    {
        var name = stackalloc byte[MaxNameBytes];
        var length = H5F.get_name(dataset.Id, name, MaxNameBytes);
        if (length is < 0 or >= MaxNameBytes)
            throw Hdf5Status.Failure("find the file that contains", path);
        return System.IO.Path.GetFullPath(Marshal.PtrToStringUTF8((nint)name, (int)length));
    }

    private void AddLayout(Hdf5DatasetHandle dataset, string owner, string path, int depth)
    {
        using var creation = new Hdf5PropertyListHandle(Hdf5Status.Check(H5D.get_create_plist(dataset.Id), "read the layout of", path));
        var layout = Hdf5Status.Check(H5P.get_layout(creation.Id), "read the layout of", path);
        if (layout == H5D.VIRTUAL)
            AddVirtual(dataset, creation, owner, path, depth);
        else if (layout == H5D.CONTIGUOUS)
            AddRaw(dataset, creation, path);
    }

    /// <summary>External raw files: beyond their end the library reads zeros.</summary>
    private void AddRaw(Hdf5DatasetHandle dataset, Hdf5PropertyListHandle creation, string path)
    {
        var count = H5P.get_external_count(creation.Id);
        if (count <= 0)
            return;
        using var type = new Hdf5DatatypeHandle(Hdf5Status.Check(H5D.get_type(dataset.Id), "read the type of", path));
        var left = Hdf5Shape.Read(dataset, path).Aggregate((long)H5T.get_size(type.Id), (product, extent) => checked(product * extent));
        var name = stackalloc byte[MaxNameBytes];
        for (uint i = 0; i < count && left > 0; i++)
        {
            long offset;
            ulong size;
            Hdf5Status.Check(H5P.get_external(creation.Id, i, MaxNameBytes, name, &offset, &size), "read the external files of", path);
            var file = FindRaw(Marshal.PtrToStringUTF8((nint)name) ?? "");
            var wanted = size > long.MaxValue ? left : Math.Min(left, (long)size);
            left -= wanted;
            if (Add(file, $"'{path}' has its values in") is { } found && Length(found) is var length && length < offset + wanted)
                _problem ??=
                    $"'{path}' has its values in '{found}', which ends at {length:N0} bytes, {offset + wanted - length:N0} bytes too "
                    + "early. Restore that file.";
        }
    }

    private static string FindRaw(string name)
    {
        // As the library does: relative to HDF5_EXTFILE_PREFIX, or to the current folder.
        var prefix = Environment.GetEnvironmentVariable("HDF5_EXTFILE_PREFIX");
        return System.IO.Path.GetFullPath(
            System.IO.Path.IsPathRooted(name) || string.IsNullOrEmpty(prefix) ? name : System.IO.Path.Combine(prefix, name)
        );
    }

    private static long Length(string file)
    {
        using var opened = RegularFile.OpenRead(file, "raw values");
        return RandomAccess.GetLength(opened);
    }

    private void AddVirtual(Hdf5DatasetHandle dataset, Hdf5PropertyListHandle creation, string owner, string path, int depth)
    {
        if (depth == MaxDepth)
        {
            _problem ??= $"'{path}' is a virtual dataset of virtual datasets, more than {MaxDepth} deep.";
            return;
        }
        Hdf5Status.Check(H5P.get_virtual_count(creation.Id, out var count), "read the sources of", path);
        long mapped = 0;
        for (nint i = 0; i < count && _problem is null; i++)
        {
            using var target = new Hdf5DataspaceHandle(
                Hdf5Status.Check(H5P.get_virtual_vspace(creation.Id, i), "read the sources of", path)
            );
            using var source = new Hdf5DataspaceHandle(
                Hdf5Status.Check(H5P.get_virtual_srcspace(creation.Id, i), "read the sources of", path)
            );
            var (file, name) = (
                Text(buffer => H5P.get_virtual_filename(creation.Id, i, (byte*)buffer, MaxNameBytes)),
                Text(buffer => H5P.get_virtual_dsetname(creation.Id, i, (byte*)buffer, MaxNameBytes))
            );
            var points = H5S.get_select_npoints(target.Id);
            if (points < 0 || file.Contains("%b", StringComparison.Ordinal) || name.Contains("%b", StringComparison.Ordinal))
            {
                _ = H5E.clear(H5E.DEFAULT);
                _problem ??= $"'{path}' is a virtual dataset without a fixed extent, which is not read. Copy it into a plain dataset.";
                return;
            }
            mapped += points;
            AddSource(file == "." ? owner : FindSource(file, owner), name, source, points, path, depth);
        }
        RefuseGaps(dataset, creation, path, mapped);
    }

    private void AddSource(string file, string name, Hdf5DataspaceHandle selection, long points, string path, int depth)
    {
        if (Add(file, $"'{path}' has values in") is not { } found || _problem is not null)
            return;
        try
        {
            using var opened = Hdf5ReadFile.Open(found);
            if (opened.Kind(name) != Hdf5NodeKind.Dataset)
            {
                _problem ??= $"'{path}' has values in '{name}' of '{found}', which does not exist. Restore it.";
                return;
            }
            using var source = opened.OpenDataset(name);
            if (IsTooSmall(selection, points, Hdf5Shape.Read(source, opened.Describe(name))))
                _problem ??=
                    $"'{path}' has values in {opened.Describe(name)}, which no longer has the extent that is mapped "
                    + $"({string.Join(" x ", Hdf5Shape.Read(source, found))} now). Restore it.";
            AddLayout(source, Owner(source, name), name, depth + 1);
        }
        catch (HpcFitException refusal)
        {
            _problem ??= $"'{path}' has values in '{found}', which cannot be read: {refusal.Message}";
        }
    }

    /// <summary>Refuses values that no source provides: the fill value in their place is not a measurement. NaN is allowed, since it means
    /// missing.</summary>
    private void RefuseGaps(Hdf5DatasetHandle dataset, Hdf5PropertyListHandle creation, string path, long mapped)
    {
        var total = Hdf5Shape.Read(dataset, path).Aggregate(1L, (product, extent) => checked(product * extent));
        double fill = 0;
        if (mapped >= total || (H5P.get_fill_value(creation.Id, H5T.NATIVE_DOUBLE, (nint)(&fill)) >= 0 && double.IsNaN(fill)))
            return;
        _problem ??=
            $"'{path}' is a virtual dataset whose sources provide {mapped:N0} of its {total:N0} values; the others would be read as "
            + $"{fill}, as if they had been measured. "
            + "Map all values, or create it with the fill value NaN.";
    }

    /// <summary>
    /// Whether a source no longer contains all values mapped from it. For a source mapped as a whole the file records no extents, only the
    /// number of values.
    /// </summary>
    private static bool IsTooSmall(Hdf5DataspaceHandle selection, long points, IReadOnlyList<long> shape)
    {
        if (H5S.get_select_type(selection.Id) == H5S.SEL_ALL)
            return shape.Aggregate(1L, (product, extent) => checked(product * extent)) != points;
        var first = stackalloc ulong[32]; // H5S_MAX_RANK
        var last = stackalloc ulong[32];
        if (H5S.get_simple_extent_ndims(selection.Id) != shape.Count || H5S.get_select_bounds(selection.Id, first, last) < 0)
        {
            _ = H5E.clear(H5E.DEFAULT);
            return true;
        }
        for (var axis = 0; axis < shape.Count; axis++)
        {
            if (last[axis] >= (ulong)shape[axis])
                return true;
        }
        return false;
    }

    /// <summary>
    /// Where the library finds a virtual source (HDF5's reference manual, H5Pset_virtual_prefix); if it does not exist, the path to report.
    /// </summary>
    private static string FindSource(string name, string owner)
    {
        var relative = System.IO.Path.IsPathRooted(name) ? System.IO.Path.GetFileName(name) : name;
        var prefixes = (Environment.GetEnvironmentVariable("HDF5_VDS_PREFIX") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var folder = System.IO.Path.GetDirectoryName(owner)!;
        string[] places =
        [
            .. prefixes.Select(prefix => prefix.Replace("${ORIGIN}", folder, StringComparison.Ordinal)),
            folder,
            "",
            System.IO.Path.GetDirectoryName(RealPath.Resolve(owner))!,
        ];
        IEnumerable<string> candidates = places.Select(place => System.IO.Path.GetFullPath(System.IO.Path.Combine(place, relative)));
        if (System.IO.Path.IsPathRooted(name))
            candidates = candidates.Prepend(name);
        return candidates.FirstOrDefault(File.Exists) ?? (System.IO.Path.IsPathRooted(name) ? name : System.IO.Path.Combine(folder, name));
    }

    /// <summary>Records a file; null, with the problem set, if it is missing or may not be used.</summary>
    private string? Add(string file, string what)
    {
        if (!File.Exists(file))
        {
            _problem ??= $"{what} '{file}', which does not exist. Restore it: HDF5 would read its values as zeros.";
            return null;
        }
        _files.Add(file);
        if (_allowsExternal || RealPath.Resolve(file).StartsWith(_folder.TrimEnd('/') + "/", StringComparison.Ordinal))
            return file;
        _problem ??=
            $"{what} '{file}', outside the folder of the data file ('{_folder}'). If you trust its author to read any file that you "
            + "can read, repeat the command with --allow-external.";
        return null;
    }

    private static string Text(Func<nint, nint> read)
    {
        var buffer = stackalloc byte[MaxNameBytes];
        var length = read((nint)buffer);
        return length is < 0 or >= MaxNameBytes
            ? throw Hdf5Status.Failure("read the name of a source", "a virtual dataset")
            : Marshal.PtrToStringUTF8((nint)buffer, (int)length);
    }
}
