using System.Runtime.InteropServices;
using System.Text;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Reads one-dimensional lists of strings, variable or fixed length. NULs and blanks around a name are trimmed: R pads with either, and a
/// trailing blank cannot be distinguished from padding.
/// </summary>
public static class Hdf5Strings
{
    /// <summary>More than any cohort; the larger count of a damaged file is refused before memory is allocated for it.</summary>
    private const long MaxStrings = 4_000_000;

    private const long MaxBytes = 256L << 20;

    /// <summary>
    /// The most bytes that one byte of deflate data can expand to (RFC 1951, 3.2.5). Other filters expand less, or are not used for lists
    /// of this size.
    /// </summary>
    private const long LargestExpansion = 1032;

    private static readonly char[] Padding = ['\0', ' ', '\t', '\r', '\n'];

    /// <summary>The strings of a dataset, or null if its type is not a string.</summary>
    public static IReadOnlyList<string>? Read(Hdf5DatasetHandle dataset, string subject)
    {
        lock (Hdf5Library.Lock)
        {
            using var type = new Hdf5DatatypeHandle(Hdf5Status.Check(H5D.get_type(dataset.Id), "read the type of", subject));
            var count = Count(Hdf5Shape.Read(dataset, subject), type, FileBytes(dataset.Id, subject) * LargestExpansion, subject);
            return Read(
                type,
                count,
                subject,
                (memoryType, buffer) => H5D.read(dataset.Id, memoryType, H5S.ALL, H5S.ALL, H5P.DEFAULT, buffer)
            );
        }
    }

    /// <summary>The strings of an attribute, or null if the object has no such attribute or its type is not a string.</summary>
    public static IReadOnlyList<string>? ReadAttribute(long objectId, string name, string subject)
    {
        lock (Hdf5Library.Lock)
        {
            if (!Hdf5Attributes.Exists(objectId, name, subject))
                return null;
            using var attribute = Hdf5Attributes.Open(objectId, name, subject);
            using var type = Hdf5Attributes.ReadType(attribute, name, subject);
            var count = Count(Hdf5Shape.Read(attribute, subject), type, FileBytes(objectId, subject), $"attribute '{name}' of {subject}");
            return Read(type, count, subject, (memoryType, buffer) => H5A.read(attribute.Id, memoryType, buffer));
        }
    }

    /// <summary>The number of strings in a list.</summary>
    /// <param name="shape">Its extents.</param>
    /// <param name="type">Its type; for variable-length strings the size of the references counts.</param>
    /// <param name="maxBytes">The most bytes that the file can contain.</param>
    /// <param name="subject">For messages.</param>
    /// <exception cref="BadInputException">The list declares more strings than a file of this size, or any cohort, can contain.</exception>
    private static long Count(IReadOnlyList<long> shape, Hdf5DatatypeHandle type, long maxBytes, string subject)
    {
        if (H5T.get_class(type.Id) != H5T.STRING)
            return 0;
        var (count, size) = (shape.Aggregate(1.0, (product, extent) => product * extent), (double)H5T.get_size(type.Id));
        return count <= MaxStrings && count * size <= Math.Min(maxBytes, MaxBytes)
            ? (long)count
            : throw new BadInputException(
                $"{subject} is probably damaged: it declares {count:N0} strings of {size:N0} bytes, which the file cannot contain. "
                    + "Restore it from its source."
            );
    }

    private static long FileBytes(long objectId, string subject)
    {
        using var file = new Hdf5FileHandle(Hdf5Status.Check(H5I.get_file_id(objectId), "find the file of", subject));
        Hdf5Status.Check(H5F.get_filesize(file.Id, out var bytes), "read the size of", subject);
        return (long)Math.Min(bytes, 1UL << 50);
    }

    private static string[]? Read(Hdf5DatatypeHandle type, long count, string subject, Func<long, nint, int> read)
    {
        if (H5T.get_class(type.Id) != H5T.STRING)
            return null;
        if (count == 0)
            return [];
        return Hdf5Status.Check(H5T.is_variable_str(type.Id), "read the string type of", subject) > 0
            ? ReadVariable(type, count, subject, read)
            : ReadFixed(type, count, subject, read);
    }

    private static unsafe string[] ReadVariable(Hdf5DatatypeHandle type, long count, string subject, Func<long, nint, int> read)
    {
        var pointers = new nint[count];
        try
        {
            fixed (nint* start = pointers)
                Hdf5Status.Check(read(type.Id, (nint)start), "read the strings of", subject);
            return Array.ConvertAll(pointers, pointer => (Marshal.PtrToStringUTF8(pointer) ?? "").Trim(Padding));
        }
        finally
        {
            foreach (var pointer in pointers)
            {
                if (pointer != 0)
                    _ = H5.free_memory(pointer);
            }
        }
    }

    private static unsafe string[] ReadFixed(Hdf5DatatypeHandle type, long count, string subject, Func<long, nint, int> read)
    {
        var size = (int)H5T.get_size(type.Id);
        var bytes = new byte[checked(size * count)];
        fixed (byte* start = bytes)
            Hdf5Status.Check(read(type.Id, (nint)start), "read the strings of", subject);
        var strings = new string[count];
        for (var i = 0; i < strings.Length; i++)
        {
            var one = bytes.AsSpan(i * size, size);
            var end = one.IndexOf((byte)0);
            strings[i] = Encoding.UTF8.GetString(end >= 0 ? one[..end] : one).Trim(Padding);
        }
        return strings;
    }
}
