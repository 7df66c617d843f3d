using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// The integers that mean missing, as R's packages store them: rhdf5 and hdf5r write R's NA_integer_ as -2^31, hdf5r writes NA into int64
/// as -2^63, rhdf5 a logical NA as -128, hdf5r as a member "NA" of an enumeration.
/// </summary>
/// <param name="Values">The codes, as doubles; empty if every value is a number.</param>
/// <param name="Note">A note about them for the user; null: none.</param>
public sealed record MissingCodes(IReadOnlyList<double> Values, string? Note = null)
{
    /// <summary>The attribute with which rhdf5 marks datasets whose missing values are stored as in R.</summary>
    private const string Attribute = "rhdf5-NA.OK";

    /// <summary>No codes: NaN is the only missing value.</summary>
    public static readonly MissingCodes None = new([]);

    /// <summary>Whether there are any codes.</summary>
    public bool Exist => Values.Count > 0;

    /// <summary>Replaces every code by NaN.</summary>
    public void Mark(Span<double> values)
    {
        foreach (var code in Values)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = values[i] == code ? double.NaN : values[i];
        }
    }

    /// <summary>The codes of a dataset of the given type.</summary>
    internal static MissingCodes Read(Hdf5DatasetHandle dataset, StoredType type, string subject)
    {
        lock (Hdf5Library.Lock)
        {
            if (LogicalType.MissingCode(dataset, subject) is { } member)
                return new([member]);
            var isMarked = Hdf5Status.Check(H5A.exists(dataset.Id, Attribute), "look for an attribute of", subject) > 0;
            var isLogical = Hdf5Strings.ReadAttribute(dataset.Id, "storage.mode", subject) is ["logical"];
            return Read(type, isMarked, isLogical);
        }
    }

    private static MissingCodes Read(StoredType type, bool isMarked, bool isLogical) =>
        (type.Kind, type.Size, isMarked) switch
        {
            (StoredKind.SignedInteger, 4, true) => new([int.MinValue]),
            (StoredKind.SignedInteger, 4, false) => new(
                [int.MinValue],
                $"{type} without R's attribute '{Attribute}': {int.MinValue}, which R reads as NA, counts as missing wherever it occurs"
            ),
            (StoredKind.SignedInteger, 8, true) => new([int.MinValue, long.MinValue]),
            (StoredKind.SignedInteger, 8, false) => new(
                [long.MinValue],
                $"{type} without R's attribute '{Attribute}': {long.MinValue}, which R reads as NA, counts as missing wherever it occurs"
            ),
            (StoredKind.SignedInteger, 1, true) when isLogical => new([sbyte.MinValue]),
            (StoredKind.SignedInteger, 1 or 2, true) => Narrow(type, type.Size == 1 ? sbyte.MinValue : short.MinValue),
            (StoredKind.UnsignedInteger, _, true) => new(
                [],
                $"{type} with R's attribute '{Attribute}': rhdf5 stores NA in this type as 0, which cannot be distinguished from "
                    + "a measured 0 and counts as a number"
            ),
            _ => None,
        };

    private static MissingCodes Narrow(StoredType type, double code) =>
        new(
            [code],
            $"{type} with R's attribute '{Attribute}': {code}, which is rhdf5's NA of this type, counts as missing wherever it occurs"
        );
}
