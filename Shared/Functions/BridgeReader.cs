using System.Runtime.InteropServices;
using System.Text;

namespace HpcFit.Shared.Functions;

/// <summary>Reads what a <see cref="BridgeWriter"/>, or a bridge in another language, wrote.</summary>
/// <param name="pipe">The pipe.</param>
/// <remarks>All members throw <see cref="EndOfStreamException"/> when the other process has ended.</remarks>
public sealed class BridgeReader(Stream pipe)
{
    private const int MaxTexts = 1 << 24;
    private const int MaxBytes = 1 << 28;

    /// <summary>Reads an int32.</summary>
    public int ReadInt()
    {
        var value = 0;
        ReadInts(MemoryMarshal.CreateSpan(ref value, 1));
        return value;
    }

    /// <summary>Fills the span with numbers.</summary>
    public void ReadInts(Span<int> values) => pipe.ReadExactly(MemoryMarshal.AsBytes(values));

    /// <summary>Fills the span with numbers.</summary>
    public void ReadDoubles(Span<double> values) => pipe.ReadExactly(MemoryMarshal.AsBytes(values));

    /// <summary>Reads strings as <see cref="BridgeWriter"/> writes them; a missing one becomes the empty string.</summary>
    /// <exception cref="InvalidDataException">A length is out of range.</exception>
    public string[] ReadTexts() => [.. ReadTextsOrNulls().Select(text => text ?? "")];

    /// <summary>Reads strings as <see cref="BridgeWriter"/> writes them; null is missing.</summary>
    /// <exception cref="InvalidDataException">A length is out of range.</exception>
    public string?[] ReadTextsOrNulls()
    {
        var missing = ReadBytes(ReadInt(), MaxTexts);
        var bytes = ReadBytes(ReadInt(), MaxBytes);
        var texts = new string?[missing.Length];
        var start = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)0);
            if (length < 0)
                throw new InvalidDataException($"The bridge sent {texts.Length} texts that end after {i}.");
            if (missing[i] == 0)
                texts[i] = Encoding.UTF8.GetString(bytes, start, length);
            start += length + 1;
        }
        return texts;
    }

    private byte[] ReadBytes(int length, int max)
    {
        if (length < 0 || length > max)
            throw new InvalidDataException($"The bridge sent the length {length}; 0 to {max} was expected.");
        var bytes = new byte[length];
        pipe.ReadExactly(bytes);
        return bytes;
    }
}
