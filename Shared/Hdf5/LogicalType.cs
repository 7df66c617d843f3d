using System.Runtime.InteropServices;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Enumerations that represent logicals: hdf5r stores R's logical as FALSE, TRUE and NA, h5py stores booleans as FALSE and TRUE. They are
/// read as 0 and 1.
/// </summary>
internal static unsafe class LogicalType
{
    private const string Missing = "NA";
    private const int MaxMembers = 3;

    /// <summary>Whether a type is such an enumeration. Called under the library's lock.</summary>
    public static bool Is(Hdf5DatatypeHandle type)
    {
        if (H5T.get_class(type.Id) != H5T.ENUM || H5T.get_nmembers(type.Id) is not (> 0 and <= MaxMembers and var count))
            return false;
        return Enumerable
            .Range(0, count)
            .Select(member => (Name: Name(type, member), Value: Value(type, member)))
            .All(member =>
                member switch
                {
                    ("FALSE", 0) or ("TRUE", 1) => true,
                    (Missing, _) => true,
                    _ => false,
                }
            );
    }

    /// <summary>The value that means missing; null if the type has none. Called under the library's lock.</summary>
    public static double? MissingCode(Hdf5DatasetHandle dataset, string subject)
    {
        using var type = new Hdf5DatatypeHandle(Hdf5Status.Check(H5D.get_type(dataset.Id), "read the type of", subject));
        if (!Is(type))
            return null;
        for (var member = 0; member < H5T.get_nmembers(type.Id); member++)
        {
            if (Name(type, member) == Missing)
                return Value(type, member);
        }
        return null;
    }

    private static string Name(Hdf5DatatypeHandle type, int member)
    {
        var name = H5T.get_member_name(type.Id, (uint)member);
        if (name == 0)
            return "";
        try
        {
            return Marshal.PtrToStringUTF8(name) ?? "";
        }
        finally
        {
            _ = H5.free_memory(name);
        }
    }

    /// <summary>A member's value; NaN if it is not one byte, as other programs store it.</summary>
    private static double Value(Hdf5DatatypeHandle type, int member)
    {
        if (H5T.get_size(type.Id) != 1)
            return double.NaN;
        byte value;
        return H5T.get_member_value(type.Id, (uint)member, (nint)(&value)) < 0 ? double.NaN
            : H5T.get_sign(type.Id) == H5T.SGN_NONE ? value
            : (sbyte)value;
    }
}
