using System.Buffers.Binary;
using System.Text;

namespace HpcFit.Shared.MessagePack;

/// <summary>
/// Reads MessagePack from a span. Names and meaning are MessagePack-CSharp's; only what the run files need is here. Every length is checked
/// against the bytes at hand before memory is taken.
/// </summary>
/// <param name="bytes">The bytes, from the start of a value.</param>
/// <remarks>All members throw <see cref="MessagePackSerializationException"/> when the bytes end or hold another type.</remarks>
internal ref struct MessagePackReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How many bytes were read.</summary>
    public int Consumed { get; private set; }

    /// <summary>The number of values of an array that begins here.</summary>
    public int ReadArrayHeader()
    {
        var code = Next();
        return (code & 0xf0) == MessagePackCode.MinFixArray ? code & 0x0f : code switch
        {
            MessagePackCode.Array16 => (int)BigEndian(2),
            MessagePackCode.Array32 => Length(BigEndian(4)),
            _ => throw Unexpected(code, "an array"),
        };
    }

    /// <summary>An unsigned number.</summary>
    public ulong ReadUInt64()
    {
        var code = Next();
        return code <= MessagePackCode.MaxPositiveFixInt ? code : code switch
        {
            MessagePackCode.UInt8 => BigEndian(1),
            MessagePackCode.UInt16 => BigEndian(2),
            MessagePackCode.UInt32 => BigEndian(4),
            MessagePackCode.UInt64 => BigEndian(8),
            _ => throw Unexpected(code, "an unsigned number"),
        };
    }

    /// <summary>A text.</summary>
    public string ReadString()
    {
        var code = Next();
        var length = (code & 0xe0) == MessagePackCode.MinFixStr ? code & 0x1f : code switch
        {
            MessagePackCode.Str8 => (int)BigEndian(1),
            MessagePackCode.Str16 => (int)BigEndian(2),
            MessagePackCode.Str32 => Length(BigEndian(4)),
            _ => throw Unexpected(code, "a text"),
        };
        return Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>The length of raw bytes that begin here. They may reach beyond the bytes at hand.</summary>
    public int ReadBinHeader()
    {
        var code = Next();
        return code switch
        {
            MessagePackCode.Bin8 => (int)BigEndian(1),
            MessagePackCode.Bin16 => (int)BigEndian(2),
            MessagePackCode.Bin32 => Length(BigEndian(4)),
            _ => throw Unexpected(code, "raw bytes"),
        };
    }

    /// <summary>Raw bytes, in place.</summary>
    public ReadOnlySpan<byte> ReadBytes() => Take(ReadBinHeader());

    private byte Next() => Take(1)[0];

    private ulong BigEndian(int size)
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        Take(size).CopyTo(wide[(8 - size)..]);
        return BinaryPrimitives.ReadUInt64BigEndian(wide);
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _bytes.Length - Consumed)
            throw new MessagePackSerializationException($"{length} bytes were expected at {Consumed}, {_bytes.Length - Consumed} are left.");
        Consumed += length;
        return _bytes.Slice(Consumed - length, length);
    }

    private static int Length(ulong value) => value <= int.MaxValue
        ? (int)value
        : throw new MessagePackSerializationException($"A length of {value} is beyond this format.");

    private readonly MessagePackSerializationException Unexpected(byte code, string expected) =>
        new($"The byte 0x{code:x2} at {Consumed - 1} does not begin {expected}.");
}
