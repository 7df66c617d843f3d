using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace HpcFit.Shared.Functions;

/// <summary>
/// Writes the conversation with a bridge (docs/formats/bridge.md): little-endian int32, float64, and texts that end in a zero byte.
/// </summary>
/// <param name="pipe">The pipe.</param>
public sealed class BridgeWriter(Stream pipe)
{
    private const byte Present = 0;
    private const byte Missing = 1;
    private const byte End = 0;

    private readonly ArrayBufferWriter<byte> _held = new(1 << 16);

    /// <summary>A number.</summary>
    public void Write(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _held.Write(bytes);
    }

    /// <summary>Numbers, without their count.</summary>
    public void Write(ReadOnlySpan<int> values) => _held.Write(MemoryMarshal.AsBytes(values));

    /// <summary>Numbers, without their count.</summary>
    public void Write(ReadOnlySpan<double> values) => _held.Write(MemoryMarshal.AsBytes(values));

    /// <summary>One text.</summary>
    public void Write(string text) => Write([text]);

    /// <summary>Texts: how many, a byte each that says whether it is missing, their length together, and the texts.</summary>
    public void Write(IReadOnlyList<string?> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Write(texts.Count);
        foreach (var text in texts)
            _held.Write([text is null ? Missing : Present]);
        Write(texts.Sum(text => Encoding.UTF8.GetByteCount(text ?? "") + 1));
        foreach (var text in texts)
        {
            _held.Write(Encoding.UTF8.GetBytes(text ?? ""));
            _held.Write([End]);
        }
    }

    /// <summary>Sends all that was written.</summary>
    /// <exception cref="IOException">Nobody reads any more.</exception>
    public void Send()
    {
        var bytes = _held.WrittenSpan;
        _held.ResetWrittenCount();
        pipe.Write(bytes);
        pipe.Flush();
    }
}
