using System.Text;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Library;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>Sends a write's steps to the process that performs them.</summary>
/// <param name="pipe">Its standard input.</param>
#pragma warning disable CA1001 // it owns nothing: the writer leaves the caller's pipe open
internal sealed class PipeSink(Stream pipe) : IHdf5Sink
#pragma warning restore CA1001
{
    private readonly BinaryWriter _writer = new(new BufferedStream(pipe, 1 << 16), Encoding.UTF8, leaveOpen: true);

    /// <inheritdoc/>
    public void Delete(string path)
    {
        _writer.Write((byte)SinkStep.Delete);
        _writer.Write(path);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to) => WritePair(SinkStep.Rename, from, to);

    /// <inheritdoc/>
    public void CreateGroup(string path)
    {
        _writer.Write((byte)SinkStep.CreateGroup);
        _writer.Write(path);
    }

    /// <inheritdoc/>
    public void CreateDataset(DatasetLayout layout)
    {
        _writer.Write((byte)SinkStep.CreateDataset);
        _writer.Write(layout);
    }

    /// <inheritdoc/>
    public void WriteChunk(IReadOnlyList<long> origin, uint filterMask, ReadOnlySpan<byte> stored)
    {
        _writer.Write((byte)SinkStep.WriteChunk);
        _writer.WriteNumbers(origin);
        _writer.Write(filterMask);
        Write(stored);
        _writer.Flush(); // at once, so that a failure of the child is noticed at the next block
    }

    /// <inheritdoc/>
    public void WriteRegion(Region region, ReadOnlySpan<byte> values)
    {
        _writer.Write((byte)SinkStep.WriteRegion);
        _writer.WriteNumbers(region.Origin);
        _writer.WriteNumbers(region.Extent);
        Write(values);
        _writer.Flush();
    }

    /// <inheritdoc/>
    public void WriteAttribute(string owner, AttributeContent attribute)
    {
        _writer.Write((byte)SinkStep.WriteAttribute);
        _writer.Write(owner);
        _writer.Write(attribute);
    }

    /// <inheritdoc/>
    public void Flush()
    {
        _writer.Write((byte)SinkStep.Flush);
        _writer.Flush();
    }

    /// <inheritdoc/>
    public void CopyObject(string sourceFile, string path) => WritePair(SinkStep.CopyObject, sourceFile, path);

    /// <inheritdoc/>
    public void CopyAttributes(string sourceFile, string path) => WritePair(SinkStep.CopyAttributes, sourceFile, path);

    /// <summary>Sends the last step.</summary>
    public void Finish()
    {
        _writer.Write((byte)SinkStep.Finish);
        _writer.Flush();
    }

    private void WritePair(SinkStep step, string first, string second)
    {
        _writer.Write((byte)step);
        _writer.Write(first);
        _writer.Write(second);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _writer.Write(bytes.Length);
        _writer.Write(bytes);
    }
}
