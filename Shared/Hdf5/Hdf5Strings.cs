using System.Runtime.InteropServices;
using System.Text;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Reads one-dimensional lists of strings, variable or fixed length. NULs and blanks around a name are trimmed: R pads with either,
/// and a name that ends in a blank cannot be told from padding.
/// </summary>
public static class Hdf5Strings
{
    private static readonly char[] padding = ['\0', ' ', '\t', '\r', '\n'];

    /// <summary>The strings of a dataset, or null when it holds no strings.</summary>
    public static IReadOnlyList<string>? Read(Hdf5DatasetHandle dataset, string subject)
    {
        lock (Hdf5Library.Lock)
        {
            using var type = new Hdf5DatatypeHandle(Hdf5Status.Check(H5D.get_type(dataset.Id), "read the type of", subject));
            return Read(type, Count(Hdf5Shape.Of(dataset, subject)), subject, (memoryType, buffer) => H5D.read(dataset.Id, memoryType, H5S.ALL, H5S.ALL, H5P.DEFAULT, buffer));
        }
    }

    /// <summary>The strings of an attribute, or null when the object has no such attribute or it holds no strings.</summary>
    public static IReadOnlyList<string>? ReadAttribute(long objectId, string name, string subject)
    {
        lock (Hdf5Library.Lock)
        {
            if (Hdf5Status.Check(H5A.exists(objectId, name), "look for an attribute of", subject) == 0) return null;
            using var attribute = new Hdf5AttributeHandle(Hdf5Status.Check(H5A.open(objectId, name), $"open the attribute '{name}' of", subject));
            using var type = new Hdf5DatatypeHandle(Hdf5Status.Check(H5A.get_type(attribute.Id), $"read the type of attribute '{name}' of", subject));
            return Read(type, Count(Hdf5Shape.Of(attribute, subject)), subject, (memoryType, buffer) => H5A.read(attribute.Id, memoryType, buffer));
        }
    }

    private static long Count(IReadOnlyList<long> shape) => shape.Aggregate(1L, (product, extent) => checked(product * extent));

    private static string[]? Read(Hdf5DatatypeHandle type, long count, string subject, Func<long, nint, int> read)
    {
        if (H5T.get_class(type.Id) != H5T.STRING) return null;
        if (count == 0) return [];
        return Hdf5Status.Check(H5T.is_variable_str(type.Id), "read the string type of", subject) > 0
            ? ReadVariable(type, count, subject, read)
            : ReadFixed(type, count, subject, read);
    }

    private static unsafe string[] ReadVariable(Hdf5DatatypeHandle type, long count, string subject, Func<long, nint, int> read)
    {
        var pointers = new nint[count];
        try
        {
            fixed (nint* start = pointers) Hdf5Status.Check(read(type.Id, (nint)start), "read the strings of", subject);
            return Array.ConvertAll(pointers, pointer => (Marshal.PtrToStringUTF8(pointer) ?? "").Trim(padding));
        }
        finally
        {
            foreach (var pointer in pointers)
            {
                if (pointer != 0) _ = H5.free_memory(pointer);
            }
        }
    }

    private static unsafe string[] ReadFixed(Hdf5DatatypeHandle type, long count, string subject, Func<long, nint, int> read)
    {
        var size = (int)H5T.get_size(type.Id);
        var bytes = new byte[checked(size * count)];
        fixed (byte* start = bytes) Hdf5Status.Check(read(type.Id, (nint)start), "read the strings of", subject);
        var strings = new string[count];
        for (var i = 0; i < strings.Length; i++)
        {
            var one = bytes.AsSpan(i * size, size);
            var end = one.IndexOf((byte)0);
            strings[i] = Encoding.UTF8.GetString(end >= 0 ? one[..end] : one).Trim(padding);
        }
        return strings;
    }
}
