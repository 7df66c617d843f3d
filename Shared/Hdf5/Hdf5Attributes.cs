using System.Text;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>The attributes of an object.</summary>
public static class Hdf5Attributes
{
    /// <summary>The names, in bytewise order.</summary>
    public static IReadOnlyList<string> Names(long objectId, string subject)
    {
        lock (Hdf5Library.Lock)
        {
            var names = new string[Hdf5Status.Check(H5A.get_num_attrs(objectId), "count the attributes of", subject)];
            for (var i = 0; i < names.Length; i++)
            {
                var opened = H5A.open_by_idx(objectId, ".", H5L.INDEX_NAME, H5L.ITER_INC, (ulong)i);
                using var attribute = new Hdf5AttributeHandle(Hdf5Status.Check(opened, "open an attribute of", subject));
                names[i] = Name(attribute, subject);
            }
            return names;
        }
    }

    /// <summary>The name of an attribute.</summary>
    public static unsafe string Name(Hdf5AttributeHandle attribute, string subject)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        lock (Hdf5Library.Lock)
        {
            var bytes = new byte[Hdf5Status.Check((long)H5A.get_name(attribute.Id, 0, null), "read an attribute's name of", subject) + 1];
            fixed (byte* start = bytes)
                _ = H5A.get_name(attribute.Id, bytes.Length, start);
            return Encoding.UTF8.GetString(bytes.AsSpan(0, bytes.Length - 1));
        }
    }

    /// <summary>Whether an object has an attribute.</summary>
    /// <param name="objectId">The object.</param>
    /// <param name="name">The attribute.</param>
    /// <param name="subject">The object, for messages.</param>
    public static bool Exists(long objectId, string name, string subject) =>
        Hdf5Status.Check(H5A.exists(objectId, name), "look for an attribute of", subject) != 0;

    /// <summary>Opens an attribute. The caller has the library's lock.</summary>
    /// <param name="objectId">The object.</param>
    /// <param name="name">The attribute.</param>
    /// <param name="subject">The object, for messages.</param>
    public static Hdf5AttributeHandle Open(long objectId, string name, string subject) =>
        new(Hdf5Status.Check(H5A.open(objectId, name), $"open the attribute '{name}' of", subject));

    /// <summary>The type of an attribute. The caller has the library's lock.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="subject">The object, for messages.</param>
    public static Hdf5DatatypeHandle ReadType(Hdf5AttributeHandle attribute, string name, string subject)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        return new(Hdf5Status.Check(H5A.get_type(attribute.Id), $"read the type of attribute '{name}' of", subject));
    }

    /// <summary>Whether an attribute is a single value rather than a list.</summary>
    public static bool IsSingle(long objectId, string name, string subject)
    {
        lock (Hdf5Library.Lock)
        {
            using var attribute = Open(objectId, name, subject);
            return Hdf5Shape.Read(attribute, subject).Count == 0;
        }
    }
}
