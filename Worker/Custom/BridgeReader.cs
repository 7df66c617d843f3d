using System.Runtime.InteropServices;
using System.Text;

namespace HpcFit.Worker.Custom;

/// <summary>Reads what a bridge answers; the counterpart of <see cref="BridgeWriter"/>.</summary>
/// <param name="pipe">The pipe from the interpreter.</param>
/// <remarks>All members throw <see cref="EndOfStreamException"/> when the interpreter is gone.</remarks>
internal sealed class BridgeReader(Stream pipe)
{
    private const int MostTexts = 1 << 24;
    private const int MostBytes = 1 << 28;

    /// <summary>A number.</summary>
    public int ReadInt()
    {
        var value = 0;
        ReadInts(MemoryMarshal.CreateSpan(ref value, 1));
        return value;
    }

    /// <summary>As many numbers as there is room for.</summary>
    public void ReadInts(Span<int> values) => pipe.ReadExactly(MemoryMarshal.AsBytes(values));

    /// <summary>As many numbers as there is room for.</summary>
    public void ReadDoubles(Span<double> values) => pipe.ReadExactly(MemoryMarshal.AsBytes(values));

    /// <summary>Texts, in the form that <see cref="BridgeWriter"/> gives them.</summary>
    /// <exception cref="InvalidDataException">A length that no bridge sends.</exception>
    public string[] ReadTexts()
    {
        var texts = new string[Bounded(ReadInt(), MostTexts)];
        pipe.ReadExactly(new byte[texts.Length]);
        var bytes = new byte[Bounded(ReadInt(), MostBytes)];
        pipe.ReadExactly(bytes);
        var start = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)0);
            if (length < 0) throw new InvalidDataException($"The bridge sent {texts.Length} texts that end after {i}.");
            texts[i] = Encoding.UTF8.GetString(bytes, start, length);
            start += length + 1;
        }
        return texts;
    }

    private static int Bounded(int length, int most) =>
        length >= 0 && length <= most ? length : throw new InvalidDataException($"The bridge sent the length {length}; 0 to {most} was expected.");
}
