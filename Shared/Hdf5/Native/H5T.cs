using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.
#pragma warning disable CA1720 // INTEGER, FLOAT and STRING are HDF5's names of type classes.

/// <summary>Datatypes.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static unsafe partial class H5T
{
    public const int INTEGER = 0;
    public const int FLOAT = 1;
    public const int STRING = 3;
    public const int ENUM = 8;

    public const int ORDER_BE = 1;

    public const int SGN_NONE = 0;

    public const int CSET_UTF8 = 1;

    public const int STR_NULLPAD = 1;

    public static long C_S1 => Hdf5Library.Identifier("H5T_C_S1_g");
    public static long IEEE_F32LE => Hdf5Library.Identifier("H5T_IEEE_F32LE_g");
    public static long IEEE_F32BE => Hdf5Library.Identifier("H5T_IEEE_F32BE_g");
    public static long IEEE_F64LE => Hdf5Library.Identifier("H5T_IEEE_F64LE_g");
    public static long IEEE_F64BE => Hdf5Library.Identifier("H5T_IEEE_F64BE_g");
    public static long STD_I8LE => Hdf5Library.Identifier("H5T_STD_I8LE_g");
    public static long STD_U8LE => Hdf5Library.Identifier("H5T_STD_U8LE_g");
    public static long STD_I16LE => Hdf5Library.Identifier("H5T_STD_I16LE_g");
    public static long STD_I32LE => Hdf5Library.Identifier("H5T_STD_I32LE_g");
    public static long STD_I64LE => Hdf5Library.Identifier("H5T_STD_I64LE_g");
    public static long STD_U16LE => Hdf5Library.Identifier("H5T_STD_U16LE_g");
    public static long STD_U32LE => Hdf5Library.Identifier("H5T_STD_U32LE_g");
    public static long STD_U64LE => Hdf5Library.Identifier("H5T_STD_U64LE_g");
    public static long NATIVE_FLOAT => Hdf5Library.Identifier("H5T_NATIVE_FLOAT_g");
    public static long NATIVE_DOUBLE => Hdf5Library.Identifier("H5T_NATIVE_DOUBLE_g");
    public static long NATIVE_UINT8 => Hdf5Library.Identifier("H5T_NATIVE_UINT8_g");
    public static long NATIVE_INT32 => Hdf5Library.Identifier("H5T_NATIVE_INT32_g");

    public static long copy(long type_id)
    {
        lock (Hdf5Library.Lock)
            return H5Tcopy(type_id);
    }

    public static int close(long type_id)
    {
        lock (Hdf5Library.Lock)
            return H5Tclose(type_id);
    }

    public static int equal(long type_id1, long type_id2)
    {
        lock (Hdf5Library.Lock)
            return H5Tequal(type_id1, type_id2);
    }

    public static int get_class(long type_id)
    {
        lock (Hdf5Library.Lock)
            return H5Tget_class(type_id);
    }

    public static nint get_size(long type_id)
    {
        lock (Hdf5Library.Lock)
            return H5Tget_size(type_id);
    }

    public static int set_size(long type_id, nint size)
    {
        lock (Hdf5Library.Lock)
            return H5Tset_size(type_id, size);
    }

    public static nint get_precision(long type_id)
    {
        lock (Hdf5Library.Lock)
            return H5Tget_precision(type_id);
    }

    public static int get_order(long type_id)
    {
        lock (Hdf5Library.Lock)
            return H5Tget_order(type_id);
    }

    public static int get_sign(long type_id)
    {
        lock (Hdf5Library.Lock)
            return H5Tget_sign(type_id);
    }

    public static int set_cset(long type_id, int cset)
    {
        lock (Hdf5Library.Lock)
            return H5Tset_cset(type_id, cset);
    }

    public static int set_strpad(long type_id, int strpad)
    {
        lock (Hdf5Library.Lock)
            return H5Tset_strpad(type_id, strpad);
    }

    public static int get_nmembers(long type_id)
    {
        lock (Hdf5Library.Lock)
            return H5Tget_nmembers(type_id);
    }

    public static nint get_member_name(long type_id, uint membno)
    {
        lock (Hdf5Library.Lock)
            return H5Tget_member_name(type_id, membno);
    }

    public static int get_member_value(long type_id, uint membno, nint value)
    {
        lock (Hdf5Library.Lock)
            return H5Tget_member_value(type_id, membno, value);
    }

    public static int is_variable_str(long type_id)
    {
        lock (Hdf5Library.Lock)
            return H5Tis_variable_str(type_id);
    }

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Tcopy(long type_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Tclose(long type_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Tequal(long type_id1, long type_id2);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Tget_class(long type_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial nint H5Tget_size(long type_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Tset_size(long type_id, nint size);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial nint H5Tget_precision(long type_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Tget_order(long type_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Tget_sign(long type_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Tset_cset(long type_id, int cset);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Tset_strpad(long type_id, int strpad);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Tget_nmembers(long type_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial nint H5Tget_member_name(long type_id, uint membno);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Tget_member_value(long type_id, uint membno, nint value);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Tis_variable_str(long type_id);
}
