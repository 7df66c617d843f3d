using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace HpcFit.Shared.Specs.Documents;

/// <summary>
/// XxHash128 over named, typed, length-prefixed fields: no two different sequences of fields give the same bytes, and no field depends on
/// culture or formatting.
/// </summary>
public sealed class CanonicalHash
{
    private readonly XxHash128 _hash = new();

    /// <summary>Adds a string; null and empty differ.</summary>
    public CanonicalHash Add(string name, string? value) =>
        value is null ? Field(name, 'n', []) : Field(name, 's', Encoding.UTF8.GetBytes(value));

    /// <summary>Adds a whole number.</summary>
    public CanonicalHash Add(string name, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Field(name, 'i', bytes);
    }

    /// <summary>Adds a double by its bits.</summary>
    public CanonicalHash Add(string name, double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return Field(name, 'd', bytes);
    }

    /// <summary>Adds a Boolean.</summary>
    public CanonicalHash Add(string name, bool value) => Field(name, 'b', [value ? (byte)1 : (byte)0]);

    /// <summary>Adds raw bytes.</summary>
    public CanonicalHash Add(string name, ReadOnlySpan<byte> value) => Field(name, 'r', value);

    /// <summary>Adds a list of strings; null and empty differ, order counts.</summary>
    public CanonicalHash Add(string name, IReadOnlyList<string>? values)
    {
        Add(name, values is null ? -1L : values.Count);
        foreach (var value in values ?? [])
            Add("", value);
        return this;
    }

    /// <summary>Adds doubles by their bits; null and empty differ, order counts.</summary>
    public CanonicalHash Add(string name, IReadOnlyList<double>? values)
    {
        Add(name, values is null ? -1L : values.Count);
        foreach (var value in values ?? [])
            Add("", value);
        return this;
    }

    /// <summary>The hash, 32 lower-case hexadecimal digits. Fields added afterwards start a new hash.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    private CanonicalHash Field(string name, char type, ReadOnlySpan<byte> value)
    {
        Span<byte> lengths = stackalloc byte[13];
        lengths[0] = (byte)type;
        BinaryPrimitives.WriteInt32LittleEndian(lengths[1..], Encoding.UTF8.GetByteCount(name));
        BinaryPrimitives.WriteInt64LittleEndian(lengths[5..], value.Length);
        _hash.Append(lengths);
        _hash.Append(Encoding.UTF8.GetBytes(name));
        _hash.Append(value);
        return this;
    }
}
