using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace HpcFit.Shared.Functions;

/// <summary>
/// Writes messages of the bridge protocol (docs/formats/bridge.md): little-endian int32, float64, and zero-terminated strings.
/// </summary>
/// <param name="pipe">The pipe.</param>
public sealed class BridgeWriter(Stream pipe)
{
    private const byte Present = 0;
    private const byte Missing = 1;
    private const byte End = 0;

    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);

    /// <summary>Writes an int32.</summary>
    public void Write(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _buffer.Write(bytes);
    }

    /// <summary>Writes numbers, without their count.</summary>
    public void Write(ReadOnlySpan<int> values) => _buffer.Write(MemoryMarshal.AsBytes(values));

    /// <summary>Writes numbers, without their count.</summary>
    public void Write(ReadOnlySpan<double> values) => _buffer.Write(MemoryMarshal.AsBytes(values));

    /// <summary>Writes one string, as a list of length one.</summary>
    public void Write(string text) => Write([text]);

    /// <summary>Writes strings: their count, one byte each (1 if missing), their total length in bytes, and the strings.</summary>
    public void Write(IReadOnlyList<string?> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Write(texts.Count);
        foreach (var text in texts)
            _buffer.Write([text is null ? Missing : Present]);
        Write(texts.Sum(text => Encoding.UTF8.GetByteCount(text ?? "") + 1));
        foreach (var text in texts)
        {
            _buffer.Write(Encoding.UTF8.GetBytes(text ?? ""));
            _buffer.Write([End]);
        }
    }

    /// <summary>Sends everything written since the last call.</summary>
    /// <exception cref="IOException">The other process has ended.</exception>
    public void Send()
    {
        var bytes = _buffer.WrittenSpan;
        _buffer.ResetWrittenCount();
        pipe.Write(bytes);
        pipe.Flush();
    }
}
