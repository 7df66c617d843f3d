using System.Text;
using HpcFit.Coordinator.Writing.Library;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>Performs the steps sent by a <see cref="PipeSink"/>.</summary>
/// <param name="pipe">Standard input.</param>
#pragma warning disable CA1001 // it owns nothing: the reader leaves the caller's pipe open
internal sealed class PipeReader(Stream pipe)
#pragma warning restore CA1001
{
    private readonly BinaryReader _reader = new(new BufferedStream(pipe, 1 << 16), Encoding.UTF8, leaveOpen: true);
    private byte[] _buffer = [];

    /// <summary>Performs all steps up to the last.</summary>
    /// <exception cref="EndOfStreamException">The parent has ended.</exception>
    public void Play(IHdf5Sink sink)
    {
        for (var step = Next(); step != SinkStep.Finish; step = Next())
            Play(step, sink);
    }

    private void Play(SinkStep step, IHdf5Sink sink)
    {
        switch (step)
        {
            case SinkStep.Delete:
                sink.Delete(_reader.ReadString());
                break;
            case SinkStep.Rename:
                sink.Rename(_reader.ReadString(), _reader.ReadString());
                break;
            case SinkStep.CreateGroup:
                sink.CreateGroup(_reader.ReadString());
                break;
            case SinkStep.CreateDataset:
                sink.CreateDataset(_reader.ReadLayout());
                break;
            case SinkStep.WriteChunk:
                sink.WriteChunk(_reader.ReadNumbers(), _reader.ReadUInt32(), Bytes());
                break;
            case SinkStep.WriteRegion:
                sink.WriteRegion(new(_reader.ReadNumbers(), _reader.ReadNumbers()), Bytes());
                break;
            case SinkStep.WriteAttribute:
                sink.WriteAttribute(_reader.ReadString(), _reader.ReadAttribute());
                break;
            case SinkStep.Flush:
                sink.Flush();
                break;
            case SinkStep.CopyObject:
                sink.CopyObject(_reader.ReadString(), _reader.ReadString());
                break;
            case SinkStep.CopyAttributes:
                sink.CopyAttributes(_reader.ReadString(), _reader.ReadString());
                break;
            default:
                throw new InvalidDataException($"Unknown step {(byte)step}: the two ends of the pipe are different programs.");
        }
    }

    private SinkStep Next() => (SinkStep)_reader.ReadByte();

    private ReadOnlySpan<byte> Bytes()
    {
        var length = _reader.ReadInt32();
        if (_buffer.Length < length)
            _buffer = GC.AllocateUninitializedArray<byte>(length);
        _reader.BaseStream.ReadExactly(_buffer, 0, length);
        return _buffer.AsSpan(0, length);
    }
}
