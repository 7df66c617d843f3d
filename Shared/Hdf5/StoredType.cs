using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>The kind of a stored number.</summary>
public enum StoredKind
{
    /// <summary>IEEE 754 binary floating point.</summary>
    FloatingPoint,

    /// <summary>Two's complement integers.</summary>
    SignedInteger,

    /// <summary>Unsigned integers.</summary>
    UnsignedInteger,

    /// <summary>Another number (half precision, odd exponents, padded integers): read and converted by the library.</summary>
    Other,
}

/// <summary>The stored type of a scalar's values.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Size">Bytes of one value.</param>
/// <param name="BigEndian">Whether the most significant byte comes first.</param>
public readonly record struct StoredType(StoredKind Kind, int Size, bool BigEndian)
{
    /// <summary>Whether values are returned as float32; all other types are returned as float64.</summary>
    public bool IsSingle => Kind == StoredKind.FloatingPoint && Size == 4;

    /// <summary>Bytes of one value in memory: 4 or 8.</summary>
    public int MemorySize => IsSingle ? 4 : 8;

    /// <inheritdoc/>
    public override string ToString()
    {
        var name = Kind switch
        {
            StoredKind.FloatingPoint => "float",
            StoredKind.SignedInteger => "int",
            StoredKind.UnsignedInteger => "uint",
            _ => "number",
        };
        return $"{name}{Size * 8}" + (BigEndian && Size > 1 ? " big-endian" : "");
    }

    /// <summary>The type of a dataset, or null if it does not contain numbers.</summary>
    internal static StoredType? Read(Hdf5DatasetHandle dataset, string subject)
    {
        lock (Hdf5Library.Lock)
        {
            using var type = new Hdf5DatatypeHandle(Hdf5Status.Check(H5D.get_type(dataset.Id), "read the type of", subject));
            var size = (int)H5T.get_size(type.Id);
            var bigEndian = H5T.get_order(type.Id) == H5T.ORDER_BE;
            switch (H5T.get_class(type.Id))
            {
                case H5T.FLOAT:
                    var isIeee =
                        Same(type.Id, H5T.IEEE_F32LE)
                        || Same(type.Id, H5T.IEEE_F32BE)
                        || Same(type.Id, H5T.IEEE_F64LE)
                        || Same(type.Id, H5T.IEEE_F64BE);
                    return new(isIeee ? StoredKind.FloatingPoint : StoredKind.Other, size, bigEndian);
                case H5T.ENUM when LogicalType.Is(type):
                case H5T.INTEGER:
                    var signed = H5T.get_sign(type.Id) != H5T.SGN_NONE;
                    var isWhole = size is 1 or 2 or 4 or 8 && H5T.get_precision(type.Id) == 8 * size;
                    return new(
                        !isWhole ? StoredKind.Other
                            : signed ? StoredKind.SignedInteger
                            : StoredKind.UnsignedInteger,
                        size,
                        bigEndian
                    );
                default:
                    return null;
            }
        }
    }

    private static bool Same(long type, long known) => H5T.equal(type, known) > 0;
}
