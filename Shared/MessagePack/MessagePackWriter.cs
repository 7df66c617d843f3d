using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace HpcFit.Shared.MessagePack;

/// <summary>
/// Writes MessagePack into a buffer, in the smallest format that holds each value. Names and meaning are MessagePack-CSharp's, so that the
/// package can take this type's place; only what the run files need is here.
/// </summary>
/// <param name="output">Where the bytes go.</param>
internal readonly ref struct MessagePackWriter(IBufferWriter<byte> output)
{
    /// <summary>Begins an array of <paramref name="count"/> values.</summary>
    public void WriteArrayHeader(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count < 16) Raw((byte)(MessagePackCode.MinFixArray | count));
        else Sized(MessagePackCode.Array16, MessagePackCode.Array16, MessagePackCode.Array32, count);
    }

    /// <summary>Writes an unsigned number.</summary>
    public void Write(ulong value)
    {
        if (value <= MessagePackCode.MaxPositiveFixInt) Raw((byte)value);
        else if (value <= byte.MaxValue) Raw(MessagePackCode.UInt8, (byte)value);
        else if (value <= ushort.MaxValue) WriteBigEndian(MessagePackCode.UInt16, (ushort)value);
        else if (value <= uint.MaxValue) WriteBigEndian(MessagePackCode.UInt32, (uint)value);
        else
        {
            var span = output.GetSpan(9);
            span[0] = MessagePackCode.UInt64;
            BinaryPrimitives.WriteUInt64BigEndian(span[1..], value);
            output.Advance(9);
        }
    }

    /// <summary>Writes a text as UTF-8.</summary>
    public void Write(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var length = Encoding.UTF8.GetByteCount(value);
        if (length < 32) Raw((byte)(MessagePackCode.MinFixStr | length));
        else Sized(MessagePackCode.Str8, MessagePackCode.Str16, MessagePackCode.Str32, length);
        output.Advance(Encoding.UTF8.GetBytes(value, output.GetSpan(length)));
    }

    /// <summary>Begins <paramref name="length"/> raw bytes, which the caller writes behind it.</summary>
    public void WriteBinHeader(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Sized(MessagePackCode.Bin8, MessagePackCode.Bin16, MessagePackCode.Bin32, length);
    }

    /// <summary>Writes raw bytes.</summary>
    public void Write(ReadOnlySpan<byte> value)
    {
        WriteBinHeader(value.Length);
        output.Write(value);
    }

    /// <summary>A length behind the smallest of three codes; arrays have no 8-bit form and name the 16-bit one twice.</summary>
    private void Sized(byte code8, byte code16, byte code32, int length)
    {
        if (length <= byte.MaxValue && code8 != code16) Raw(code8, (byte)length);
        else if (length <= ushort.MaxValue) WriteBigEndian(code16, (ushort)length);
        else WriteBigEndian(code32, (uint)length);
    }

    private void Raw(params ReadOnlySpan<byte> bytes) => output.Write(bytes);

    private void WriteBigEndian(byte code, ushort value) => Raw(code, (byte)(value >> 8), (byte)value);

    private void WriteBigEndian(byte code, uint value) => Raw(code, (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value);
}
